"""
The customer's own view: a shop's chat page, seen by whoever holds a visitor's key.

The key is a random word that the browser keeps; here only its hash is known. A customer sees
neither notes nor events, and nobody else's conversation.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from chatrigo import limits, security
from chatrigo.domain.access import Actor, entering
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
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel, ContactIdentity, Conversation, Message
from chatrigo.models.instructions import InstructionVersion

_ASSISTANT = (
    select(Assistant.enabled, InstructionVersion.name)
    .outerjoin(
        InstructionVersion,
        (InstructionVersion.business_id == Assistant.business_id)
        & (InstructionVersion.state == "published"),
    )
    .where(Assistant.business_id == bindparam("shop"))
)
SHOWN = ("text", "image")
SLUG = re.compile(r"[a-z0-9-]{1,60}")
VISITOR_KEY = re.compile(r"[A-Za-z0-9_-]{20,128}")
MESSAGE_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHOP = entering(Business).where(Business.slug == bindparam("slug"))
_AT_THE_DOOR = (
    select(Channel.id, ContactIdentity.contact_id)
    .outerjoin(
        ContactIdentity,
        (ContactIdentity.channel_id == Channel.id)
        & (ContactIdentity.external_id == bindparam("name")),
    )
    .where(Channel.business_id == bindparam("shop"), Channel.kind == "web")
)
TICKET_VALID = timedelta(days=7)  # a message may wait that long for a connection


@dataclass(frozen=True, slots=True)
class ShopRow:
    """What anybody may know of a shop; `closed` is one that we have suspended."""

    business_id: int
    slug: str
    name: str
    greeting: str
    zone: str
    quick_questions: list[str]
    assistant_name: str
    assistant_on: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ChatView:
    """
    `conversation_id` is 0 until the customer has written.

    handler  ai or human: who answers what the customer writes next
    waiting  a person was called and has not answered yet
    """

    shop: ShopRow
    conversation_id: int
    handler: str
    waiting: bool
    messages: list[MessageRow]
    has_earlier: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever holds the key, at one shop. `contact_id` is 0 until they have written."""

    actor: Actor
    channel_id: int
    external_id: str
    contact_id: int

    @property
    def name(self) -> str:
        """Unlike any other visitor's, at any shop."""
        return f"{self.channel_id}:{self.external_id}"


def open_chat(session: Session, actor: Actor, slug: Any, key: Any) -> ChatView:
    """The shop and what this visitor and it have said. Raises NotFound for an unknown shop."""
    business = _business(session, slug)
    visitor = _visitor(session, business, key)
    conversation = _conversation(session, visitor)
    shop = _shop_row(session, business)
    messages = _messages(session, visitor)
    handler = "ai" if shop.assistant_on else "human"
    if conversation is not None and conversation.status != "resolved":
        handler = conversation.handler
    return ChatView(
        shop=shop,
        conversation_id=conversation.id or 0 if conversation else 0,
        handler=handler,
        waiting=bool(conversation and handler == "human" and conversation.needs_person),
        messages=messages[-WINDOW:],
        has_earlier=len(messages) > WINDOW,
    )


def list_earlier(
    session: Session, actor: Actor, slug: Any, key: Any, before: int
) -> list[MessageRow]:
    """
    The window above a message, oldest first; one more than WINDOW tells that there is yet more.

    Raises NotFound, Invalid.
    """
    return _messages(session, identify(session, slug, key), before)


