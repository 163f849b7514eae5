"""TXT, Markdown and CSV, in whatever encoding they came."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from chatrigo.integrations.documents.found import MOST_TEXT, Block, Document, Unreadable, visible
from chatrigo.integrations.documents.office import MOST_COLUMNS, MOST_ROWS, rows_in_words

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENCODINGS = ("utf-8-sig", "cp1252", "latin-1")


def read(path: Path, format: str) -> Document:
    raw = path.read_bytes()
    text = decoded(raw)
    if format == "csv":
        return _csv(text)
    notice = "sources.cut_text" if len(text) > MOST_TEXT else ""
    blocks = list(blocks_of(text[:MOST_TEXT], headings=format == "md"))
    if not blocks:
        raise Unreadable("sources.empty")
    return Document(format, "", blocks, notice=notice)


def decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS[:-1]:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(_ENCODINGS[-1])


def blocks_of(text: str, *, headings: bool) -> Iterator[Block]:
    """Paragraphs, in Markdown each under the path of its headings."""
    path: list[str] = []
    lines: list[str] = []
    source = _COMMENT.sub("", text) if headings else text
    for line in [*source.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        heading = _HEADING.match(line) if headings else None
        if line.strip() and not heading:
            lines.append(line)
            continue
        paragraph = visible("\n".join(lines))
        if paragraph:
            yield Block(" › ".join(path), "", 0, paragraph)
        lines = []
        if heading:
            level = len(heading[1])
            path = [*path[: level - 1], visible(heading[2])[:120]]
    if lines:
        yield Block(" › ".join(path), "", 0, visible("\n".join(lines)))


def _csv(text: str) -> Document:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    csv.field_size_limit(MOST_TEXT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    cut = False
    try:
        for row in reader:
            cells = [visible(cell) for cell in row[:MOST_COLUMNS]]
            if any(cells):
                rows.append(cells)
            if len(rows) > MOST_ROWS:
                cut = True
                break
    except csv.Error:
        raise Unreadable("sources.broken") from None
    if len(rows) < 2:
        raise Unreadable("sources.no_rows")
    blocks = [
        Block("", "row", number, next(rows_in_words([rows[0], row]), ""))
        for number, row in enumerate(rows[1:], 2)
    ]
    if cut:
        return Document(
            "csv", "", blocks, notice="sources.cut_rows", notice_values={"rows": MOST_ROWS}
        )
    return Document("csv", "", blocks)
