"""What comes in from a channel and what goes out to it, until its fate is known."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_list, json_map, key, moment, reference


class InboundEvent(SQLModel, table=True):
    """
    A vendor's call as it came, stored before it is acknowledged, and kept for a while.

    digest  of the body and the account: the same call again is the same row
    done_at when it was taken in; `problem` why it could not be
    """

    __tablename__ = "inbound_event"
    __table_args__ = (
        UniqueConstraint("channel_id", "digest"),
        Index("inbound_event_waiting", "id", postgresql_where=text("done_at IS NULL")),
    )

    id: int | None = key()
    business_id: int = business()
    channel_id: int = reference("channel.id", index=False)
    digest: str = Field(max_length=64)
    body: str
    received_at: datetime = moment()
    done_at: datetime | None = moment(nullable=True)
    problem: str = Field(default="", max_length=300)


class OutboxMessage(SQLModel, table=True):
    """
    A message on its way to a customer on a channel that is not our own chat.

    Rows of one conversation go out in the order of their ids, one at a time.

    key       our own, the same over every try; unique, so that a repeated write is no second send
    state     queued, sending, sent, delivered, read, failed, unknown
    payload   what `integrations.channels.port.Outgoing` needs besides the message's own text
    advice, error_code, error_key  of the last failure (`SendFailed`)
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("channel_id", "key"),
        Index("outbox_message_by_conversation", "conversation_id", "id"),
        Index(
            "outbox_message_by_provider",
            "channel_id",
            "provider_message_id",
            postgresql_where=text("provider_message_id <> ''"),
        ),
        Index(
            "outbox_message_on_its_way",
            "channel_id",
            "id",
            postgresql_where=text("state IN ('queued', 'sending', 'unknown')"),
        ),
    )

    id: int | None = key()
    business_id: int = business()
    channel_id: int = reference("channel.id", index=False)
    conversation_id: int = reference("conversation.id", index=False)
    message_id: int | None = reference("message.id", nullable=True)
    key: str = Field(max_length=128)
    to: str = Field(max_length=254)
    payload: dict[str, Any] = json_map()
    state: str = Field(default="queued", max_length=12)
    tries: int = 0
    not_before: datetime | None = moment(nullable=True)
    provider_message_id: str = Field(default="", max_length=200)
    advice: str = Field(default="", max_length=12)
    error_code: str = Field(default="", max_length=40)
    error_key: str = Field(default="", max_length=80)
    created_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
    delivered_at: datetime | None = moment(nullable=True)
    read_at: datetime | None = moment(nullable=True)
    failed_at: datetime | None = moment(nullable=True)


class MessageTemplate(SQLModel, table=True):
    """
    A WhatsApp template as Meta has it. `components` is Meta's own shape.

    status  APPROVED, PENDING, REJECTED, PAUSED, DISABLED
    """

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("channel_id", "name", "language"),)

    id: int | None = key()
    business_id: int = business()
    channel_id: int = reference("channel.id", index=False)
    provider_id: str = Field(default="", max_length=60)
    name: str = Field(max_length=512)
    language: str = Field(max_length=12)
    category: str = Field(max_length=20)
    status: str = Field(default="PENDING", max_length=20)
    components: list[dict[str, Any]] = json_list()
    reason: str = Field(default="", max_length=300)
    synced_at: datetime = moment()


class ApiKey(SQLModel, table=True):
    """A key with which another system speaks for the business. Only its hash is stored."""

    __tablename__ = "api_key"

    id: int | None = key()
    business_id: int = business()
    channel_id: int | None = reference("channel.id", nullable=True)
    name: str = Field(max_length=80)
    hint: str = Field(max_length=12)
    key_hash: str = Field(unique=True, max_length=64)
    created_by: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    created_at: datetime = moment()
    last_used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
