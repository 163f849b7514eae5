"""What was done that matters later: who, what, from where, before and after."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_map, key, moment, reference


class AuditEntry(SQLModel, table=True):
    """
    One sensitive act. Rows are only ever added: the app's role may not change or remove them.

    act      its name in the catalogue: `team.invited`, `knowledge.deleted`, `session.revoked`
    subject  what it was done to, in words that stay true when that is gone ("Rina, agent")
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_entry_by_time", "business_id", "id"),)

    id: int | None = key()
    business_id: int = business(index=False)
    account_id: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    actor_name: str = Field(default="", max_length=254)
    act: str = Field(max_length=60)
    subject: str = Field(default="", max_length=300)
    before: dict[str, Any] = json_map()
    after: dict[str, Any] = json_map()
    address: str = Field(default="", max_length=64)
    user_agent: str = Field(default="", max_length=300)
    created_at: datetime = moment()
