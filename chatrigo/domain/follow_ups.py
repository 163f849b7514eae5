"""What people are to do about conversations, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as columns_of
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor, as_id, owned, require
from chatrigo.domain.conversations.post import announce_change, event
from chatrigo.domain.conversations.rows import business_zone
from chatrigo.domain.fields import line_of
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.columns import now as this_moment
from chatrigo.models.conversation import Contact, Conversation
from chatrigo.models.tools import FollowUp

FARTHEST = timedelta(days=366)
SHOWN = 100
TOPIC = "follow_ups"


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """`due_at` is ISO 8601 in UTC, `due_local` the same at the clock of the shop's `zone`."""

    id: int
    conversation_id: int
    contact_name: str
    what: str
    due_at: str
    due_local: str
    zone: str
    overdue: bool
    done: bool


def book(
    session: Session,
    actor: Actor,
    conversation_id: Any,
    what: Any,
    due: Any,
    *,
    message_id: int | None = None,
    now: datetime | None = None,
) -> FollowUpRow:
    """
    Note that somebody has something to do by `due`, a moment without zone at the shop's clock.

    At most one for each message of a customer: booking again gives the one there is. Raises
    Invalid for a moment that is over or more than a year ahead.
    """
    require(actor, "inbox.write")
    now = now or this_moment()
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if message_id and (known := _of_message(session, actor, message_id)):
        return _one(session, actor, known)
    if not isinstance(due, datetime):
        raise Invalid("follow_up.due_missing")
    moment = due.replace(tzinfo=business_zone(session, actor.business_id))
    if moment <= now:
        raise Invalid("follow_up.past")
    if moment > now + FARTHEST:
        raise Invalid("follow_up.far")
    made = FollowUp(
        business_id=actor.business_id,
        conversation_id=conversation.id or 0,
        message_id=message_id,
        what=line_of(what, "follow_up.what", most=300, least=1),
        due_at=moment,
    )
    session.add(made)
    session.flush()
    row = _one(session, actor, made.id or 0)
    detail = f"{row.what} · {row.due_local}"
    event(session, actor, conversation, "follow_up_booked", generation={"to": detail})
    _tell(session, actor, conversation.id or 0)
    return row


def finish(session: Session, actor: Actor, follow_up_id: Any, done: Any = True) -> FollowUpRow:
    """Tick it off, or (`done` false) put it back on the list."""
    require(actor, "inbox.write")
    row = owned(session, actor, FollowUp, follow_up_id, lock=True)
    is_done = done is True
    row.done_at = this_moment() if is_done else None
    row.done_by = actor.account_id if is_done else None
    session.flush()
    _tell(session, actor, row.conversation_id)
    return _one(session, actor, row.id or 0)


def list_open(session: Session, actor: Actor) -> list[FollowUpRow]:
    """Everything that is still to be done, the most urgent first."""
    require(actor, "inbox.read")
    query = _query(actor).where(col(FollowUp.done_at).is_(None))
    return _rows(session, actor, query.order_by(FollowUp.due_at, FollowUp.id).limit(SHOWN))  # type: ignore[arg-type]


def list_of_conversation(session: Session, actor: Actor, conversation_id: Any) -> list[FollowUpRow]:
    """What is still to be done about one conversation."""
    require(actor, "inbox.read")
    query = _query(actor).where(
        col(FollowUp.conversation_id) == as_id(conversation_id), col(FollowUp.done_at).is_(None)
    )
    return _rows(session, actor, query.order_by(FollowUp.due_at).limit(SHOWN))  # type: ignore[arg-type]


def _of_message(session: Session, actor: Actor, message_id: int) -> int | None:
    query = select(FollowUp.id).where(
        FollowUp.business_id == actor.business_id, FollowUp.message_id == message_id
    )
    return session.execute(query).scalar()


def _one(session: Session, actor: Actor, id: int) -> FollowUpRow:
    return _rows(session, actor, _query(actor).where(col(FollowUp.id) == id))[0]


def _query(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        columns_of(
            col(FollowUp.id),
            col(FollowUp.conversation_id),
            col(Contact.name),
            col(FollowUp.what),
            col(FollowUp.due_at),
            col(FollowUp.done_at),
        )
        .join(Conversation, col(Conversation.id) == col(FollowUp.conversation_id))
        .join(Contact, col(Contact.id) == col(Conversation.contact_id))
        .where(col(FollowUp.business_id) == actor.business_id)
    )


def _rows(session: Session, actor: Actor, query: Select[*tuple[Any, ...]]) -> list[FollowUpRow]:
    zone = business_zone(session, actor.business_id)
    now = this_moment()
    return [
        FollowUpRow(
            id=row.id,
            conversation_id=row.conversation_id,
            contact_name=row.name,
            what=row.what,
            due_at=row.due_at.isoformat(),
            due_local=f"{row.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
            zone=zone.key,
            overdue=row.done_at is None and row.due_at <= now,
            done=row.done_at is not None,
        )
        for row in session.execute(query)
    ]


def _tell(session: Session, actor: Actor, conversation_id: int) -> None:
    record(session, SettingsChanged(actor.business_id, TOPIC))
    announce_change(session, actor, conversation_id)
