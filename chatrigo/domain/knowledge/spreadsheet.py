"""
Knowledge as a CSV file.

Columns: question, answer, and if wanted kind (qa, text) and enabled (yes, no); Indonesian names
work too. A cell that a spreadsheet would take for a formula is written with an apostrophe in
front, which reading takes off again.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, require
from chatrigo.domain.exporting import begin_export
from chatrigo.domain.knowledge.entries import (
    KINDS,
    MAX_ENTRIES,
    body_of,
    make_room,
    new_entry,
    questions,
    same_question,
    title_of,
)
from chatrigo.domain.knowledge.vectors import promise_vectors
from chatrigo.domain.sheets import FORMULA, sheet
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.retrieval.search import index

MAX_BYTES = 1_000_000
MAX_ROWS = 1_000

_COLUMNS = {
    "question": ("question", "pertanyaan"),
    "answer": ("answer", "jawaban"),
    "kind": ("kind", "jenis"),
    "enabled": ("enabled", "aktif"),
}
_NO = ("no", "tidak", "false", "0")
_TEXT = ("text", "teks")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """
    One row of the file. `line` counts as a spreadsheet does (the heading is 1).

    `problem` is empty for a row that can be saved; otherwise question_missing, question_long,
    answer_missing, answer_long (the like for title and text), or duplicate: the question is
    known already, or stands further up in the file.
    """

    line: int
    kind: str
    title: str
    body: str
    enabled: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Preview:
    rows: list[ImportRow]
    ready: int
    skipped: int


def export_entries(session: Session, actor: Actor) -> str:
    """
    All entries, oldest first, as CSV that spreadsheets open as UTF-8; that they were taken is
    written down. Raises ConfirmItsYou, LimitReached.
    """
    begin_export(session, actor, "teach")
    query = (
        select(KnowledgeEntry)
        .where(
            KnowledgeEntry.business_id == actor.business_id,
            col(KnowledgeEntry.kind).in_(KINDS),
            col(KnowledgeEntry.source_id).is_(None),
        )
        .order_by(col(KnowledgeEntry.created_at), col(KnowledgeEntry.id))
        .limit(MAX_ENTRIES)
    )
    entries = list(session.execute(query).scalars())
    audit.note(session, actor, "knowledge.exported", after={"entries": len(entries)})
    return sheet(
        _COLUMNS,
        ((each.title, each.body, each.kind, "yes" if each.enabled else "no") for each in entries),
    )


def preview_import(session: Session, actor: Actor, content: Any) -> Preview:
    """What `import_entries` would make of the file. Raises Invalid for a file that is none."""
    require(actor, "teach")
    known = set(questions(session, actor))
    rows = [_judged(row, known) for row in _read(content)]
    ready = sum(not row.problem for row in rows)
    return Preview(rows, ready, len(rows) - ready)


def import_entries(session: Session, actor: Actor, content: Any) -> int:
    """Save the rows without a problem, all or none; how many that were."""
    rows = [row for row in preview_import(session, actor, content).rows if not row.problem]
    if not rows:
        raise Invalid("knowledge.csv_nothing")
    make_room(session, actor, len(rows))
    for row in rows:
        index(session, new_entry(actor, row.kind, row.title, row.body, enabled=row.enabled))
    promise_vectors(session, actor)
    audit.note(session, actor, "knowledge.imported", after={"entries": len(rows)})
    record(session, SettingsChanged(actor.business_id, "knowledge"))
    return len(rows)


def _as_written(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _read(content: Any) -> Iterator[ImportRow]:
    lines = list(_lines(_text(content)))
    if not lines:
        raise Invalid("knowledge.csv_empty")
    places = _places(lines[0])
    filled = [(n, cells) for n, cells in enumerate(lines[1:], 2) if any(c.strip() for c in cells)]
    if not filled:
        raise Invalid("knowledge.csv_empty")
    if len(filled) > MAX_ROWS:
        raise Invalid("knowledge.csv_rows", limit=MAX_ROWS)
    for line, cells in filled:
        yield _row(line, {name: cells[at] for name, at in places.items() if at < len(cells)})


def _text(content: Any) -> str:
    if not isinstance(content, bytes):
        raise Invalid("knowledge.csv_unreadable")
    if len(content) > MAX_BYTES:
        raise Invalid("knowledge.csv_big", limit=MAX_BYTES // 1_000_000)
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Old spreadsheets write the Windows code page; every byte means something in Latin-1.
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("knowledge.csv_unreadable")


def _lines(text: str) -> Iterator[list[str]]:
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise Invalid("knowledge.csv_unreadable") from None


def _places(heading: list[str]) -> dict[str, int]:
    """Where each column stands. Raises Invalid without a question and an answer."""
    written = [cell.strip().casefold() for cell in heading]
    places = {
        name: written.index(spelling)
        for name, spellings in _COLUMNS.items()
        for spelling in spellings
        if spelling in written
    }
    if not {"question", "answer"} <= places.keys():
        raise Invalid("knowledge.csv_columns")
    return places


def _row(line: int, cells: dict[str, str]) -> ImportRow:
    kind = "text" if cells.get("kind", "").strip().casefold() in _TEXT else "qa"
    enabled = cells.get("enabled", "").strip().casefold() not in _NO
    title, body = _as_written(cells.get("question", "")), _as_written(cells.get("answer", ""))
    return ImportRow(line, kind, title, body, enabled, "")


def _judged(row: ImportRow, known: set[str]) -> ImportRow:
    """The row with its problem, if any; `known` learns its question."""
    try:
        title, body = title_of(row.title, row.kind), body_of(row.body, row.kind)
    except Invalid as refused:
        return _with(row, row.title, row.body, refused.key.partition(".")[2])
    if row.kind != "qa":
        return _with(row, title, body, "")
    same = same_question(title)
    problem = "duplicate" if same in known else ""
    known.add(same)
    return _with(row, title, body, problem)


def _with(row: ImportRow, title: str, body: str, problem: str) -> ImportRow:
    return ImportRow(row.line, row.kind, title, body, row.enabled, problem)
