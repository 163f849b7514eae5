"""Tables as files: CSV as people's spreadsheets write it, and XLSX. Pure."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from chatrigo.errors import Invalid

MAX_BYTES = 2_000_000
# An XLSX file is a zip: a few kilobytes can hold gigabytes.
MAX_UNPACKED = 50_000_000
MAX_COLUMNS = 50
MAX_CELL = 5_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(content: Any, *, most: int) -> list[list[str]]:
    """
    The heading and at most `most` rows, every cell as text.

    Raises Invalid for what is no table, is too big, or has no row besides the heading.
    """
    if not isinstance(content, bytes):
        raise Invalid("catalogue.file_unreadable")
    if len(content) > MAX_BYTES:
        raise Invalid("catalogue.file_big", limit=MAX_BYTES // 1_000_000)
    lines = _xlsx(content) if content.startswith(b"PK") else _csv(_text(content))
    rows: list[list[str]] = []
    for line in lines:
        rows.append([_as_written(cell[:MAX_CELL]) for cell in line[:MAX_COLUMNS]])
        if len(rows) > most + 1:
            raise Invalid("catalogue.file_rows", limit=most)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if len(rows) < 2:
        raise Invalid("catalogue.file_empty")
    return rows


def written(rows: Sequence[Sequence[Any]], kind: str) -> bytes:
    """A `csv` or `xlsx` file. A cell that would be taken for a formula gets an apostrophe."""
    return _as_xlsx(rows) if kind == "xlsx" else _as_csv(rows)


def _as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([_harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()


def _as_xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Katalog")
    for row in rows:
        sheet.append([_harmless(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _as_written(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _text(content: bytes) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Old spreadsheets write the Windows code page; every byte means something in Latin-1.
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("catalogue.file_unreadable")


def _csv(text: str) -> Iterator[list[str]]:
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise Invalid("catalogue.file_unreadable") from None


def _xlsx(content: bytes) -> Iterator[list[str]]:
    """The first sheet. Encrypted and broken workbooks are refused as unreadable."""
    from openpyxl import load_workbook

    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
        if unpacked > MAX_UNPACKED:
            raise Invalid("catalogue.file_big", limit=MAX_BYTES // 1_000_000)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True):
            yield [_cell(value) for value in row]
    except Invalid:
        raise
    except Exception:  # openpyxl raises whatever its parsers raise
        raise Invalid("catalogue.file_unreadable") from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
