"""Our own team: who operates Chatrigo, and what an owner allowed them to look at."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, key, moment, part_of_key, reference


class Operator(SQLModel, table=True):
    """
    An account of our own team. Rows come from the command `operator`, never from the web: the
    app's role may only read them, and only the one of whoever is asking.
    """

    account_id: int = part_of_key("account.id")
    granted_at: datetime = moment()


class SupportGrant(SQLModel, table=True):
    """An owner's consent that our team looks at the business, read-only, until `expires_at`."""

    __tablename__ = "support_grant"
    __table_args__ = (Index("support_grant_by_business", "business_id", "expires_at"),)

    id: int | None = key()
    business_id: int = business(index=False)
    granted_by: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    granted_by_name: str = Field(default="", max_length=254)
    hours: int
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
