"""DOCX and XLSX: what is shown, not what is hidden in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatrigo.integrations.documents.formats import opened
from chatrigo.integrations.documents.found import MOST_TEXT, Block, Document, Unreadable, visible

MOST_ROWS = 5_000
MOST_SCANNED = 50_000
MOST_COLUMNS = 50
MOST_SHEETS = 50


def read_docx(path: Path) -> Document:
    from docx import Document as open_docx
    from docx.table import Table

    opened(path).close()
    document = open_docx(str(path))
    headings: list[str] = []
    blocks: list[Block] = []
    size = 0
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            text = visible("\n".join(_table(part)))
        else:
            text = visible("".join(run.text for run in part.runs if not run.font.hidden))
            # Links are not runs; only a paragraph without any hidden run is taken whole.
            if not any(run.font.hidden for run in part.runs):
                text = visible(part.text)
            level = _level(part.style)
            if level and text:
                headings = [*headings[: level - 1], text[:120]]
                continue
        if text:
            blocks.append(Block(" › ".join(headings), "", 0, text))
            size += len(text)
        if size > MOST_TEXT:
            return Document("docx", _title(document), blocks, notice="sources.cut_text")
    if not blocks:
        raise Unreadable("sources.no_text")
    return Document("docx", _title(document), blocks)


def _level(style: Any) -> int:
    """1 to 6 for a heading, 0 for anything else."""
    name = (style.name if style is not None else "") or ""
    if name == "Title":
        return 1
    number = name.removeprefix("Heading ")
    return int(number) if number != name and number in "123456" else 0


def _table(table: Any) -> Iterator[str]:
    rows = [[cell.text.strip() for cell in row.cells[:MOST_COLUMNS]] for row in table.rows]
    yield from rows_in_words(rows)


def _title(document: Any) -> str:
    return visible(str(document.core_properties.title or ""))[:300]


def rows_in_words(rows: list[list[str]]) -> Iterator[str]:
    """Each row under its heading: "Menu: Latte | Harga: 25.000". The first row is the heading."""
    if len(rows) == 1:
        yield " | ".join(cell for cell in rows[0] if cell)
    for row in rows[1:]:
        cells = [
            f"{name}: {cell}" if name else cell
            for name, cell in zip([*rows[0], *[""] * len(row)], row, strict=False)
            if cell
        ]
        if cells:
            yield " | ".join(cells)


def read_xlsx(path: Path) -> Document:
    from openpyxl import load_workbook

    opened(path).close()
    # By its contents: openpyxl would refuse a path by its ending.
    with path.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        blocks: list[Block] = []
        left = MOST_ROWS
        for sheet in book.worksheets[:MOST_SHEETS]:
            if sheet.sheet_state != "visible":
                continue
            numbered = list(_rows(sheet, left))
            left -= len(numbered)
            blocks += _sheet(sheet.title, numbered)
    if not blocks:
        raise Unreadable("sources.no_rows")
    if left <= 0:
        return Document(
            "xlsx", "", blocks, notice="sources.cut_rows", notice_values={"rows": MOST_ROWS}
        )
    return Document("xlsx", "", blocks)


def _rows(sheet: Any, most: int) -> Iterator[tuple[int, list[str]]]:
    """The rows with something in them; a sheet that claims a million rows is not believed."""
    found = 0
    cells = sheet.iter_rows(max_row=MOST_SCANNED, max_col=MOST_COLUMNS, values_only=True)
    for number, row in enumerate(cells, 1):
        texts = [visible(_cell(value)) for value in row]
        if any(texts):
            found += 1
            yield number, texts
        if found >= most:
            return


def _sheet(title: str, numbered: list[tuple[int, list[str]]]) -> Iterator[Block]:
    head = numbered[0][1] if numbered else []
    for number, row in numbered[1:]:
        text = next(rows_in_words([head, row]), "")
        if text:
            yield Block(visible(title), "row", number, text)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
