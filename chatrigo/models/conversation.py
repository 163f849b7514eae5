"""Contacts, the channels they write on, conversations and messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import (
    business,
    json_list,
    json_map,
    key,
    locked,
    moment,
    part_of_key,
    reference,
)


class Channel(SQLModel, table=True):
    """
    An account on which customers write: the shop's own web chat, a WhatsApp number, a bot ...

    kind         web, whatsapp, telegram, instagram, messenger, email, api
    external_id  what the vendor calls the account; of one kind it belongs to one business
    state        connecting, live, paused (by the owner), broken (`problem` says why)
    secrets      tokens and passwords as JSON, locked by `chatrigo.security.lock` for
                 "channel <id>"
    settings     what is not secret: a WhatsApp Business account's id, polling, ...
    hook         the random part of the address that the vendor calls
    """

    __table_args__ = (
        Index(
            "channel_account",
            "kind",
            "external_id",
            unique=True,
            postgresql_where=text("external_id <> ''"),
        ),
        Index("channel_by_hook", "hook", unique=True, postgresql_where=text("hook <> ''")),
    )

    id: int | None = key()
    business_id: int = business()
    kind: str = Field(default="web", max_length=20)
    name: str = Field(default="", max_length=120)
    external_id: str = Field(default="", max_length=254)
    state: str = Field(default="live", max_length=12)
    problem: str = Field(default="", max_length=80)
    secrets: str = locked("channel {id}")
    settings: dict[str, Any] = json_map()
    hook: str = Field(default="", max_length=64)
    checked_at: datetime | None = moment(nullable=True)
    last_in_at: datetime | None = moment(nullable=True)
    last_out_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class Contact(SQLModel, table=True):
    """A customer."""

    id: int | None = key()
    business_id: int = business()
    name: str = Field(default="", max_length=120)
    created_at: datetime = moment()


class ContactIdentity(SQLModel, table=True):
    """Who a contact is on one channel; a web visitor's key is stored hashed."""

    __tablename__ = "contact_identity"
    __table_args__ = (UniqueConstraint("channel_id", "external_id"),)

    id: int | None = key()
    business_id: int = business()
    channel_id: int = reference("channel.id", index=False)
    contact_id: int = reference("contact.id")
    external_id: str = Field(max_length=128)


class Conversation(SQLModel, table=True):
    """
    One exchange with one contact on one channel, from its first message until it is resolved.

    status   open, pending, resolved
    handler  ai or human: who answers next
    needs_person  why a person is wanted (`asked_for_person`, `no_evidence`, ...), or empty
    ai_turns      answers of the assistant since a person last took part
    window_closes_at  until when the vendor lets us answer freely, where it has such a rule
    """

    __table_args__ = (
        # A contact has at most one conversation that is not resolved on a channel.
        Index(
            "conversation_one_active",
            "channel_id",
            "contact_id",
            unique=True,
            postgresql_where=text("status <> 'resolved'"),
        ),
        Index("conversation_by_news", "business_id", "last_message_at", "id"),
        Index("conversation_by_status", "business_id", "status", "last_message_at"),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    channel_id: int = reference("channel.id", index=False)
    contact_id: int = reference("contact.id")
    status: str = Field(default="open", max_length=12)
    handler: str = Field(default="ai", max_length=8)
    needs_person: str = Field(default="", max_length=40)
    assignee_id: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    unread: int = 0
    ai_turns: int = 0
    locale: str = Field(default="id", max_length=5)
    snippet: str = Field(default="", max_length=160)
    snippet_author: str = Field(default="contact", max_length=10)
    last_message_at: datetime = moment()
    created_at: datetime = moment()
    resolved_at: datetime | None = moment(nullable=True)
    window_closes_at: datetime | None = moment(nullable=True)


class ConversationLabel(SQLModel, table=True):
    __tablename__ = "conversation_label"

    conversation_id: int = part_of_key("conversation.id")
    label_id: int = part_of_key("label.id", index=True)
    business_id: int = business()


class Attachment(SQLModel, table=True):
    """A picture, stored once by the hash of its content."""

    id: int | None = key()
    business_id: int = business()
    sha256: str = Field(max_length=64)
    mime: str = Field(max_length=60)
    bytes: int
    width: int = 0
    height: int = 0
    created_at: datetime = moment()


class Message(SQLModel, table=True):
    """
    One bubble, note or event.

    author    contact, ai, human, system
    kind      text, image, note (staff only), event (`body` is the event's code); from channels
              also audio, video, document, sticker, location, contacts, order, other
    delivery  sent; on channels also queued, sending, delivered, read, failed, unknown
    verdict   what staff think of an answer of the assistant: good, bad, or empty
    in_reply_to  the contact's message that an answer of the assistant settles; unique, so a
                 message is answered once however often its workflow runs
    """

    __table_args__ = (
        Index(
            "message_once_per_channel",
            "channel_id",
            "provider_message_id",
            unique=True,
            postgresql_where=text("provider_message_id IS NOT NULL"),
        ),
        Index(
            "message_answered_once",
            "in_reply_to",
            unique=True,
            postgresql_where=text("in_reply_to IS NOT NULL"),
        ),
        Index("message_by_conversation", "conversation_id", "id"),
        Index("message_judged", "business_id", "id", postgresql_where=text("verdict <> ''")),
    )

    id: int | None = key()
    business_id: int = business()
    conversation_id: int = reference("conversation.id", index=False)
    channel_id: int = reference("channel.id", index=False)
    author: str = Field(max_length=10)
    kind: str = Field(default="text", max_length=10)
    account_id: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    body: str = Field(default="")
    attachment_id: int | None = reference("attachment.id", nullable=True, on_delete="SET NULL")
    provider_message_id: str | None = Field(default=None, max_length=128)
    in_reply_to: int | None = reference("message.id", nullable=True, index=False)
    delivery: str = Field(default="sent", max_length=12)
    evidence: list[dict[str, Any]] = json_list()
    generation: dict[str, Any] = json_map()
    verdict: str = Field(default="", max_length=4, sa_column_kwargs={"server_default": ""})
    created_at: datetime = moment()
