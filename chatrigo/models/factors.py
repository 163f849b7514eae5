"""What a person proves themselves with besides a password: app, recovery codes, passkeys."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import json_list, key, locked, moment, part_of_key, reference


class Totp(SQLModel, table=True):
    """
    An account's authenticator app; until `confirmed_at` it is only being set up.

    `secret` is locked (`security.lock`) for this account. `last_step` is the newest step of 30
    seconds whose code was accepted: that code, and older ones, are good no more.
    """

    account_id: int | None = part_of_key("account.id")
    secret: str = locked("authenticator app of account {account_id}")
    last_step: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = moment()
    confirmed_at: datetime | None = moment(nullable=True)


class RecoveryCode(SQLModel, table=True):
    """One of the ten codes on paper; only its hash is stored."""

    __tablename__ = "recovery_code"

    id: int | None = key()
    account_id: int = reference("account.id")
    code_hash: str
    created_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class Passkey(SQLModel, table=True):
    """
    A WebAuthn credential. `user_handle` is what the authenticator calls the account: random, and
    the same for all of its passkeys.
    """

    id: int | None = key()
    account_id: int = reference("account.id")
    credential_id: str = Field(unique=True, max_length=1400)
    user_handle: str = Field(max_length=90)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    transports: list[Any] = json_list()
    backed_up: bool = False
    name: str = Field(max_length=60)
    created_at: datetime = moment()
    last_used_at: datetime | None = moment(nullable=True)
