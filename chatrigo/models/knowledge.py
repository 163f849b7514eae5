"""What the owner taught the assistant."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, key, moment, part_of_key, reference


class HalfVector(UserDefinedType[str]):
    """
    pgvector's half-precision vector of any length, written and read as its text.

    Our own type, because `pgvector.sqlalchemy` would load numpy into every process.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "halfvec"


ischema_names["halfvec"] = HalfVector  # known when a schema is read back


class KnowledgeEntry(SQLModel, table=True):
    """
    A question with its approved answer (`qa`), or a short text (`text`).

    `lemmas` is what `chatrigo.retrieval` made of title and body; empty for a disabled entry.

    A piece of a source has `source_id`, its `position` and `place` in it ("hal. 3"), and `origin`,
    the hash of what the source said: it differs from the text once the owner has edited it.
    `withheld` is a piece that the owner switched off by itself, however the source is switched.
    """

    __tablename__ = "knowledge_entry"
    __table_args__ = (
        # Deferred: pieces change places in one transaction.
        UniqueConstraint(
            "source_id",
            "position",
            name="knowledge_entry_place",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    id: int | None = key()
    business_id: int = business()
    kind: str = Field(default="qa", max_length=8)
    title: str = Field(max_length=300)
    body: str = Field(max_length=4000)
    lemmas: str = ""
    enabled: bool = True
    source_id: int | None = reference("knowledge_source.id", nullable=True, index=False)
    position: int | None = None
    place: str = Field(default="", max_length=300)
    origin: str = Field(default="", max_length=64)
    withheld: bool = False
    created_at: datetime = moment()
    updated_at: datetime = moment()


class KnowledgeTerm(SQLModel, table=True):
    """In how many enabled entries of a business a term stands."""

    __tablename__ = "knowledge_term"

    business_id: int = part_of_key("business.id")
    term: str = Field(primary_key=True, max_length=80)
    entries: int = 0


class KnowledgeVector(SQLModel, table=True):
    """
    What an enabled entry means to an embedding model, made after the entry is saved.

    Another model's vectors are never compared or converted: they are made anew. `made_of` is the
    digest of the text. In a PostgreSQL without pgvector `vector` is a plain array nobody searches.
    """

    __tablename__ = "knowledge_vector"
    __table_args__ = (
        Index("knowledge_vector_of_business", "business_id", "model"),
        Index(
            "knowledge_vector_nearest",
            text("(vector::halfvec(384)) halfvec_cosine_ops"),
            postgresql_using="hnsw",
            postgresql_where=text("dimensions = 384"),
        ),
    )

    entry_id: int = part_of_key("knowledge_entry.id")
    business_id: int = business(index=False)
    model: str = Field(max_length=120)
    made_of: str = Field(max_length=32)
    dimensions: int
    vector: str = Field(sa_column=Column(HalfVector, nullable=False))
