"""The test set: what customers say, and what the answer must hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.assistant.rehearsal import MAX_QUESTION
from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now
from chatrigo.models.own_tests import SetCase

EXPECTED = ("answer", "clarify", "handover", "any")
MAX_CASES = 200
MAX_NAME = 120
MAX_TURNS = 10
MAX_FACTS = 20
MAX_FACT = 200
_LINES = MAX_TURNS * (MAX_QUESTION + 1)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`turns` are the customer's, in order; the last answer must hold every one of `facts`."""

    id: int
    name: str
    turns: list[str]
    facts: list[str]
    forbidden: list[str]
    expected: str
    enabled: bool


def list_cases(session: Session, actor: Actor) -> list[CaseRow]:
    """All of them (MAX_CASES at most), in the order in which they were made."""
    require(actor, "configure")
    query = select(SetCase).where(SetCase.business_id == actor.business_id)
    found = session.execute(query.order_by(col(SetCase.id)))
    return [case_row(case) for case in found.scalars()]


def get_case(session: Session, actor: Actor, case_id: Any) -> CaseRow:
    require(actor, "configure")
    return case_row(owned(session, actor, SetCase, case_id))


def add_case(session: Session, actor: Actor, wishes: Any) -> CaseRow:
    """`wishes` as `read_case` takes them. Raises Invalid."""
    require(actor, "configure")
    make_room(session, actor, 1)
    case = SetCase(business_id=actor.business_id, **read_case(wishes))
    return _saved(session, actor, case)


def change_case(session: Session, actor: Actor, case_id: Any, wishes: Any) -> CaseRow:
    """Raises Invalid."""
    require(actor, "configure")
    case = owned(session, actor, SetCase, case_id, lock=True)
    for name, value in read_case(wishes).items():
        setattr(case, name, value)
    case.updated_at = now()
    return _saved(session, actor, case)


def enable_case(session: Session, actor: Actor, case_id: Any, on: Any) -> CaseRow:
    """One that is off is not run."""
    require(actor, "configure")
    case = owned(session, actor, SetCase, case_id, lock=True)
    case.enabled, case.updated_at = on is True, now()
    return _saved(session, actor, case)


def delete_case(session: Session, actor: Actor, case_id: Any) -> CaseRow:
    """With its results. The row as it was, for `restore_case`."""
    require(actor, "configure")
    case = owned(session, actor, SetCase, case_id, lock=True)
    row = case_row(case)
    audit.note(session, actor, "tests.deleted", f"#{row.id}")
    session.delete(case)
    session.flush()
    record(session, SettingsChanged(actor.business_id, "own_tests"))
    return row


def restore_case(session: Session, actor: Actor, row: CaseRow) -> CaseRow:
    """Bring a deleted one back, under a new number and without its results."""
    return add_case(
        session,
        actor,
        {
            "name": row.name,
            "turns": "\n".join(row.turns),
            "facts": "\n".join(row.facts),
            "forbidden": "\n".join(row.forbidden),
            "expected": row.expected,
            "enabled": row.enabled,
        },
    )


def read_case(wishes: Any) -> dict[str, Any]:
    """
    The columns of a case out of a form: `turns`, `facts` and `forbidden` one a line.

    Without a name it is called after its first turn. Raises Invalid.
    """
    form = wishes if isinstance(wishes, Mapping) else {}
    turns = _lines(form.get("turns"), "own_tests.turns", most=MAX_TURNS, length=MAX_QUESTION)
    if not turns:
        raise Invalid("own_tests.turns_missing")
    name = line_of(form.get("name"), "own_tests.name", most=MAX_NAME)
    return {
        "name": name or turns[0][:MAX_NAME],
        "turns": turns,
        "facts": _lines(form.get("facts"), "own_tests.facts", most=MAX_FACTS, length=MAX_FACT),
        "forbidden": _lines(
            form.get("forbidden"), "own_tests.forbidden", most=MAX_FACTS, length=MAX_FACT
        ),
        "expected": choice_of(form.get("expected") or "any", "own_tests.expected", EXPECTED),
        "enabled": form.get("enabled") is not False,
    }


def make_room(session: Session, actor: Actor, cases: int) -> None:
    """Let one change of the set happen at a time. Raises Invalid if it can't hold so many more."""
    own_business(session, actor, lock=True)
    query = select(func.count()).select_from(SetCase)
    held = session.execute(query.where(SetCase.business_id == actor.business_id)).scalar_one()
    if held + cases > MAX_CASES:
        raise Invalid("own_tests.full", limit=MAX_CASES)


def case_row(case: SetCase) -> CaseRow:
    return CaseRow(
        id=case.id or 0,
        name=case.name,
        turns=list(case.turns),
        facts=list(case.facts),
        forbidden=list(case.forbidden),
        expected=case.expected if case.expected in EXPECTED else "any",
        enabled=case.enabled,
    )


def _lines(value: Any, field: str, *, most: int, length: int) -> list[str]:
    """One entry a line, empty lines left out. Raises Invalid: `_long` or `_many`."""
    text = text_of(value, field, most=_LINES)
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    if len(lines) > most:
        raise Invalid(f"{field}_many", limit=most)
    return [line_of(line, field, most=length) for line in lines]


def _saved(session: Session, actor: Actor, case: SetCase) -> CaseRow:
    session.add(case)
    session.flush()
    record(session, SettingsChanged(actor.business_id, "own_tests"))
    return case_row(case)
