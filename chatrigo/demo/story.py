"""Who wrote to the demo shop, when, and what was answered.

How a conversation stands now (status, handler, assignee) is not written down but follows from its
events, so the two cannot disagree; a line that could not have happened raises `ValueError`.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from chatrigo.demo.shop import load_shop

Author = Literal["contact", "ai", "human", "system"]
Kind = Literal["text", "note", "event"]
Status = Literal["open", "pending", "resolved"]
Handler = Literal["ai", "human"]

REASONS = ("asked_for_person", "no_evidence", "model_failed", "turn_cap")
STAFF_EVENTS = ("took_over", "gave_back", "assigned", "pending", "resolved")

_HERE = Path(__file__).parent
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AGO = re.compile(r"ago (\d+)")
_DAYS = re.compile(r"(\d+)d (\d\d:\d\d)")
_WEEKS = re.compile(r"(\d+)w (\w{3}) (\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class DemoContact:
    key: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """One line of a conversation.

    `staff` is who wrote the text or note, who did the event, or for "assigned" to whom. An event
    has a code and no text; "handover" also has its reason.
    """

    author: Author
    text: str
    minutes_after_previous: int
    kind: Kind = "text"
    staff: str | None = None
    evidence: tuple[str, ...] = ()
    event: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DemoConversation:
    """`age_minutes` is the age of the first message; `unread` counts the contact's last ones."""

    contact: str
    age_minutes: int
    status: Status
    handler: Handler
    needs_person_reason: str | None
    assignee: str | None
    labels: tuple[str, ...]
    unread: int
    messages: tuple[DemoMessage, ...]


@dataclass(slots=True)
class _Standing:
    """Where a conversation stands while its lines are read one after another."""

    status: Status = "open"
    handler: Handler = "ai"
    reason: str | None = None
    assignee: str | None = None
    waiting: int = 0

    def read(self, message: DemoMessage) -> None:
        if message.kind == "event":
            self._happen(message)
        elif message.kind == "text":
            self._say(message)

    def _say(self, message: DemoMessage) -> None:
        if self.status == "resolved":
            raise ValueError("a line after resolving needs the event reopened first")
        if message.author == "contact":
            self.waiting += 1
            return
        taken = self.handler == "human" and self.reason is None
        if message.author == "ai" and self.handler != "ai":
            raise ValueError("the AI may not answer while a person has the conversation")
        if message.author == "human" and not taken:
            raise ValueError("a person must take over before answering")
        if message.author == "human":
            self.waiting = 0

    def _happen(self, message: DemoMessage) -> None:
        match message.event:
            case "handover":
                self.handler, self.reason = "human", message.reason
            case "took_over":
                self.handler, self.reason, self.assignee = "human", None, message.staff
            case "gave_back":
                self.handler, self.assignee = "ai", None
            case "assigned":
                self.assignee = message.staff
            case "pending":
                self.status = "pending"
            case "resolved":
                self.status, self.reason, self.waiting = "resolved", None, 0
            case "reopened":
                self.status, self.handler, self.assignee = "open", "ai", None


@cache
def load_contacts() -> tuple[DemoContact, ...]:
    """Everybody who ever wrote, in no particular order."""
    return tuple(DemoContact(**row) for row in _read(_HERE / "people.toml")["contacts"])


def load_conversations(now: datetime) -> tuple[DemoConversation, ...]:
    """All conversations as seen at `now` (aware), the oldest first.

    Older ones are written for an hour and weekday in the shop's zone, hence the parameter.
    """
    rows = [
        _conversation(row, path.name, now)
        for path in sorted((_HERE / "conversations").glob("*.toml"))
        for row in _read(path)["conversation"]
    ]
    return tuple(sorted(rows, key=lambda row: -row.age_minutes))


def message_times(conversation: DemoConversation, now: datetime) -> tuple[datetime, ...]:
    """When each message was written: rising, the last before `now`.

    Lines of the same minute are a few seconds apart, longer ones more, as if they were typed.
    """
    at = now - timedelta(minutes=conversation.age_minutes)
    times: list[datetime] = []
    for message in conversation.messages:
        at += timedelta(minutes=message.minutes_after_previous)
        if times and not message.minutes_after_previous:
            at += timedelta(seconds=2 + len(message.text) // 25)
        times.append(at)
    return tuple(times)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _conversation(row: dict[str, Any], source: str, now: datetime) -> DemoConversation:
    try:
        messages = tuple(_message(line) for line in row["messages"])
        standing = _stand(messages)
        age = _age_minutes(row["when"], messages, now)
        if row["unread"] > standing.waiting:
            raise ValueError("more unread than unanswered lines")
    except (ValueError, IndexError) as problem:
        raise ValueError(f"{source}, {row['contact']} {row['when']}: {problem}") from problem
    return DemoConversation(
        contact=row["contact"],
        age_minutes=age,
        status=standing.status,
        handler=standing.handler,
        needs_person_reason=standing.reason,
        assignee=standing.assignee,
        labels=tuple(row.get("labels", ())),
        unread=row["unread"],
        messages=messages,
    )


def _stand(messages: Iterable[DemoMessage]) -> _Standing:
    standing = _Standing()
    for message in messages:
        standing.read(message)
    return standing


def _message(line: list[Any]) -> DemoMessage:
    who, minutes, *rest = line
    match who:
        case "contact":
            return DemoMessage("contact", rest[0], minutes)
        case "ai":
            return DemoMessage("ai", rest[0], minutes, evidence=tuple(rest[1:]))
        case "note":
            return DemoMessage("human", rest[1], minutes, kind="note", staff=_staff(rest[0]))
        case "event":
            return _event(minutes, *rest)
    return DemoMessage("human", rest[0], minutes, staff=_staff(who))


def _event(minutes: int, code: str, detail: str | None = None) -> DemoMessage:
    if code == "handover" and detail in REASONS:
        return DemoMessage("system", "", minutes, kind="event", event=code, reason=detail)
    if code in STAFF_EVENTS and detail:
        return DemoMessage("system", "", minutes, kind="event", event=code, staff=_staff(detail))
    if code == "reopened" and detail is None:
        return DemoMessage("system", "", minutes, kind="event", event=code)
    raise ValueError(f"no such event: {code} {detail}")


def _staff(key: str) -> str:
    if key not in {member.key for member in load_shop().team}:
        raise ValueError(f"nobody on the team is called {key}")
    return key


def _age_minutes(when: str, messages: Iterable[DemoMessage], now: datetime) -> int:
    if ago := _AGO.fullmatch(when):
        return int(ago[1]) + sum(message.minutes_after_previous for message in messages)
    zone = ZoneInfo(load_shop().zone)
    day, clock = _local_day(when, now.astimezone(zone).date())
    started = datetime.combine(day, time.fromisoformat(clock), zone)
    return int((now - started).total_seconds() // 60)


def _local_day(when: str, today: date) -> tuple[date, str]:
    if days := _DAYS.fullmatch(when):
        return today - timedelta(days=int(days[1])), days[2]
    weeks = _WEEKS.fullmatch(when)
    if weeks is None or weeks[2] not in _WEEKDAYS:
        raise ValueError("not a moment")
    since = (today.weekday() - _WEEKDAYS.index(weeks[2])) % 7 or 7
    return today - timedelta(days=since + 7 * int(weeks[1])), weeks[3]
