"""What the owner told the assistant, as versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_map, key, moment, reference


class InstructionVersion(SQLModel, table=True):
    """
    One version of a business's instructions. Customers meet the published one.

    state     draft (at most one), published (at most one), archived (was published once)
    revision  raised by every save: who saves over an older one is told
    failures  how many of the owner's own tests failed when it was published, for `reason`
    """

    __tablename__ = "instruction_version"
    __table_args__ = (
        UniqueConstraint("business_id", "number"),
        Index(
            "instruction_version_one_draft",
            "business_id",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "instruction_version_one_published",
            "business_id",
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    number: int = 1
    state: str = Field(default="draft", max_length=10)
    revision: int = 1

    name: str = Field(default="", max_length=60)
    persona: str = Field(default="", max_length=2000)
    tone: str = Field(default="", max_length=500)
    do: str = Field(default="", max_length=4000)
    dont: str = Field(default="", max_length=4000)
    more: str = Field(default="", max_length=4000)
    language: str = Field(default="customer", max_length=20)
    handover_line: str = Field(default="", max_length=500)
    hours: dict[str, Any] = json_map()
    topics: dict[str, Any] = json_map()

    note: str = Field(default="", max_length=300)
    from_number: int | None = None
    author_id: int | None = reference(
        "account.id", nullable=True, index=False, on_delete="SET NULL"
    )
    created_at: datetime = moment()
    changed_by: int | None = reference(
        "account.id", nullable=True, index=False, on_delete="SET NULL"
    )
    updated_at: datetime = moment()
    published_by: int | None = reference(
        "account.id", nullable=True, index=False, on_delete="SET NULL"
    )
    published_at: datetime | None = moment(nullable=True)
    failures: int = 0
    reason: str = Field(default="", max_length=500)
