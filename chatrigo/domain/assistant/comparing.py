"""Two versions side by side, field by field, with the words that came and went."""

import difflib
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.instructions import FIELDS, WEEKDAYS
from chatrigo.domain.assistant.topics import TopicRow, topic_rows
from chatrigo.domain.assistant.versions import get_version
from chatrigo.i18n import known, translate
from chatrigo.models.instructions import InstructionVersion

_WORDS = re.compile(r"\s+|[^\s]+")
_LINES = re.compile(r"[^\n]+\n?|\n")
_IN_LINES = ("hours", "topics")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text: `kind` is same, gone (only in the first version) or new (only in the second)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """`field` is one of FIELDS; hours and topics are told a line each, in the person's language."""

    field: str
    changed: bool
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Comparison:
    first: int
    second: int
    fields: list[FieldDifference]
    changed: int


def compare(
    session: Session, actor: Actor, first: Any, second: Any, locale: str = "id"
) -> Comparison:
    """From version number `first` to `second`. Raises NotFound."""
    before, after = get_version(session, actor, first), get_version(session, actor, second)
    fields = [_field(name, before, after, known(locale)) for name in FIELDS]
    changed = sum(field.changed for field in fields)
    return Comparison(before.number, after.number, fields, changed)


def pieces(before: str, after: str, *, by_line: bool = False) -> list[Piece]:
    """What to keep, to strike out and to add, in the order of reading; by words, or whole lines."""
    cut = _LINES if by_line else _WORDS
    old, new = cut.findall(before), cut.findall(after)
    found: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            found.append(Piece("gone", "".join(old[i1:i2])))
        if j2 > j1:
            found.append(Piece("new", "".join(new[j1:j2])))
    return found


def _field(
    name: str, before: InstructionVersion, after: InstructionVersion, locale: str
) -> FieldDifference:
    old, new = _text(name, before, locale), _text(name, after, locale)
    return FieldDifference(name, old != new, pieces(old, new, by_line=name in _IN_LINES))


def _text(name: str, version: InstructionVersion, locale: str) -> str:
    value = getattr(version, name)
    if name == "hours":
        return _hours(value, locale)
    if name == "topics":
        return _topics(value, locale)
    return translate(f"assistant.language_{value}", locale) if name == "language" else str(value)


def _hours(hours: dict[str, Any], locale: str) -> str:
    if not hours:
        return ""
    closed = translate("assistant.closed", locale)
    return "\n".join(
        f"{translate(f'assistant.day_{day}', locale)}: "
        f"{' – '.join(hours[day]) if hours.get(day) else closed}"
        for day in WEEKDAYS
    )


def _topics(topics: dict[str, Any], locale: str) -> str:
    return "\n".join(_topic(row, locale) for row in topic_rows(topics))


def _topic(row: TopicRow, locale: str) -> str:
    choice = translate(f"assistant.choice_{row.choice}", locale)
    parts = (choice, row.words if row.choice == "decline" else "", row.names)
    name = translate(f"assistant.topic_{row.topic}", locale)
    return f"{name}: " + " · ".join(part for part in parts if part)
