"""Businesses as the operator sees them: standing data and sums, never what was said in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, as_id
from chatrigo.domain.fields import storable
from chatrigo.domain.operator.crossing import ask
from chatrigo.errors import NotFound
from chatrigo.models.columns import now

PAGE = 25
RECENT = timedelta(days=30)
DAYS = 30
ZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """`messages`, `answers` and `tokens` are of the last 30 days."""

    id: int
    slug: str
    name: str
    created: str
    owner_name: str
    owner_email: str
    members: int
    conversations: int
    messages: int
    answers: int
    tokens: int
    last_activity: str
    suspended: str
    suspension_reason: str
    support_until: str


@dataclass(frozen=True, slots=True)
class Totals:
    found: int = 0
    businesses: int = 0
    suspended: int = 0
    accounts: int = 0


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of use; the bars are percent of the busiest day."""

    day: str
    label: str
    messages: int
    answers: int
    tokens: int
    active: int
    messages_bar: int
    tokens_bar: int


def list_businesses(
    session: Session, actor: Actor, wanted: Any = "", page: Any = 1
) -> tuple[Totals, list[BusinessRow]]:
    """One page, newest first; `wanted` is part of a name, an address or a member's e-mail."""
    asked = _wanted(wanted)
    number = page if isinstance(page, int) and 0 < page < 10**6 else 1
    totals = ask(session, actor, "count", wanted=asked)[0]
    rows = ask(
        session,
        actor,
        "businesses",
        wanted=asked,
        only=None,
        skipped=(number - 1) * PAGE,
        most=PAGE,
        since=now() - RECENT,
    )
    return Totals(**totals._asdict()), [_row(row) for row in rows]


def get_business(session: Session, actor: Actor, id: Any) -> BusinessRow:
    """Raises NotFound."""
    rows = ask(
        session,
        actor,
        "businesses",
        wanted="",
        only=as_id(id),
        skipped=0,
        most=1,
        since=now() - RECENT,
    )
    if not rows:
        raise NotFound
    return _row(rows[0])


def list_usage(session: Session, actor: Actor, id: Any = None) -> list[DayRow]:
    """The last 30 days of one business, or of all, oldest first."""
    only = None if id is None else as_id(id)
    rows = ask(session, actor, "usage", only=only, zone=ZONE, days=DAYS)
    most = max((row.messages for row in rows), default=0)
    dearest = max((row.tokens for row in rows), default=0)
    return [
        DayRow(
            day=row.day.isoformat(),
            label=_short(row.day),
            messages=row.messages,
            answers=row.answers,
            tokens=row.tokens,
            active=row.active,
            messages_bar=_percent(row.messages, most),
            tokens_bar=_percent(row.tokens, dearest),
        )
        for row in rows
    ]


def clock(moment: datetime | None) -> str:
    """As the console writes a time; empty for none."""
    return f"{moment.astimezone(ZoneInfo(ZONE)):%d/%m/%Y %H.%M}" if moment else ""


def _wanted(typed: Any) -> str:
    return storable(typed).strip()[:100] if isinstance(typed, str) else ""


def _row(row: Row[Any]) -> BusinessRow:
    return BusinessRow(
        id=row.id,
        slug=row.slug,
        name=row.name,
        created=clock(row.created_at)[:10],
        owner_name=row.owner_name or "",
        owner_email=row.owner_email or "",
        members=row.members,
        conversations=row.conversations,
        messages=row.messages,
        answers=row.answers,
        tokens=row.tokens,
        last_activity=clock(row.last_activity),
        suspended=clock(row.suspended_at),
        suspension_reason=row.suspension_reason,
        support_until=clock(row.support_until),
    )


def _short(day: date) -> str:
    return f"{day:%d/%m}"


def _percent(number: int, most: int) -> int:
    """At least a sliver for whatever is not nothing."""
    return max(2, round(100 * number / most)) if number else 0
