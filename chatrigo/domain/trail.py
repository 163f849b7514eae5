"""Reading the audit log: who did what, when and from where."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, as_id, require
from chatrigo.domain.conversations.rows import business_zone
from chatrigo.domain.exporting import begin_export
from chatrigo.domain.fields import storable
from chatrigo.domain.sheets import sheet
from chatrigo.errors import NotFound
from chatrigo.i18n import catalogue, known
from chatrigo.models.account import Account
from chatrigo.models.audit import AuditEntry

WINDOW = 50
LONGEST_SEARCH = 100
LONGEST_VALUE = 600
MOST_PEOPLE = 200
MOST_EXPORTED = 50_000
HEADING = ("time", "who", "act", "what", "subject", "before", "after", "address", "browser")


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """
    What is looked for. Unknown values mean no filter: browsers may send anything.

    `since` and `until` are days in the business's zone, both of them included.
    """

    person: int = 0
    act: str = ""
    since: date | None = None
    until: date | None = None
    search: str = ""

    @classmethod
    def of(cls, person: Any, act: Any, since: Any, until: Any, search: Any) -> "TrailFilter":
        return cls(
            person=_number(person),
            act=act if isinstance(act, str) and act in acts() else "",
            since=_day(since),
            until=_day(until),
            search=storable(search)[:LONGEST_SEARCH].strip(),
        )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One field; what was or is not there is empty."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TrailRow:
    """`at` is ISO 8601 in UTC; `who` an address, or `system` for our own work."""

    id: int
    at: str
    who: str
    act: str
    subject: str
    address: str
    user_agent: str
    changes: list[ChangeRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PersonRow:
    account_id: int
    email: str


def acts() -> list[str]:
    """Every act that has words, as `area.act`."""
    names = (key.partition(".")[2] for key in catalogue("id") if key.startswith("audit."))
    return sorted(name.replace("_", ".", 1) for name in names)


def list_trail(
    session: Session, actor: Actor, filter: TrailFilter, before: Any = 0
) -> list[TrailRow]:
    """A window, newest first, and one row more if older ones follow; `before` is an id."""
    require(actor, "audit")
    query = _matching(session, actor, filter)
    oldest = _number(before)
    if oldest:
        query = query.where(col(AuditEntry.id) < oldest)
    found = session.execute(query.order_by(col(AuditEntry.id).desc()).limit(WINDOW + 1)).scalars()
    return [_row(entry) for entry in found]


def list_people(session: Session, actor: Actor) -> list[PersonRow]:
    """Everybody who has ever done something that is written down, also those who left."""
    require(actor, "audit")
    query = (
        select(Account.id, Account.email)
        .where(
            col(Account.id).in_(
                select(AuditEntry.account_id).where(
                    col(AuditEntry.business_id) == actor.business_id
                )
            )
        )
        .order_by(Account.email)
        .limit(MOST_PEOPLE)
    )
    return [PersonRow(id, email) for id, email in session.execute(query)]


def export_trail(session: Session, actor: Actor, filter: TrailFilter, locale: str = "id") -> str:
    """
    What matches as CSV, newest first, at most MOST_EXPORTED; that it was taken is written down.

    Raises ConfirmItsYou, LimitReached.
    """
    begin_export(session, actor, "audit")
    query = _matching(session, actor, filter).order_by(col(AuditEntry.id).desc())
    found = list(session.execute(query.limit(MOST_EXPORTED)).scalars())
    audit.note(session, actor, "audit.exported", after={"rows": len(found)})
    words = catalogue(known(locale))
    return sheet(HEADING, (_cells(entry, words) for entry in found))


def _matching(session: Session, actor: Actor, filter: TrailFilter) -> Any:
    query = select(AuditEntry).where(col(AuditEntry.business_id) == actor.business_id)
    if filter.person:
        query = query.where(col(AuditEntry.account_id) == filter.person)
    if filter.act:
        query = query.where(col(AuditEntry.act) == filter.act)
    zone = business_zone(session, actor.business_id)
    if filter.since:
        query = query.where(
            col(AuditEntry.created_at) >= datetime.combine(filter.since, time(), zone)
        )
    if filter.until:
        end = datetime.combine(filter.until + timedelta(days=1), time(), zone)
        query = query.where(col(AuditEntry.created_at) < end)
    if filter.search:
        places = (AuditEntry.subject, AuditEntry.actor_name, AuditEntry.address)
        query = query.where(
            or_(*(col(place).icontains(filter.search, autoescape=True) for place in places))
        )
    return query


def _row(entry: AuditEntry) -> TrailRow:
    return TrailRow(
        id=entry.id or 0,
        at=entry.created_at.isoformat(),
        who=entry.actor_name,
        act=entry.act,
        subject=entry.subject,
        address=entry.address,
        user_agent=entry.user_agent,
        changes=[
            ChangeRow(name, _said(entry.before.get(name)), _said(entry.after.get(name)))
            for name in dict.fromkeys((*entry.before, *entry.after))
        ],
    )


def _said(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)[:LONGEST_VALUE]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:LONGEST_VALUE]


def _cells(entry: AuditEntry, words: dict[str, str]) -> list[str]:
    return [
        entry.created_at.isoformat(timespec="seconds"),
        entry.actor_name,
        entry.act,
        words.get(f"audit.{entry.act.replace('.', '_')}", entry.act),
        entry.subject,
        json.dumps(entry.before, ensure_ascii=False) if entry.before else "",
        json.dumps(entry.after, ensure_ascii=False) if entry.after else "",
        entry.address,
        entry.user_agent,
    ]


def _number(value: Any) -> int:
    try:
        return as_id(value)
    except NotFound:
        return 0


def _day(value: Any) -> date | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and date(2000, 1, 1) <= day <= date(2999, 12, 31) else None
