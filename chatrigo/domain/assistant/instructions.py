"""
How the owner wants the assistant to be: persona, tone, rules, opening hours, language.

`chatrigo.domain.assistant.versions` keeps them as versions; here is what they are made of.

Opening hours are stored by weekday: `{"mon": ["08:00", "21:00"], "tue": null, ...}`, null being a
day off; in the business's own zone. A closing time that is not later than the
opening time is that of the next morning, so 00:00 to 00:00 is the whole day. An empty map means
that the owner has not said when the shop is open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, require
from chatrigo.domain.assistant.topics import TopicRow, topic_rows, topics_of
from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.business import Assistant
from chatrigo.models.columns import now
from chatrigo.models.instructions import InstructionVersion

MAX_NAME = 60
MAX_PERSONA = 2_000
MAX_TONE = 500
MAX_RULES = 4_000
MAX_HANDOVER = 500
LANGUAGES = ("customer", "id", "en")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_HOURS = ("08:00", "21:00")
# What the owner says, as it is stored: what a new version takes over from an older one.
FIELDS = (
    *("name", "persona", "tone", "language", "do", "dont", "topics", "handover_line"),
    *("hours", "more"),
)

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

    name: str
    persona: str
    tone: str
    do: str
    dont: str
    more: str
    language: str
    handover_line: str
    topics: list[TopicRow]
    hours_known: bool
    days: list[DayRow]


def read(asked: Any) -> dict[str, Any]:
    """
    The FIELDS out of the whole form: those of InstructionsRow, with `hours_known` and `open_mon`,
    `opens_mon`, `closes_mon` … `closes_sun` for the days, and `topic_…` as `topics_of` says.
    What is missing is emptied. Raises Invalid.
    """
    form = asked if isinstance(asked, Mapping) else {}
    return {
        "name": line_of(form.get("name"), "assistant.name", most=MAX_NAME),
        "persona": text_of(form.get("persona"), "assistant.persona", most=MAX_PERSONA),
        "tone": text_of(form.get("tone"), "assistant.tone", most=MAX_TONE),
        "do": text_of(form.get("do"), "assistant.do", most=MAX_RULES),
        "dont": text_of(form.get("dont"), "assistant.dont", most=MAX_RULES),
        "more": text_of(form.get("more"), "assistant.more", most=MAX_RULES),
        "language": choice_of(form.get("language"), "assistant.language", LANGUAGES),
        "handover_line": text_of(
            form.get("handover_line"), "assistant.handover_line", most=MAX_HANDOVER
        ),
        "hours": _hours(form) if _is_on(form.get("hours_known")) else {},
        "topics": topics_of(form),
    }


def is_enabled(session: Session, actor: Actor) -> bool:
    require(actor, "configure")
    query = select(Assistant.enabled).where(Assistant.business_id == actor.business_id)
    return session.execute(query).scalar() is not False


def switch_assistant(session: Session, actor: Actor, on: Any) -> bool:
    """Off: every conversation goes to people. What it is now."""
    require(actor, "configure")
    assistant = _assistant(session, actor)
    before, assistant.enabled = assistant.enabled, _is_on(on)
    assistant.updated_at = now()
    session.flush()
    audit.note(
        session,
        actor,
        "assistant.switched",
        before={"enabled": before},
        after={"enabled": assistant.enabled},
    )
    record(session, SettingsChanged(actor.business_id, "assistant"))
    return assistant.enabled


def _assistant(session: Session, actor: Actor) -> Assistant:
    """The business's one row, locked, and made when it is first needed."""
    query = select(Assistant).where(Assistant.business_id == actor.business_id).with_for_update()
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


def instructions_row(version: InstructionVersion) -> InstructionsRow:
    return InstructionsRow(
        name=version.name,
        persona=version.persona,
        tone=version.tone,
        do=version.do,
        dont=version.dont,
        more=version.more,
        language=version.language if version.language in LANGUAGES else LANGUAGES[0],
        handover_line=version.handover_line,
        topics=topic_rows(version.topics),
        hours_known=bool(version.hours),
        days=[_day_row(version.hours, day) for day in WEEKDAYS],
    )


def _day_row(hours: dict[str, Any], weekday: str) -> DayRow:
    """Before the owner has said anything, every day offers the usual hours."""
    match hours.get(weekday):
        case [str(opens), str(closes)]:
            return DayRow(weekday, True, opens, closes)
    return DayRow(weekday, not hours, *USUAL_HOURS)
