"""What the assistant may do, and what it did."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_list, json_map, key, locked, moment, reference


class ToolCall(SQLModel, table=True):
    """
    One call of a tool while a customer's message was answered.

    The same call for the same message exists once: a workflow that runs again finds what it did.

    effect  reads, writes, outside
    state   running (begun, its end unknown), done, refused (the tool said no), failed
    """

    __tablename__ = "tool_call"
    __table_args__ = (
        UniqueConstraint("message_id", "name", "arguments_hash", name="tool_call_once"),
        Index("tool_call_by_conversation", "conversation_id", "id"),
    )

    id: int | None = key()
    business_id: int = business()
    conversation_id: int = reference("conversation.id", index=False)
    message_id: int = reference("message.id", index=False)
    step: int
    name: str = Field(max_length=60)
    arguments: dict[str, Any] = json_map()
    arguments_hash: str = Field(max_length=64)
    effect: str = Field(max_length=8)
    state: str = Field(default="running", max_length=8)
    result: str = Field(default="", max_length=4100)
    milliseconds: int = 0
    created_at: datetime = moment()


class HttpTool(SQLModel, table=True):
    """
    A tool of the owner's own: a request to a server of theirs.

    `arguments` are `{"name", "kind", "description", "required"}`; `headers` the locked JSON of
    the secret headers, `secret` the locked key that signs each request.
    """

    __tablename__ = "http_tool"
    __table_args__ = (UniqueConstraint("business_id", "name", name="http_tool_name_once"),)

    id: int | None = key()
    business_id: int = business(index=False)
    name: str = Field(max_length=40)
    description: str = Field(max_length=500)
    method: str = Field(default="GET", max_length=6)
    url: str = Field(max_length=1000)
    arguments: list[dict[str, Any]] = json_list()
    header_names: list[str] = json_list()
    headers: str = locked("headers of http tool {id} of business {business_id}")
    secret: str = locked("signature of http tool {id} of business {business_id}")
    effect: str = Field(default="reads", max_length=8)
    seconds: int = 5
    verified_only: bool = False
    enabled: bool = True
    created_at: datetime = moment()
    updated_at: datetime = moment()


class ContactField(SQLModel, table=True):
    """Something a customer told of themselves, checked: name, phone, email, address, note."""

    __tablename__ = "contact_field"
    __table_args__ = (UniqueConstraint("contact_id", "name", name="contact_field_once"),)

    id: int | None = key()
    business_id: int = business()
    contact_id: int = reference("contact.id", index=False)
    name: str = Field(max_length=20)
    value: str = Field(max_length=500)
    updated_at: datetime = moment()


class FollowUp(SQLModel, table=True):
    """Something that a person is to do about a conversation by a certain time."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("message_id", name="follow_up_once_per_message"),
        Index("follow_up_by_time", "business_id", "done_at", "due_at"),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    conversation_id: int = reference("conversation.id")
    message_id: int | None = reference("message.id", index=False, nullable=True)
    what: str = Field(max_length=300)
    due_at: datetime = moment()
    done_at: datetime | None = moment(nullable=True)
    done_by: int | None = reference("account.id", index=False, nullable=True, on_delete="SET NULL")
    created_at: datetime = moment()


class ContactProof(SQLModel, table=True):
    """
    A customer proves in the chat that an e-mail address is theirs: by a code that was sent to it.

    Only the code's seal is stored. `proved_at` is when it was answered.
    """

    __tablename__ = "contact_proof"

    id: int | None = key()
    business_id: int = business()
    conversation_id: int = reference("conversation.id")
    contact_id: int = reference("contact.id")
    email: str = Field(max_length=254)
    code_hash: str = Field(max_length=64)
    tries: int = 0
    expires_at: datetime = moment()
    proved_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
