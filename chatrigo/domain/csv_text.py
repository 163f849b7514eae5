"""
CSV as spreadsheets write it: any of the usual encodings and delimiters, in; UTF-8, out.

A cell that a spreadsheet would take for a formula is written with an apostrophe in front, which
reading takes off again.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chatrigo.errors import Invalid

MAX_BYTES = 1_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(heading: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A file that spreadsheets open as UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()


def rows_of(
    content: Any, columns: Mapping[str, Sequence[str]], needed: Iterable[str], most: int
) -> Iterator[tuple[int, dict[str, str]]]:
    """
    The filled rows with their line (the heading is 1), by the names in `columns`.

    `columns` has the headings that each column may have, in small letters; those in `needed` must
    be there. Raises Invalid for a file that is none, has nothing, or more than `most` rows.
    """
    lines = list(_lines(_text(content)))
    places = _places(lines[0], columns) if lines else {}
    filled = [(n, cells) for n, cells in enumerate(lines[1:], 2) if any(c.strip() for c in cells)]
    if not filled:
        raise Invalid("errors.csv_empty")
    if not set(needed) <= places.keys():
        raise Invalid("errors.csv_columns", columns=", ".join(columns[name][0] for name in needed))
    if len(filled) > most:
        raise Invalid("errors.csv_rows", limit=most)
    for line, cells in filled:
        yield line, {name: _as_written(cells[at]) for name, at in places.items() if at < len(cells)}


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _as_written(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _text(content: Any) -> str:
    if not isinstance(content, bytes):
        raise Invalid("errors.csv_unreadable")
    if len(content) > MAX_BYTES:
        raise Invalid("errors.csv_big", limit=MAX_BYTES // 1_000_000)
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Old spreadsheets write the Windows code page; every byte means something in Latin-1.
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("errors.csv_unreadable")


def _lines(text: str) -> Iterator[list[str]]:
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise Invalid("errors.csv_unreadable") from None


def _places(heading: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    at = {cell.strip().casefold(): place for place, cell in reversed(list(enumerate(heading)))}
    return {
        name: at[spelling]
        for name, spellings in columns.items()
        for spelling in reversed(spellings)
        if spelling in at
    }
