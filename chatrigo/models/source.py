"""Where knowledge comes from that was not typed in, and what was proposed as knowledge."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, json_map, key, moment, reference


class KnowledgeSource(SQLModel, table=True):
    """
    A file, a web page, a site's map or an exported chat, of which pieces or proposals are made.

    kind      file, page, sitemap, whatsapp
    address   the page's or map's URL, or the file's own name
    state     queued, reading, indexing, ready, failed, cancelled
    run       counts the imports: what belongs to an older one is thrown away
    error     a catalogue key; on a source that is ready it is a warning ("read up to page 500")
    sha256    the original, in the business's own room of the storage
    digest    of the text that the pieces were made of: the same text is not indexed again
    wake      counts the appointments for fetching it again: only the newest is kept
    misses    how often in a row the page was gone
    """

    __tablename__ = "knowledge_source"
    __table_args__ = (Index("knowledge_source_by_file", "business_id", "sha256"),)

    id: int | None = key()
    business_id: int = business()
    kind: str = Field(max_length=12)
    name: str = Field(max_length=300)
    address: str = Field(default="", max_length=2000)
    state: str = Field(default="queued", max_length=12)
    run: int = 0
    done: int = 0
    total: int = 0
    error: str = Field(default="", max_length=80)
    error_values: dict[str, Any] = json_map()
    format: str = Field(default="", max_length=12)
    sha256: str = Field(default="", max_length=64)
    bytes: int = 0
    digest: str = Field(default="", max_length=64)
    pieces: int = 0
    details: dict[str, Any] = json_map()
    schedule: str = Field(default="never", max_length=8)
    wake: int = 0
    misses: int = 0
    enabled: bool = True
    created_by: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    created_at: datetime = moment()
    checked_at: datetime | None = moment(nullable=True)
    indexed_at: datetime | None = moment(nullable=True)


class KnowledgeProposal(SQLModel, table=True):
    """
    A question with its answer that nobody has approved: the assistant does not see it.

    origin_kind  where it comes from: whatsapp, edit (what staff made of an answer), ...
    origin       where exactly: a line of the chat, the number of a message
    same         what makes two questions the same, so that one origin proposes each once
    state        proposed, approved (then `entry_id` is the entry it became), rejected
    """

    __tablename__ = "knowledge_proposal"
    __table_args__ = (
        UniqueConstraint("source_id", "same", name="knowledge_proposal_once"),
        Index("knowledge_proposal_by_state", "business_id", "state", "id"),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    source_id: int | None = reference("knowledge_source.id", nullable=True, index=False)
    origin_kind: str = Field(max_length=12)
    origin: str = Field(default="", max_length=200)
    question: str = Field(max_length=300)
    answer: str = Field(max_length=4000)
    same: str = Field(max_length=300)
    state: str = Field(default="proposed", max_length=10)
    entry_id: int | None = reference("knowledge_entry.id", nullable=True, on_delete="SET NULL")
    decided_by: int | None = reference("account.id", nullable=True, on_delete="SET NULL")
    created_at: datetime = moment()
    decided_at: datetime | None = moment(nullable=True)