def find_conversation(session: Session, actor: Actor, slug: Any, key: Any) -> int:
    """This visitor's latest conversation, 0 before there is one. Raises NotFound, Invalid."""
    conversation = _conversation(session, identify(session, slug, key))
    return conversation.id or 0 if conversation else 0


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
    ticket: Any = "",
) -> Received:
    """
    The visitor writes. The same `message_id` is stored once, however often it comes.

    `ticket` is what `ticket_for` gave for a picture. Raises NotFound, Invalid, LimitReached.
    """
    visitor = identify(session, slug, key)
    _check(session, "web message by visitor", visitor)
    if address and not visitor.contact_id:
        limits.check(session, "web conversation by address", address)
    inbound = Inbound(
        channel_id=visitor.channel_id,
        external_id=visitor.external_id,
        message_id=_message_key(visitor, message_id),
        body=body if isinstance(body, str) else "",
        locale=locale,
        attachment_id=_attachment_of(visitor, ticket) if ticket else 0,
        contact_id=visitor.contact_id,
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


def ticket_for(visitor: Visitor, attachment_id: int) -> str:
    """
    Proof that this visitor uploaded this picture, for the message that will carry it.

    The picture's number alone is none: it is easily guessed, and a message shows its picture.
    """
    signature = security.sign("attachment", f"{visitor.name}:{attachment_id}", now() + TICKET_VALID)
    return f"{attachment_id}.{signature}"


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
    return row.kind in SHOWN


def _attachment_of(visitor: Visitor, ticket: Any) -> int:
    id, _, signature = str(ticket).partition(".")
    if not security.verify("attachment", f"{visitor.name}:{id}", signature):
        raise Invalid("errors.attachment_unknown")
    return int(id)


def _message_key(visitor: Visitor, sent: Any) -> str:
    """
    Each visitor has keys of their own, so that nobody's message passes for another's repeat.

    Raises Invalid for what no page of ours makes.
    """
    if not (isinstance(sent, str) and MESSAGE_KEY.fullmatch(sent)):
        raise Invalid("errors.message_key")
    return f"web:{visitor.external_id[:32]}:{sent}"


def _check(session: Session, limit: str, visitor: Visitor) -> None:
    limits.check(session, limit, visitor.name)


def _business(session: Session, slug: Any) -> Business:
    """From here on the transaction acts for the shop."""
    name = str(slug or "").lower()
    if not SLUG.fullmatch(name):
        raise NotFound("errors.shop_unknown")
    found = session.execute(_SHOP, {"slug": name}).first()
    if found is None:
        raise NotFound("errors.shop_unknown")
    business: Business = found[0]
    return business


def _visitor(session: Session, business: Business, key: Any) -> Visitor:
    text = str(key or "")
    if not VISITOR_KEY.fullmatch(text):
        raise Invalid("errors.visitor_key")
    assert business.id
    name = hashlib.sha256(text.encode()).hexdigest()
    found = session.execute(_AT_THE_DOOR, {"shop": business.id, "name": name}).first()
    if found is None:
        raise NotFound("errors.shop_unknown")
    actor = Actor(None, business.id, "visitor")
    return Visitor(actor, found.id, name, found.contact_id or 0)


def _shop_row(session: Session, business: Business) -> ShopRow:
    assert business.id
    found = session.execute(_ASSISTANT, {"shop": business.id}).first()
    return ShopRow(
        business_id=business.id,
        slug=business.slug,
        name=business.name,
        greeting=business.greeting,
        zone=business.zone,
        quick_questions=list(business.quick_questions),
        assistant_name=(found.name or "") if found else "",
        assistant_on=bool(found and found.enabled),
        closed=business.suspended_at is not None,
    )


def _conversation(session: Session, visitor: Visitor) -> Conversation | None:
    query = (
        select(Conversation)
        .where(
            Conversation.channel_id == visitor.channel_id,
            Conversation.contact_id == visitor.contact_id,
        )
        .order_by(Conversation.id.desc())
        .limit(1)
    )
    return session.execute(query).scalars().first()


def _messages(session: Session, visitor: Visitor, before: int = 0) -> list[MessageRow]:
    """A window, and one more, over all of this visitor's conversations, oldest first."""
    mine = select(Conversation.id).where(
        Conversation.channel_id == visitor.channel_id,
        Conversation.contact_id == visitor.contact_id,
    )
    query: Select[Any] = message_query().where(
        Message.conversation_id.in_(mine), Message.kind.in_(SHOWN)
    )
    if before:
        query = query.where(Message.id < before)
    found = session.execute(query.order_by(Message.id.desc()).limit(WINDOW + 1)).all()
    zone = business_zone(session, visitor.actor.business_id)
    return [for_customer(message_row(row, zone)) for row in reversed(found)]


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
        key=row.key.rpartition(":")[2] if row.author == "contact" else "",
        picture=row.picture,
        width=row.width,
        height=row.height,
    )
