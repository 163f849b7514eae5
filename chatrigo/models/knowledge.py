"""What the owner taught the assistant."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Computed, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, key, moment, part_of_key


class KnowledgeEntry(SQLModel, table=True):
    """
    A question with its approved answer (`qa`), or a short text (`text`).

    `lemmas` is what `chatrigo.retrieval` made of title and body; the database indexes it.
    """

    __tablename__ = "knowledge_entry"
    __table_args__ = (Index("knowledge_entry_lem", "lem", postgresql_using="gin"),)

    id: int | None = key()
    business_id: int = business()
    kind: str = Field(default="qa", max_length=8)
    title: str = Field(max_length=300)
    body: str = Field(max_length=4000)
    lemmas: str = ""
    lem: Any = Field(
        default=None,
        sa_column=Column(TSVECTOR, Computed("to_tsvector('simple', lemmas)", persisted=True)),
    )
    enabled: bool = True
    created_at: datetime = moment()
    updated_at: datetime = moment()


class KnowledgeTerm(SQLModel, table=True):
    """In how many enabled entries of a business a term stands."""

    __tablename__ = "knowledge_term"

    business_id: int = part_of_key("business.id")
    term: str = Field(primary_key=True, max_length=80)
    entries: int = 0
