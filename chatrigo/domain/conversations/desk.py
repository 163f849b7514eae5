"""All that an inbox screen shows, read in one transaction."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, as_id, may, require
from chatrigo.domain.conversations.history import list_messages
from chatrigo.domain.conversations.listing import (
    ChannelChoice,
    Colleague,
    Counts,
    Filter,
    count_conversations,
    list_channel_choices,
    list_colleagues,
    list_conversations,
    list_labels,
)
from chatrigo.domain.conversations.rows import (
    WINDOW,
    ConversationRow,
    LabelRow,
    MessageRow,
    conversation_query,
    conversation_row,
    finished_conversation,
)
from chatrigo.domain.settings.canned import CannedRow, list_canned_replies
from chatrigo.errors import NotFound
from chatrigo.models.business import Business
from chatrigo.models.conversation import Conversation
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.tools import ContactField

MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """
    What is at hand beside the conversations.

    taught  how much the assistant has been taught (for a shop that starts)
    used     whether any customer has ever written
    """

    account_id: int = 0
    may_write: bool = False
    zone: str = "Asia/Jakarta"
    slug: str = ""
    taught: int = 0
    used: bool = True
    labels: list[LabelRow] = field(default_factory=list)
    colleagues: list[Colleague] = field(default_factory=list)
    replies: list[CannedRow] = field(default_factory=list)
    channels: list[ChannelChoice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ToldRow:
    """Something that the customer told of themselves; `name` is a name of ContactField."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Opened:
    """One conversation; `messages` is its latest window, and one more if there are earlier."""

    conversation: ConversationRow
    messages: list[MessageRow]
    others: list[ConversationRow]
    told: list[ToldRow]


@dataclass(frozen=True, slots=True)
class Screen:
    """`opened` is None if none was asked for, or the one that was asked for does not exist."""

    desk: Desk
    counts: Counts
    rows: list[ConversationRow]
    opened: Opened | None


def open_screen(
    session: Session, actor: Actor, filter: Filter, size: int, asked: Any = ""
) -> Screen:
    """`size` rows of the list and one more if more follow; `asked` is what the address says."""
    return Screen(
        desk=get_desk(session, actor),
        counts=count_conversations(session, actor),
        rows=list_conversations(session, actor, filter, size=size),
        opened=find_opened(session, actor, asked) if asked else None,
    )


def get_desk(session: Session, actor: Actor) -> Desk:
    require(actor, "inbox.read")
    business = session.execute(
        select(Business.zone, Business.slug).where(Business.id == actor.business_id)
    ).one()
    entries = select(func.count()).where(KnowledgeEntry.business_id == actor.business_id)
    any_conversation = select(Conversation.id).where(Conversation.business_id == actor.business_id)
    return Desk(
        account_id=actor.account_id or 0,
        may_write=may(actor.role, "inbox.write"),
        zone=business.zone,
        slug=business.slug,
        taught=session.execute(entries).scalar_one(),
        used=session.execute(any_conversation.limit(1)).first() is not None,
        labels=list_labels(session, actor),
        colleagues=list_colleagues(session, actor),
        replies=list_canned_replies(session, actor),
        channels=list_channel_choices(session, actor),
    )


def find_opened(session: Session, actor: Actor, asked: Any) -> Opened | None:
    """The conversation that an address names; None if it names none of this business."""
    require(actor, "inbox.read")
    try:
        row = conversation_row(session, actor, as_id(asked))
    except NotFound:
        return None
    return Opened(
        conversation=row,
        messages=list_messages(session, actor, row.id),
        others=_others(session, actor, row),
        told=list_told(session, actor, row.contact_id),
    )


def list_told(session: Session, actor: Actor, contact_id: int) -> list[ToldRow]:
    """What a customer told of themselves, as the assistant kept it."""
    require(actor, "inbox.read")
    query = (
        select(ContactField.name, ContactField.value)
        .where(ContactField.business_id == actor.business_id)
        .where(ContactField.contact_id == contact_id)
        .order_by(ContactField.name)
    )
    return [ToldRow(name, value) for name, value in session.execute(query)]


def window(rows: list[Any], size: int = WINDOW) -> tuple[list[Any], bool]:
    """The rows without the one that was only asked for to learn whether more follow."""
    return rows[:size], len(rows) > size


def _others(session: Session, actor: Actor, row: ConversationRow) -> list[ConversationRow]:
    """What else this contact has written about, newest first."""
    query = (
        conversation_query()
        .where(
            Conversation.business_id == actor.business_id,
            Conversation.contact_id == row.contact_id,
            Conversation.id != row.id,
        )
        .order_by(Conversation.last_message_at.desc())
        .limit(MOST_OTHERS)
    )
    return [finished_conversation(found) for found in session.execute(query)]
