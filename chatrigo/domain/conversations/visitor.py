"""
The customer's own view: a shop's chat page, seen by whoever holds a visitor's key.

The key is a random word that the browser keeps; here only its hash is known. A customer sees
neither notes nor events, and nobody else's conversation.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo import limits
from chatrigo.domain.access import Actor, enter
from chatrigo.domain.assistant.handover import hand_over
from chatrigo.domain.conversations.receive import Inbound, Received, receive
from chatrigo.domain.conversations.rows import (
    WINDOW,
    MessageRow,
    business_zone,
    message_query,
    message_row,
)
from chatrigo.errors import Invalid, NotFound
from chatrigo.models.business import Assistant, Business
from chatrigo.models.conversation import Channel, ContactIdentity, Conversation, Message


@dataclass(frozen=True, slots=True)
class ShopRow:
    """What anybody may know of a shop."""

    business_id: int
    slug: str
    name: str
    greeting: str
    zone: str
    quick_questions: list[str]
    assistant_name: str
    assistant_on: bool


@dataclass(frozen=True, slots=True)
class ChatView:
    """`conversation_id` is 0 until the customer has written."""

    shop: ShopRow
    conversation_id: int
    handler: str
    needs_person: str
    messages: list[MessageRow]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever holds the key, at one shop, as the database knows them."""

    actor: Actor
    channel_id: int
    external_id: str


def open_chat(session: Session, actor: Actor, slug: Any, key: Any) -> ChatView:
    """The shop and what this visitor and it have said. Raises NotFound for an unknown shop."""
    business = _business(session, slug)
    visitor = _visitor(session, business, key)
    conversation = _conversation(session, visitor)
    return ChatView(
        shop=_shop_row(session, business),
        conversation_id=conversation.id if conversation else 0,
        handler=conversation.handler if conversation else "ai",
        needs_person=conversation.needs_person if conversation else "",
        messages=_messages(session, visitor),
    )


def write(
    session: Session,
    actor: Actor,
    slug: Any,
    key: Any,
    *,
    address: str,
    message_id: Any,
    body: Any,
    locale: str = "id",
    attachment_id: int = 0,
) -> Received:
    """
    The visitor writes. The same `message_id` is stored once, however often it comes.

    Raises NotFound, Invalid, LimitReached.
    """
    visitor = identify(session, slug, key)
    _check(session, "web message by visitor", visitor)
    if address and session.execute(_contact_id(visitor)).first() is None:
        limits.check(session, "web conversation by address", address)
    inbound = Inbound(
        channel_id=visitor.channel_id,
        external_id=visitor.external_id,
        message_id=f"web:{str(message_id or '')[:64]}" if message_id else "",
        body=str(body or ""),
        locale=locale,
        attachment_id=attachment_id,
    )
    return receive(session, visitor.actor, inbound)


def ask_for_person(session: Session, actor: Actor, slug: Any, key: Any) -> None:
    """The button "talk to a person": works whatever the assistant is doing. Raises Invalid."""
    visitor = identify(session, slug, key)
    _check(session, "web message by visitor", visitor)
    conversation = _conversation(session, visitor)
    if conversation is None or conversation.status == "resolved":
        raise Invalid("errors.write_first")
    hand_over(session, visitor.actor, conversation.id, None, "asked_for_person")


def allow_attachment(session: Session, actor: Actor, slug: Any, key: Any) -> None:
    """Before a picture is read at all. Raises NotFound, Invalid, LimitReached."""
    _check(session, "attachment by visitor", identify(session, slug, key))


def business_of(session: Session, actor: Actor, slug: Any) -> int:
    """Whose chat page it is. Raises NotFound."""
    id = _business(session, slug).id
    assert id
    return id


def identify(session: Session, slug: Any, key: Any) -> Visitor:
    """Act for the visitor from here on in this transaction. Raises NotFound, Invalid."""
    return _visitor(session, _business(session, slug), key)


def visible(row: MessageRow) -> bool:
    """Whether a customer may see the row."""
    return row.kind in ("text", "image")


def _check(session: Session, limit: str, visitor: Visitor) -> None:
    limits.check(session, limit, f"{visitor.channel_id}:{visitor.external_id}")


def _business(session: Session, slug: Any) -> Business:
    query = select(Business).where(
        Business.slug == str(slug or "")[:60].lower(), Business.suspended_at.is_(None)
    )
    business = session.execute(query).scalars().first()
    if business is None:
        raise NotFound("errors.shop_unknown")
    return business


def _visitor(session: Session, business: Business, key: Any) -> Visitor:
    text = str(key or "")
    if not 20 <= len(text) <= 128:
        raise Invalid("errors.visitor_key")
    assert business.id
    actor = enter(session, business.id, "visitor")
    channel_id = session.execute(
        select(Channel.id).where(Channel.business_id == business.id, Channel.kind == "web")
    ).scalar()
    if channel_id is None:
        raise NotFound("errors.shop_unknown")
    return Visitor(actor, channel_id, hashlib.sha256(text.encode()).hexdigest())


def _shop_row(session: Session, business: Business) -> ShopRow:
    assistant = session.get(Assistant, business.id)
    assert business.id
    return ShopRow(
        business_id=business.id,
        slug=business.slug,
        name=business.name,
        greeting=business.greeting,
        zone=business.zone,
        quick_questions=list(business.quick_questions),
        assistant_name=assistant.name if assistant else "",
        assistant_on=bool(assistant and assistant.enabled),
    )


def _contact_id(visitor: Visitor) -> Any:
    return select(ContactIdentity.contact_id).where(
        ContactIdentity.channel_id == visitor.channel_id,
        ContactIdentity.external_id == visitor.external_id,
    )


def _conversation(session: Session, visitor: Visitor) -> Conversation | None:
    query = (
        select(Conversation)
        .where(
            Conversation.channel_id == visitor.channel_id,
            Conversation.contact_id == _contact_id(visitor).scalar_subquery(),
        )
        .order_by(Conversation.id.desc())
        .limit(1)
    )
    return session.execute(query).scalars().first()


def _messages(session: Session, visitor: Visitor) -> list[MessageRow]:
    """The latest window over all of this visitor's conversations, oldest first."""
    mine = select(Conversation.id).where(
        Conversation.channel_id == visitor.channel_id,
        Conversation.contact_id == _contact_id(visitor).scalar_subquery(),
    )
    query = (
        message_query()
        .where(Message.conversation_id.in_(mine), Message.kind.in_(("text", "image")))
        .order_by(Message.id.desc())
        .limit(WINDOW)
    )
    zone = business_zone(session, visitor.actor.business_id)
    return [for_customer(message_row(row, zone)) for row in reversed(session.execute(query).all())]


def for_customer(row: MessageRow) -> MessageRow:
    """The row without what only staff may know: evidence, model, cost, staff's keys."""
    return MessageRow(
        id=row.id,
        conversation_id=row.conversation_id,
        author=row.author,
        author_name=row.author_name.split(" ")[0],
        kind=row.kind,
        body=row.body,
        at=row.at,
        day=row.day,
        delivery=row.delivery,
        key=row.key.removeprefix("web:") if row.author == "contact" else "",
        picture=row.picture,
        width=row.width,
        height=row.height,
    )
