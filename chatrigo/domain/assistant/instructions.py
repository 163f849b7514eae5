"""
How the owner wants the assistant to be: persona, tone, rules, opening hours, language.

Opening hours are stored by weekday: `{"mon": ["08:00", "21:00"], "tue": null, ...}`, null being a
day off; in the business's own zone. A closing time that is not later than the
opening time is that of the next morning, so 00:00 to 00:00 is the whole day. An empty map means
that the owner has not said when the shop is open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo.domain.access import Actor, require
from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.business import Assistant
from chatrigo.models.columns import now

MAX_NAME = 60
MAX_PERSONA = 2_000
MAX_TONE = 500
MAX_RULES = 4_000
MAX_HANDOVER = 500
LANGUAGES = ("customer", "id", "en")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_HOURS = ("08:00", "21:00")

_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?")


@dataclass(frozen=True, slots=True)
class DayRow:
    """The hours of one of WEEKDAYS; `opens` and `closes` are "HH:MM"."""

    weekday: str
    open: bool
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class InstructionsRow:
    """`days` always has seven; they count only if `hours_known`."""

    enabled: bool
    name: str
    persona: str
    tone: str
    do: str
    dont: str
    language: str
    handover_line: str
    hours_known: bool
    days: list[DayRow]
    updated_at: datetime


def get_instructions(session: Session, actor: Actor) -> InstructionsRow:
    require(actor, "configure")
    return _row(_assistant(session, actor))


def change_instructions(
    session: Session, actor: Actor, wishes: Mapping[str, Any]
) -> InstructionsRow:
    """
    Take over the whole form: the fields of InstructionsRow but `enabled`, with `hours_known` and
    `open_mon`, `opens_mon`, `closes_mon` … `closes_sun` for the days. What is missing is emptied.
    """
    require(actor, "configure")
    assistant = _assistant(session, actor, lock=True)
    asked = wishes if isinstance(wishes, Mapping) else {}
    assistant.name = line_of(asked.get("name"), "assistant.name", most=MAX_NAME)
    assistant.persona = text_of(asked.get("persona"), "assistant.persona", most=MAX_PERSONA)
    assistant.tone = text_of(asked.get("tone"), "assistant.tone", most=MAX_TONE)
    assistant.do = text_of(asked.get("do"), "assistant.do", most=MAX_RULES)
    assistant.dont = text_of(asked.get("dont"), "assistant.dont", most=MAX_RULES)
    assistant.language = choice_of(asked.get("language"), "assistant.language", LANGUAGES)
    assistant.handover_line = text_of(
        asked.get("handover_line"), "assistant.handover_line", most=MAX_HANDOVER
    )
    assistant.hours = _hours(asked) if _is_on(asked.get("hours_known")) else {}
    return _changed(session, actor, assistant)


def switch_assistant(session: Session, actor: Actor, on: Any) -> InstructionsRow:
    """Off: every conversation goes to people."""
    require(actor, "configure")
    assistant = _assistant(session, actor, lock=True)
    assistant.enabled = _is_on(on)
    return _changed(session, actor, assistant)


def _assistant(session: Session, actor: Actor, *, lock: bool = False) -> Assistant:
    """The business's one row, made when it is first needed."""
    query = select(Assistant).where(Assistant.business_id == actor.business_id)
    query = query.with_for_update() if lock else query
    assistant = session.execute(query).scalars().first()
    if assistant is None:
        assistant = Assistant(business_id=actor.business_id)
        session.add(assistant)
        session.flush()
    return assistant


def _hours(asked: Mapping[str, Any]) -> dict[str, list[str] | None]:
    return {day: _day(asked, day) for day in WEEKDAYS}


def _day(asked: Mapping[str, Any], day: str) -> list[str] | None:
    if not _is_on(asked.get(f"open_{day}")):
        return None
    return [_clock(asked.get(f"opens_{day}")), _clock(asked.get(f"closes_{day}"))]


def _clock(value: Any) -> str:
    """`8`, `8.30` and `08:30` as people write them, stored as HH:MM."""
    written = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is None:
        raise Invalid("assistant.hours_shape")
    return f"{int(written[1]):02}:{written[2] or '00'}"


def _is_on(value: Any) -> bool:
    """A checkbox of a form, or a switch."""
    return value is True or value in ("on", "true")


def _changed(session: Session, actor: Actor, assistant: Assistant) -> InstructionsRow:
    assistant.updated_at = now()
    session.flush()
    record(session, SettingsChanged(actor.business_id, "assistant"))
    return _row(assistant)


def _row(assistant: Assistant) -> InstructionsRow:
    return InstructionsRow(
        enabled=assistant.enabled,
        name=assistant.name,
        persona=assistant.persona,
        tone=assistant.tone,
        do=assistant.do,
        dont=assistant.dont,
        language=assistant.language if assistant.language in LANGUAGES else LANGUAGES[0],
        handover_line=assistant.handover_line,
        hours_known=bool(assistant.hours),
        days=[_day_row(assistant.hours, day) for day in WEEKDAYS],
        updated_at=assistant.updated_at,
    )


def _day_row(hours: dict[str, Any], weekday: str) -> DayRow:
    """Before the owner has said anything, every day offers the usual hours."""
    match hours.get(weekday):
        case [str(opens), str(closes)]:
            return DayRow(weekday, True, opens, closes)
    return DayRow(weekday, not hours, *USUAL_HOURS)
