"""PDF: the text of each page. Pictures of text are not read."""

import logging
from collections import Counter
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PdfReadError

from chatrigo.integrations.documents.formats import Progress
from chatrigo.integrations.documents.found import MOST_TEXT, Block, Document, Unreadable, visible

MOST_PAGES = 500
SHORTEST = 20
REPORT_EVERY = 5

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read(path: Path, progress: Progress) -> Document:
    reader = _opened(path)
    total = len(reader.pages)
    read_pages = min(total, MOST_PAGES)
    texts: list[str] = []
    size = 0
    for number in range(read_pages):
        texts.append(_text(reader, number))
        size += len(texts[-1])
        if number % REPORT_EVERY == 0:
            progress(number, read_pages)
        if size > MOST_TEXT:
            break
    progress(read_pages, read_pages)
    blocks = [Block("", "page", n, text) for n, text in enumerate(_unframed(texts), 1) if text]
    if sum(len(block.text) for block in blocks) < SHORTEST:
        raise Unreadable("sources.scanned")
    notice, values = _left_out(total, texts, size)
    return Document("pdf", _title(reader), blocks, notice=notice, notice_values=values)


def _opened(path: Path) -> PdfReader:
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("sources.encrypted")
        if not len(reader.pages):
            raise Unreadable("sources.empty")
    except PdfReadError:
        raise Unreadable("sources.broken") from None
    return reader


def _text(reader: PdfReader, number: int) -> str:
    try:
        return visible(reader.pages[number].extract_text())
    except MemoryError:
        raise
    except Exception:  # one broken page does not take the others with it
        return ""


def _left_out(total: int, texts: list[str], size: int) -> tuple[str, dict[str, Any]]:
    if size > MOST_TEXT or total > MOST_PAGES:
        return "sources.cut_pages", {"pages": len(texts), "total": total}
    blank = sum(not text for text in texts)
    if blank:
        return "sources.some_scanned", {"pages": blank, "total": total}
    return "", {}


def _unframed(texts: list[str]) -> list[str]:
    """The pages without the line that stands at the top or bottom of most of them."""
    pages = [text.split("\n") for text in texts]
    if len(pages) < 4:
        return texts
    edges = Counter(line for lines in pages for line in {lines[0], lines[-1]} if line)
    frame = {line for line, times in edges.items() if times > len(pages) * 0.6}
    return [
        "\n".join(
            line
            for at, line in enumerate(lines)
            if not (line in frame and at in (0, len(lines) - 1))
        ).strip()
        for lines in pages
    ]


def _title(reader: PdfReader) -> str:
    try:
        return visible(str(reader.metadata.title or "") if reader.metadata else "")[:300]
    except Exception:
        return ""
