"""The inbox's list: views, search, pages and counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from chatrigo.domain.access import PERMISSIONS, Actor, as_id, require
from chatrigo.domain.conversations.rows import (
    WINDOW,
    ConversationRow,
    LabelRow,
    conversation_query,
    conversation_row,
    finished_conversation,
)
from chatrigo.domain.fields import storable
from chatrigo.errors import NotFound
from chatrigo.models.account import Account, Membership
from chatrigo.models.business import Label
from chatrigo.models.conversation import (
    Channel,
    Contact,
    Conversation,
    ConversationLabel,
    Message,
)

VIEWS = ("all", "mine", "unassigned", "needs_person")
STATUSES = ("open", "pending", "resolved", "any")
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows. Unknown values mean the default: browsers may send anything."""

    view: str = "all"
    status: str = "open"
    search: str = ""
    label_id: int = 0
    channel_id: int = 0

    @classmethod
    def of(
        cls, view: Any, status: Any, search: Any, label_id: Any, channel_id: Any = 0
    ) -> "Filter":
        """The filter that a browser asks for, whatever it has sent."""
        return cls(
            view=view if view in VIEWS else "all",
            status=status if status in STATUSES else "open",
            search=storable(search)[:LONGEST_SEARCH],
            label_id=_number(label_id),
            channel_id=_number(channel_id),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Of open conversations; `unread` counts conversations with news."""

    all: int = 0
    mine: int = 0
    unassigned: int = 0
    needs_person: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Colleague:
    account_id: int
    name: str
    role: str


def list_conversations(
    session: Session, actor: Actor, filter: Filter, before: str = "", size: int = WINDOW
) -> list[ConversationRow]:
    """
    A window of the list, newest first; one row more than `size` tells that more follow.

    `before` is the `cursor()` of the last row seen.
    """
    require(actor, "inbox.read")
    query = _matching(conversation_query(), actor, filter)
    query = _after_cursor(query, before)
    query = query.order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    found = session.execute(query.limit(size + 1))
    return [finished_conversation(row) for row in found]


def cursor(row: ConversationRow) -> str:
    return f"{row.at}|{row.id}"


def get_conversation(session: Session, actor: Actor, id: Any) -> ConversationRow:
    """Raises NotFound."""
    require(actor, "inbox.read")
    return conversation_row(session, actor, as_id(id))


def matches(row: ConversationRow, account_id: int, filter: Filter) -> bool:
    """Whether a row that has just changed belongs on the list; a search is asked of the database."""
    if filter.status in EXACT and row.status != filter.status:
        return False
    if filter.label_id and all(label.id != filter.label_id for label in row.labels):
        return False
    if filter.channel_id and row.channel_id != filter.channel_id:
        return False
    return {
        "mine": row.assignee_id == (account_id or -1),
        "unassigned": row.assignee_id == 0,
        "needs_person": bool(row.needs_person),
    }.get(filter.view, True)


def count_conversations(session: Session, actor: Actor) -> Counts:
    require(actor, "inbox.read")
    mine = Conversation.assignee_id == actor.account_id
    query = select(
        func.count(),
        func.count().filter(mine),
        func.count().filter(Conversation.assignee_id.is_(None)),
        func.count().filter(Conversation.needs_person != ""),
        func.count().filter(Conversation.unread > 0),
    ).where(Conversation.business_id == actor.business_id, Conversation.status == "open")
    return Counts(*session.execute(query).one())


def list_colleagues(session: Session, actor: Actor) -> list[Colleague]:
    """Everybody to whom a conversation can be given."""
    require(actor, "inbox.read")
    query = (
        select(Account.id, Account.name, Account.email, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.business_id == actor.business_id,
            Membership.role.in_(PERMISSIONS["inbox.write"]),  # type: ignore[attr-defined]
        )
        .order_by(func.lower(Account.name))
    )
    return [Colleague(id, name or email, role) for id, name, email, role in session.execute(query)]


def list_labels(session: Session, actor: Actor) -> list[LabelRow]:
    require(actor, "inbox.read")
    query = (
        select(Label.id, Label.name, Label.colour)
        .where(Label.business_id == actor.business_id)
        .order_by(func.lower(Label.name))
    )
    return [LabelRow(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    id: int
    kind: str
    name: str


def list_channel_choices(session: Session, actor: Actor) -> list[ChannelChoice]:
    """Where customers write, for the filter of the list."""
    require(actor, "inbox.read")
    query = (
        select(Channel.id, Channel.kind, Channel.name)
        .where(Channel.business_id == actor.business_id)
        .order_by(Channel.id)
    )
    return [ChannelChoice(*row) for row in session.execute(query)]


EXACT = frozenset(STATUSES) - {"any"}


def _matching(
    query: Select[*tuple[Any, ...]], actor: Actor, filter: Filter
) -> Select[*tuple[Any, ...]]:
    query = query.where(Conversation.business_id == actor.business_id)
    if filter.status in EXACT:
        query = query.where(Conversation.status == filter.status)
    if filter.view == "mine":
        query = query.where(Conversation.assignee_id == actor.account_id)
    elif filter.view == "unassigned":
        query = query.where(Conversation.assignee_id.is_(None))
    elif filter.view == "needs_person":
        query = query.where(Conversation.needs_person != "")
    if filter.label_id:
        labelled = select(ConversationLabel.conversation_id).where(
            ConversationLabel.business_id == actor.business_id,
            ConversationLabel.label_id == filter.label_id,
        )
        query = query.where(Conversation.id.in_(labelled))
    if filter.channel_id:
        query = query.where(Conversation.channel_id == filter.channel_id)
    words = filter.search.strip()[:LONGEST_SEARCH]
    return query.where(_found(actor, words)) if words else query


def _found(actor: Actor, words: str) -> Any:
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    said = select(Message.conversation_id).where(
        Message.business_id == actor.business_id,
        Message.kind != "event",
        Message.body.ilike(pattern),
    )
    return or_(Contact.name.ilike(pattern), Conversation.id.in_(said))


def _number(value: Any) -> int:
    """The number of a label or channel, or 0 for what can't be one."""
    try:
        return as_id(value)
    except NotFound:
        return 0


def _after_cursor(query: Select[*tuple[Any, ...]], before: str) -> Select[*tuple[Any, ...]]:
    at, _, id = before.partition("|")
    try:
        moment, number = datetime.fromisoformat(at), int(id)
    except ValueError:
        return query
    return query.where(
        or_(
            Conversation.last_message_at < moment,
            and_(Conversation.last_message_at == moment, Conversation.id < number),
        )
    )
