"""A customer's message comes in: stored once, and the duty to answer it with it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chatrigo import duties
from chatrigo.domain.access import Actor
from chatrigo.domain.conversations.post import clean_body, event, post
from chatrigo.domain.conversations.rows import MessageRow
from chatrigo.errors import Invalid
from chatrigo.models.business import Assistant
from chatrigo.models.columns import now
from chatrigo.models.conversation import (
    Attachment,
    Contact,
    ContactIdentity,
    Conversation,
    Message,
)

# A customer who comes back within this time goes on with the same conversation.
REOPENS_WITHIN = timedelta(days=7)

_LATEST = (
    select(
        Conversation.id,
        Conversation.business_id,
        Conversation.channel_id,
        Conversation.status,
        Conversation.handler,
        Conversation.unread,
        Conversation.resolved_at,
    )
    .where(
        Conversation.channel_id == bindparam("channel"),
        Conversation.contact_id == bindparam("contact"),
    )
    # Of two contacts that turned out to be one, the latest may be done and an earlier one not.
    .order_by(Conversation.status == "resolved", Conversation.id.desc())
    .limit(1)
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Inbound:
    """
    A message as a channel delivered it.

    external_id  who wrote, as the channel calls them; `message_id` what the channel calls it
    attachment_id  a picture that was uploaded before (`body` may then be empty)
    contact_id  who that is, where it is known already
    kind     what else than text or a picture it is; then `body` may be empty
    at       when it was written, by the channel's clock
    window_closes_at  until when it may be answered freely
    extra    what is kept with the message: a file that is still to be fetched, a place ...
    """

    channel_id: int
    external_id: str
    message_id: str
    body: str
    contact_name: str = ""
    locale: str = "id"
    attachment_id: int = 0
    contact_id: int = 0
    kind: str = "text"
    at: datetime | None = None
    window_closes_at: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """`again` tells that this very message stood already; then nothing was done."""

    message_id: int
    conversation_id: int
    again: bool = False


def receive(session: Session, actor: Actor, inbound: Inbound) -> Received:
    """
    Store a customer's message exactly once per (channel, message id).

    Raises Invalid for an empty or too long text, or a picture that is not this business's.
    """
    kind = "image" if inbound.attachment_id else inbound.kind
    body = "" if kind != "text" and not inbound.body.strip() else clean_body(inbound.body)
    if not 0 < len(inbound.message_id) <= 128:
        raise Invalid("errors.message_key")
    _require_picture(session, actor, inbound.attachment_id)
    contact_id = _contact(session, actor, inbound)
    conversation = _conversation(session, actor, inbound, contact_id)
    row = post(
        session,
        actor,
        conversation,
        author="contact",
        kind=kind,
        body=body,
        attachment_id=inbound.attachment_id or None,
        provider_message_id=inbound.message_id,
        changes={"unread": conversation.unread + 1, "locale": inbound.locale, **_by_clock(inbound)},
        created_at=min(inbound.at, now()) if inbound.at else None,
        generation=inbound.extra,
    )
    if row is None:
        return _stored_before(session, inbound)
    if conversation.handler == "ai":
        _promise_an_answer(session, actor, row)
    return Received(row.id, row.conversation_id)


def _by_clock(inbound: Inbound) -> dict[str, Any]:
    """A message that was long on its way is news all the same."""
    if inbound.at is None:
        return {}
    return {"last_message_at": now(), "window_closes_at": inbound.window_closes_at}


def _promise_an_answer(session: Session, actor: Actor, row: MessageRow) -> None:
    duties.enqueue(
        session,
        "answer",
        actor.business_id,
        row.conversation_id,
        row.id,
        key=f"answer:{row.id}",
        queue="answers",
        partition=str(row.conversation_id),
    )


def _stored_before(session: Session, inbound: Inbound) -> Received:
    found = session.execute(
        select(Message.id, Message.conversation_id).where(
            Message.channel_id == inbound.channel_id,
            Message.provider_message_id == inbound.message_id,
        )
    ).one()
    return Received(found.id, found.conversation_id, again=True)


def _require_picture(session: Session, actor: Actor, attachment_id: int) -> None:
    if not attachment_id:
        return
    mine = select(Attachment.id).where(
        Attachment.id == attachment_id, Attachment.business_id == actor.business_id
    )
    if session.execute(mine).scalar() is None:
        raise Invalid("errors.attachment_unknown")


def _contact(session: Session, actor: Actor, inbound: Inbound) -> int:
    if inbound.contact_id:
        return inbound.contact_id
    known = select(ContactIdentity.contact_id).where(
        ContactIdentity.channel_id == inbound.channel_id,
        ContactIdentity.external_id == inbound.external_id,
    )
    contact_id = session.execute(known).scalar()
    if contact_id is not None:
        return contact_id
    contact = Contact(business_id=actor.business_id, name=inbound.contact_name[:120])
    session.add(contact)
    session.flush()
    statement = (
        upsert(ContactIdentity)
        .values(
            business_id=actor.business_id,
            channel_id=inbound.channel_id,
            external_id=inbound.external_id,
            contact_id=contact.id,
        )
        .on_conflict_do_nothing()
        .returning(ContactIdentity.contact_id)
    )
    made = session.execute(statement).scalar()
    if made is not None:
        return made
    # Two first messages at once: the other one won, and its contact is the one.
    session.delete(contact)
    session.flush()
    return session.execute(known).scalar_one()


def _conversation(
    session: Session, actor: Actor, inbound: Inbound, contact_id: int
) -> Row[*tuple[Any, ...]]:
    """The conversation this message belongs to, held until the commit so that order is kept."""
    of = {"channel": inbound.channel_id, "contact": contact_id}
    found = session.execute(_LATEST, of).first()
    if found is not None and (found.status == "open" or _stands_already(session, inbound)):
        return found
    if found is not None and found.status == "pending":
        _reopen(session, actor, found, handler=found.handler)
    elif found is not None and found.resolved_at > now() - REOPENS_WITHIN:
        _reopen(session, actor, found, handler=_first_handler(session, actor))
    else:
        _open(session, actor, inbound, contact_id)
    return session.execute(_LATEST, of).one()


def _stands_already(session: Session, inbound: Inbound) -> bool:
    """A late repeat of an old message must not wake a conversation that is done."""
    query = select(Message.id).where(
        Message.channel_id == inbound.channel_id,
        Message.provider_message_id == inbound.message_id,
    )
    return session.execute(query).first() is not None


def _open(session: Session, actor: Actor, inbound: Inbound, contact_id: int) -> None:
    session.execute(
        upsert(Conversation)
        .values(
            business_id=actor.business_id,
            channel_id=inbound.channel_id,
            contact_id=contact_id,
            locale=inbound.locale,
            status="open",
            handler=_first_handler(session, actor),
            needs_person="",
            unread=0,
            ai_turns=0,
            snippet="",
            snippet_author="contact",
            created_at=now(),
            last_message_at=now(),
        )
        .on_conflict_do_nothing()
    )


def _first_handler(session: Session, actor: Actor) -> str:
    enabled = session.execute(
        select(Assistant.enabled).where(Assistant.business_id == actor.business_id)
    ).scalar()
    return "ai" if enabled else "human"


def _reopen(session: Session, actor: Actor, conversation: Any, *, handler: str) -> None:
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id)
        .values(status="open", resolved_at=None, handler=handler, ai_turns=0)
    )
    event(session, actor, conversation, "reopened")
