"""Who writes on a channel: one contact, by however many ids the vendor has for them."""

from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.fields import storable
from chatrigo.models.columns import now
from chatrigo.models.conversation import Contact, ContactIdentity, Conversation, Message


@dataclass(frozen=True, slots=True)
class Who:
    """A person as a channel names them: `id` is what to answer to, `also` their other ids."""

    id: str
    name: str = ""
    also: tuple[str, ...] = ()

    @property
    def ids(self) -> list[str]:
        return [each for each in dict.fromkeys((self.id, *self.also)) if 0 < len(each) <= 128]


@dataclass(frozen=True, slots=True)
class Reach:
    """By which ids a contact is written to."""

    to: str
    also: tuple[str, ...] = field(default=())


def contact_of(session: Session, actor: Actor, channel_id: int, who: Who) -> int:
    """
    The one contact of all these ids, made if there is none.

    Ids that belonged to two contacts so far turn out to be one person: they are joined.
    """
    known = _known(session, channel_id, who.ids)
    contacts = sorted(set(known.values()))
    if not contacts:
        contact = Contact(business_id=actor.business_id, name=storable(who.name)[:120])
        session.add(contact)
        session.flush()
        contacts = [contact.id or 0]
    for other in contacts[1:]:
        _join(session, actor, channel_id, other, contacts[0])
    missing = [id for id in who.ids if id not in known]
    if missing:
        _link(session, actor, channel_id, contacts[0], missing)
    _name(session, contacts[0], who.name)
    return contacts[0]


def find_contact(session: Session, channel_id: int, who: Who) -> int:
    """0 for somebody who never wrote."""
    return min(_known(session, channel_id, who.ids).values(), default=0)


def latest_conversation(session: Session, channel_id: int, contact_id: int) -> Conversation | None:
    query = (
        select(Conversation)
        .where(Conversation.channel_id == channel_id, Conversation.contact_id == contact_id)
        .order_by(Conversation.id.desc())
        .limit(1)
    )
    return session.execute(query).scalars().first()


def reach(session: Session, channel_id: int, conversation_id: int, contact_id: int) -> Reach:
    """The id that was last written from, then the others."""
    query = (
        select(ContactIdentity.external_id)
        .where(ContactIdentity.channel_id == channel_id, ContactIdentity.contact_id == contact_id)
        .order_by(ContactIdentity.id)
    )
    ids = list(session.execute(query).scalars())
    last = (
        select(Message.generation["from"].as_string())
        .where(Message.conversation_id == conversation_id, Message.author == "contact")
        .order_by(Message.id.desc())
        .limit(1)
    )
    used = session.execute(last).scalar()
    to = used if used in ids else (ids[0] if ids else "")
    return Reach(to, tuple(each for each in ids if each != to))


def _known(session: Session, channel_id: int, ids: list[str]) -> dict[str, int]:
    query = select(ContactIdentity.external_id, ContactIdentity.contact_id).where(
        ContactIdentity.channel_id == channel_id, ContactIdentity.external_id.in_(ids)
    )
    return {row.external_id: row.contact_id for row in session.execute(query)}


def _link(session: Session, actor: Actor, channel_id: int, contact_id: int, ids: list[str]) -> None:
    values = [
        {
            "business_id": actor.business_id,
            "channel_id": channel_id,
            "contact_id": contact_id,
            "external_id": id,
        }
        for id in ids
    ]
    session.execute(upsert(ContactIdentity).values(values).on_conflict_do_nothing())


def _join(session: Session, actor: Actor, channel_id: int, other: int, kept: int) -> None:
    """`other` was `kept` all along. A contact has one conversation that is not resolved."""
    session.execute(
        update(ContactIdentity)
        .where(ContactIdentity.channel_id == channel_id, ContactIdentity.contact_id == other)
        .values(contact_id=kept)
    )
    active = (
        select(Conversation.id)
        .where(
            Conversation.channel_id == channel_id,
            Conversation.contact_id == kept,
            Conversation.status != "resolved",
        )
        .limit(1)
    )
    theirs = (Conversation.channel_id == channel_id, Conversation.contact_id == other)
    if session.execute(active).first():
        session.execute(
            update(Conversation)
            .where(*theirs, Conversation.status != "resolved")
            .values(status="resolved", resolved_at=now(), needs_person="", unread=0)
        )
    session.execute(update(Conversation).where(*theirs).values(contact_id=kept))


def _name(session: Session, contact_id: int, name: str) -> None:
    """Somebody of whom we had no name has told it."""
    clean = " ".join(storable(name).split())[:120]
    if clean:
        session.execute(
            update(Contact).where(Contact.id == contact_id, Contact.name == "").values(name=clean)
        )
