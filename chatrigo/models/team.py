"""Invitations: people who may join a business, until they do."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, key, moment, reference


class Invitation(SQLModel, table=True):
    """
    An address that may take a role. Only the hash of the token in its mail is stored.

    delivery  waiting, sent, failed: what became of the latest mail
    sends     how many mails were asked for; each carries a new token, and the old one is void
    """

    __table_args__ = (
        # An address has at most one invitation of a business that is still open.
        Index(
            "invitation_one_open",
            "business_id",
            "email",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    email: str = Field(max_length=254)
    role: str = Field(max_length=20)
    token_hash: str = Field(unique=True, max_length=64)
    inviter_id: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    locale: str = Field(default="id", max_length=5)
    delivery: str = Field(default="waiting", max_length=12)
    sends: int = 1
    created_at: datetime = moment()
    sent_at: datetime = moment()
    expires_at: datetime = moment()
    accepted_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
