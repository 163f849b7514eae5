"""The pieces of one source, and the conversations in which it was used."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.knowledge.entries import holding
from chatrigo.domain.knowledge.pieces import Piece
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.source import KnowledgeSource

WINDOW = 20
USES = 5


@dataclass(frozen=True, slots=True)
class PieceRow:
    """`edited`: the owner has changed what the source said. `on`: not switched off by itself."""

    id: int
    title: str
    place: str
    body: str
    on: bool
    edited: bool


@dataclass(frozen=True, slots=True)
class PiecePage:
    """A window in the order of the document. `page` counts from 1."""

    rows: list[PieceRow]
    found: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class UseRow:
    """A conversation with an answer that rests on the source; `at` is when it was given."""

    conversation_id: int
    contact: str
    answer: str
    at: str


def list_pieces(
    session: Session, actor: Actor, source_id: Any, search: Any = "", page: Any = 1
) -> PiecePage:
    """A page that does not exist is the nearest that does."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id)
    matching = [
        KnowledgeEntry.business_id == actor.business_id,
        KnowledgeEntry.source_id == source.id,
        *holding(search),
    ]
    found = int(session.execute(select(func.count()).where(*matching)).scalar_one())
    pages = max(1, -(-found // WINDOW))
    current = min(max(page, 1), pages) if isinstance(page, int) else 1
    query = (
        select(KnowledgeEntry)
        .where(*matching)
        .order_by(col(KnowledgeEntry.position))
        .offset((current - 1) * WINDOW)
        .limit(WINDOW)
    )
    rows = [_row(entry) for entry in session.execute(query).scalars()]
    return PiecePage(rows, found, current, pages)


def get_piece(session: Session, actor: Actor, piece_id: Any) -> PieceRow:
    require(actor, "teach")
    return _row(owned(session, actor, KnowledgeEntry, piece_id))


_USES = text(
    """
    SELECT * FROM (
        SELECT DISTINCT ON (m.conversation_id) m.conversation_id, k.name, m.body, m.created_at
        FROM message m
        JOIN conversation c ON c.id = m.conversation_id
        JOIN contact k ON k.id = c.contact_id,
        jsonb_array_elements(m.evidence) AS said
        WHERE m.business_id = :business AND m.author = 'ai' AND m.evidence <> '[]'
          AND m.created_at > now() - interval '90 days'
          AND CAST(said ->> 'entry_id' AS bigint) = ANY(CAST(:pieces AS bigint[]))
        ORDER BY m.conversation_id, m.id DESC
    ) AS latest
    ORDER BY created_at DESC LIMIT :most
    """
)


def list_uses(session: Session, actor: Actor, source_id: Any) -> list[UseRow]:
    """The last conversations that it was used in, the newest first."""
    require(actor, "teach")
    source = owned(session, actor, KnowledgeSource, source_id)
    pieces = select(KnowledgeEntry.id).where(KnowledgeEntry.source_id == source.id)
    asked = {
        "business": actor.business_id,
        "pieces": list(session.execute(pieces).scalars()),
        "most": USES,
    }
    return [
        UseRow(conversation, name, body[:200], at.isoformat())
        for conversation, name, body, at in session.execute(_USES, asked)
    ]


def _row(entry: KnowledgeEntry) -> PieceRow:
    assert entry.id
    return PieceRow(
        id=entry.id,
        title=entry.title,
        place=entry.place,
        body=entry.body,
        on=not entry.withheld,
        edited=bool(entry.origin)
        and Piece(entry.title, entry.place, entry.body).origin != entry.origin,
    )
