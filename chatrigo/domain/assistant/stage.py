"""The playground's stage: which versions can be tried, on which channel, and as whom."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor, require
from chatrigo.models.conversation import Channel, Contact, Conversation
from chatrigo.models.instructions import InstructionVersion

MOST_CONTACTS = 50
SIDES = ("draft", "published")


@dataclass(frozen=True, slots=True)
class SideRow:
    """`version_id` is 0 for the published version before anything was ever said."""

    side: str
    version_id: int
    number: int


@dataclass(frozen=True, slots=True)
class ContactChoice:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Stage:
    """The draft comes first, if there is one; contacts are those heard of last."""

    sides: list[SideRow] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    contacts: list[ContactChoice] = field(default_factory=list)


def get_stage(session: Session, actor: Actor) -> Stage:
    require(actor, "configure")
    return Stage(_sides(session, actor), _channels(session, actor), _contacts(session, actor))


def _sides(session: Session, actor: Actor) -> list[SideRow]:
    query = select(
        InstructionVersion.state, InstructionVersion.id, InstructionVersion.number
    ).where(
        InstructionVersion.business_id == actor.business_id,
        col(InstructionVersion.state).in_(SIDES),
    )
    found = {state: SideRow(state, id or 0, number) for state, id, number in session.execute(query)}
    found.setdefault("published", SideRow("published", 0, 0))
    return [found[side] for side in SIDES if side in found]


def _channels(session: Session, actor: Actor) -> list[str]:
    query = select(Channel.kind).where(Channel.business_id == actor.business_id).distinct()
    return sorted(session.execute(query).scalars(), key=lambda kind: (kind != "web", kind))


def _contacts(session: Session, actor: Actor) -> list[ContactChoice]:
    query = (
        select(Contact.id, Contact.name, Conversation.last_message_at)
        .join(Conversation, col(Conversation.contact_id) == Contact.id)
        .where(Contact.business_id == actor.business_id)
        .order_by(col(Conversation.last_message_at).desc())
        .limit(3 * MOST_CONTACTS)
    )
    names = {id: name for id, name, _ in session.execute(query)}
    return [ContactChoice(id or 0, name) for id, name in list(names.items())[:MOST_CONTACTS]]
