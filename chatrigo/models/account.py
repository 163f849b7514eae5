"""People who sign in: accounts, their businesses, one-time codes and sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_map, key, locked, moment, reference


class Account(SQLModel, table=True):
    """A person; `email` is stored lower-case, `phone` in E.164."""

    id: int | None = key()
    email: str = Field(unique=True, max_length=254)
    name: str = Field(default="", max_length=120)
    password_hash: str
    phone: str | None = Field(default=None, max_length=16)
    created_at: datetime = moment()


class Membership(SQLModel, table=True):
    """A person's role in a business."""

    __table_args__ = (UniqueConstraint("business_id", "account_id"),)

    id: int | None = key()
    business_id: int = business()
    account_id: int = reference("account.id")
    role: str = Field(default="owner", max_length=20)
    created_at: datetime = moment()


class Challenge(SQLModel, table=True):
    """
    A one-time code that was sent and awaits its answer.

    Codes, tickets and browsers are stored hashed. `payload` carries a sign-up until it is
    confirmed, so that an address becomes an account only once its owner has shown the code.
    """

    id: int | None = key()
    purpose: str = Field(max_length=20)
    email: str = Field(max_length=254, index=True)
    account_id: int | None = reference("account.id", nullable=True)
    browser_hash: str = Field(max_length=64)
    code_hash: str = Field(max_length=64)
    payload: dict[str, Any] = json_map()
    tries: int = 0
    created_at: datetime = moment()
    sent_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    ticket_hash: str | None = Field(default=None, max_length=64, index=True)


class AuthSession(SQLModel, table=True):
    """
    A signed-in browser. Only the hash of its token is stored.

    `confirmed_at` is when the person last proved who they are in it: signing in, or stepping up.
    `rotated_by` is the hash of the ticket for which its token was last made anew: by it the tab
    that asked still finds the session, since its socket only knows the token of before.
    `support_id` is the owner's consent under which one of our operators looks at `business_id`.
    """

    __tablename__ = "auth_session"

    id: int | None = key()
    token_hash: str = Field(unique=True, max_length=64)
    account_id: int = reference("account.id")
    business_id: int = business()
    user_agent: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
    expires_at: datetime = moment()
    confirmed_at: datetime = moment()
    rotated_by: str | None = Field(default=None, max_length=64, unique=True)
    revoked_at: datetime | None = moment(nullable=True)
    support_id: int | None = reference("support_grant.id", nullable=True, on_delete="SET NULL")


class TrustedDevice(SQLModel, table=True):
    """A browser in which the account's password is enough. Only the hash of its token is stored."""

    __tablename__ = "trusted_device"

    id: int | None = key()
    account_id: int = reference("account.id")
    token_hash: str = Field(unique=True, max_length=64)
    user_agent: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    created_at: datetime = moment()
    last_used_at: datetime = moment()
    expires_at: datetime = moment()


class OutgoingMail(SQLModel, table=True):
    """
    A mail that is promised and not yet sent; it is deleted once it is.

    `locked` holds address and text, encrypted: codes are never stored readable.
    """

    __tablename__ = "outgoing_mail"

    id: int | None = key()
    channel: str = Field(default="email", max_length=20)
    locked: str = locked("mail by {channel}")
    created_at: datetime = moment()
    expires_at: datetime = moment()


class DemoMail(SQLModel, table=True):
    """A mail that would have been sent: the demo mailbox. Written in demo mode only."""

    __tablename__ = "demo_mail"

    id: int | None = key()
    to: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    sent_at: datetime = moment()


class RateLimit(SQLModel, table=True):
    """How often something named has happened in the current window."""

    __tablename__ = "rate_limit"

    name: str = Field(primary_key=True, max_length=200)
    window_start: datetime = moment()
    count: int = 0
