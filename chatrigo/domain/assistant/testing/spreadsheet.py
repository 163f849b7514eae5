"""
The test set as a CSV file.

Columns: name, turns, facts, forbidden, expected, enabled; Indonesian names work too. Several
turns, facts or forbidden words of one test stand in their cell on lines of their own, or split
by " | ".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, require
from chatrigo.domain.assistant.testing.cases import (
    EXPECTED,
    MAX_CASES,
    list_cases,
    make_room,
    read_case,
)
from chatrigo.domain.csv_text import rows_of, written
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.own_tests import SetCase

COLUMNS = {
    "name": ("name", "nama"),
    "turns": ("turns", "question", "pertanyaan", "giliran"),
    "facts": ("facts", "fakta"),
    "forbidden": ("forbidden", "terlarang", "kata terlarang"),
    "expected": ("expected", "harapan", "tindakan"),
    "enabled": ("enabled", "aktif"),
}
_ACTIONS = {
    "answer": ("answer", "jawab", "dijawab"),
    "clarify": ("clarify", "tanya balik", "tanya"),
    "handover": ("handover", "serah", "ke orang", "diteruskan"),
    "any": ("any", "apa saja", "bebas", ""),
}
_NO = ("no", "tidak", "false", "0")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """
    One row of the file; `line` counts as a spreadsheet does (the heading is 1).

    `problem` is the key of a refusal with its `values`, or empty for a row that can be saved.
    """

    line: int
    name: str
    turns: str
    problem: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    rows: list[ImportRow]
    ready: int
    skipped: int


def export_cases(session: Session, actor: Actor) -> str:
    """All tests as CSV."""
    cases = list_cases(session, actor)
    rows = (
        [
            case.name,
            "\n".join(case.turns),
            "\n".join(case.facts),
            "\n".join(case.forbidden),
            case.expected,
            "yes" if case.enabled else "no",
        ]
        for case in cases
    )
    audit.note(session, actor, "tests.exported", after={"tests": len(cases)})
    return written(COLUMNS, rows)


def preview_import(session: Session, actor: Actor, content: Any) -> Preview:
    """What `import_cases` would make of the file. Raises Invalid for a file that is none."""
    require(actor, "configure")
    rows = [row for row, _ in _read(content)]
    ready = sum(not row.problem for row in rows)
    return Preview(rows, ready, len(rows) - ready)


def import_cases(session: Session, actor: Actor, content: Any) -> int:
    """Save the rows without a problem, all or none; how many that were."""
    require(actor, "configure")
    found = [columns for row, columns in _read(content) if not row.problem]
    if not found:
        raise Invalid("errors.csv_nothing")
    make_room(session, actor, len(found))
    session.add_all(SetCase(business_id=actor.business_id, **columns) for columns in found)
    session.flush()
    audit.note(session, actor, "tests.imported", after={"tests": len(found)})
    record(session, SettingsChanged(actor.business_id, "own_tests"))
    return len(found)


def _read(content: Any) -> Iterator[tuple[ImportRow, dict[str, Any]]]:
    for line, cells in rows_of(content, COLUMNS, ("turns",), MAX_CASES):
        name, turns = cells.get("name", "").strip(), _split(cells.get("turns", ""))
        try:
            columns = read_case(_wishes(cells))
        except Invalid as refused:
            yield ImportRow(line, name, turns, refused.key, refused.values), {}
            continue
        yield ImportRow(line, columns["name"], turns, "", {}), columns


def _wishes(cells: dict[str, str]) -> dict[str, Any]:
    asked = " ".join(cells.get("expected", "").casefold().split())
    known = (action for action in EXPECTED if asked in _ACTIONS[action])
    return {
        "name": cells.get("name"),
        "turns": _split(cells.get("turns", "")),
        "facts": _split(cells.get("facts", "")),
        "forbidden": _split(cells.get("forbidden", "")),
        "expected": next(known, asked),
        "enabled": cells.get("enabled", "").strip().casefold() not in _NO,
    }


def _split(cell: str) -> str:
    return cell.replace(" | ", "\n")
