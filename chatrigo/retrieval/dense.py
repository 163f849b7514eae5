"""The vectors of a business's entries: which are missing, keeping them, and the nearest ones.

A vector belongs to one model and to one wording. It is made by durable work after the entry was
saved (`chatrigo.workflows.vectors`); until then the entry is found by its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.models.knowledge import KnowledgeEntry, KnowledgeVector

NEAREST = 30
# More than this is about 500 tokens: the model would not read it.
MOST_CHARS = 1_500
# Up to so many vectors are all compared; from there the index is asked, which may miss a few.
ALL_COMPARED = 20_000
INDEXED_DIMENSIONS = 384


@dataclass(frozen=True, slots=True)
class Vector:
    """What a text means to a model, as pgvector writes it: `[0.1,0.2]`."""

    model: str
    text: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry without a vector, and the text to make it of."""

    entry_id: int
    text: str


def vector_of(model: str, numbers: Sequence[float]) -> Vector:
    return Vector(model, f"[{','.join(f'{number:.5g}' for number in numbers)}]", len(numbers))


def text_of(title: str, body: str) -> str:
    """What an entry's vector is made of."""
    return f"{title}\n{body}".strip()[:MOST_CHARS]


# The materialised part keeps the planner from the index where comparing all is quick and exact.
_ALL = text(
    """
    WITH compared AS MATERIALIZED (
        SELECT entry_id, 1 - (vector <=> CAST(:vector AS halfvec)) AS likeness
        FROM knowledge_vector
        WHERE business_id = :business AND model = :model AND dimensions = :dimensions)
    SELECT entry_id, likeness FROM compared ORDER BY likeness DESC, entry_id LIMIT :most
    """
)
_BY_INDEX = text(
    """
    SELECT entry_id, 1 - (vector::halfvec(384) <=> CAST(:vector AS halfvec(384))) AS likeness
    FROM knowledge_vector
    WHERE business_id = :business AND model = :model AND dimensions = 384
    ORDER BY vector::halfvec(384) <=> CAST(:vector AS halfvec(384)) LIMIT :most
    """
)
_SEARCH_WIDELY = text(
    "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true),"
    " set_config('hnsw.ef_search', '100', true)"
)
_KEEP = text(
    """
    INSERT INTO knowledge_vector (entry_id, business_id, model, made_of, dimensions, vector)
    VALUES (:entry, :business, :model, :made_of, :dimensions, CAST(:vector AS halfvec))
    ON CONFLICT (entry_id) DO UPDATE SET model = excluded.model, made_of = excluded.made_of,
        dimensions = excluded.dimensions, vector = excluded.vector
    """
)
_ANY = select(
    select(col(KnowledgeVector.entry_id))
    .where(
        col(KnowledgeVector.business_id) == bindparam("business"),
        col(KnowledgeVector.model) == bindparam("model"),
    )
    .exists()
)


def comparable(session: Session) -> bool:
    """Whether this PostgreSQL compares vectors at all."""
    return bool(session.execute(text("SELECT to_regtype('halfvec') IS NOT NULL")).scalar())


def has_vectors(session: Session, business_id: int, model: str) -> bool:
    """Whether a question's vector would be of use here."""
    return bool(session.execute(_ANY, {"business": business_id, "model": model}).scalar())


def nearest(
    session: Session, business_id: int, vector: Vector, entries: int, most: int = NEAREST
) -> dict[int, float]:
    """The entries nearest in meaning, nearest first, by cosine. `entries`: about how many."""
    asked = {"business": business_id, "model": vector.model, "vector": vector.text, "most": most}
    if entries > ALL_COMPARED and vector.dimensions == INDEXED_DIMENSIONS:
        session.execute(_SEARCH_WIDELY)
        rows = session.execute(_BY_INDEX, asked)
    else:
        rows = session.execute(_ALL, {**asked, "dimensions": vector.dimensions})
    found = {row.entry_id: float(row.likeness) for row in rows}
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def forget(session: Session, entry: KnowledgeEntry, *, unless: str = "") -> None:
    """Drop an entry's vector, `unless` it was made of that text."""
    gone = delete(KnowledgeVector).where(col(KnowledgeVector.entry_id) == entry.id)
    if unless:
        gone = gone.where(col(KnowledgeVector.made_of) != digest(unless))
    session.execute(gone)


def wanted(session: Session, business_id: int, model: str, most: int) -> list[Wanted]:
    """Enabled entries that have no vector of this model, the newest first."""
    made = select(col(KnowledgeVector.entry_id)).where(
        col(KnowledgeVector.entry_id) == col(KnowledgeEntry.id),
        col(KnowledgeVector.model) == model,
    )
    rows = session.execute(
        select(col(KnowledgeEntry.id), col(KnowledgeEntry.title), col(KnowledgeEntry.body))
        .where(
            col(KnowledgeEntry.business_id) == business_id,
            col(KnowledgeEntry.enabled).is_(True),
            ~made.exists(),
        )
        .order_by(col(KnowledgeEntry.id).desc())
        .limit(most)
    )
    return [Wanted(row.id, text_of(row.title, row.body)) for row in rows]


def keep(session: Session, business_id: int, vectors: Mapping[Wanted, Vector]) -> None:
    """Keep what was made, for the entries that still read as they did and are still enabled."""
    ids = [each.entry_id for each in vectors]
    rows = session.execute(
        select(col(KnowledgeEntry.id), col(KnowledgeEntry.title), col(KnowledgeEntry.body))
        .where(
            col(KnowledgeEntry.business_id) == business_id,
            col(KnowledgeEntry.id).in_(ids),
            col(KnowledgeEntry.enabled).is_(True),
        )
        .order_by(col(KnowledgeEntry.id))
        .with_for_update()
    )
    now_reads = {row.id: text_of(row.title, row.body) for row in rows}
    for each, vector in vectors.items():
        if now_reads.get(each.entry_id) != each.text:
            continue
        row = {
            "entry": each.entry_id,
            "business": business_id,
            "model": vector.model,
            "made_of": digest(each.text),
            "dimensions": vector.dimensions,
            "vector": vector.text,
        }
        session.execute(_KEEP, row)


def digest(text: str) -> str:
    """Tells wordings apart; nothing secret hangs on it."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()
