"""The lexical index of each business: its lemmas stored with the entries, searched in memory.

PostgreSQL will not use a full-text index under row-level security (its operator is not marked
leakproof), and reading 2,000 entries a question costs more than everything else. So a process
keeps the index of the businesses asked last, each good for one revision, and a question costs two
short round trips: the revision, and the rows that were found. The revision is a row of
`knowledge_term`; it changes in the transaction that changes an entry.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from secrets import randbits
from threading import Lock
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.models.knowledge import KnowledgeEntry, KnowledgeTerm
from chatrigo.retrieval.dense import Vector, forget, nearest, text_of
from chatrigo.retrieval.fuse import find
from chatrigo.retrieval.rank import Entry, Hit, LexicalIndex, lemmas_of
from chatrigo.retrieval.spelling import Vocabulary, repair
from chatrigo.retrieval.text import query_terms, terms

REVISION = "#revision"
KEPT_POSTINGS = 1_000_000

# Made once: putting a statement together costs about as much as running it.
_REVISION = select(col(KnowledgeTerm.entries)).where(
    col(KnowledgeTerm.business_id) == bindparam("business"), col(KnowledgeTerm.term) == REVISION
)
_ENTRIES = select(
    col(KnowledgeEntry.id),
    col(KnowledgeEntry.kind),
    col(KnowledgeEntry.title),
    col(KnowledgeEntry.body),
).where(
    col(KnowledgeEntry.business_id) == bindparam("business"),
    col(KnowledgeEntry.id) == func.any(bindparam("ids", type_=ARRAY(BigInteger))),
    col(KnowledgeEntry.enabled).is_(True),
)


def search(
    session: Session, business_id: int, query: str, limit: int = 5, vector: Vector | None = None
) -> list[Hit]:
    """The entries of a business that speak of what `query` asks, best first.

    `vector` is what `formal(query)` means to the model whose vectors are to be compared; without
    it the words alone count.
    """
    asked = query_terms(query)
    known = _known(session, business_id) if asked else None
    if known is None:
        return []
    near = nearest(session, business_id, vector, len(known.index.ids)) if vector else {}
    asked = repair(asked, known.vocabulary)
    load = partial(_entries, session, business_id)
    return find(asked, known.index, load, near, limit, vector.model if vector else "")


def index(session: Session, entry: KnowledgeEntry) -> None:
    """Make a new or changed entry searchable as it now is, when the transaction commits.

    A disabled entry leaves the index. Safe to repeat.
    """
    session.add(entry)
    session.flush()
    # What the row holds once it is ours: somebody else may have changed its other half.
    row = session.execute(
        select(col(KnowledgeEntry.title), col(KnowledgeEntry.body), col(KnowledgeEntry.enabled))
        .where(col(KnowledgeEntry.id) == entry.id)
        .with_for_update()
    ).one()
    forget(session, entry, unless=text_of(row.title, row.body) if row.enabled else "")
    _store(session, entry, _lemmas(row))


def index_new(session: Session, entries: Sequence[KnowledgeEntry]) -> None:
    """
    As `index`, for many entries of one business that are not stored yet.

    What has `lemmas` already (of `lemmas_for`, made before the transaction) is taken as it is.
    """
    for entry in entries:
        entry.lemmas = (entry.lemmas or _lemmas(entry)) if entry.enabled else ""
    session.add_all(entries)
    session.flush()
    if entries:
        touch(session, entries[0].business_id)


def touch(session: Session, business_id: int) -> None:
    """Have every process read the index of a business anew, once the transaction commits."""
    # Drawn by lot: a revision counted up would come again after a rollback.
    changed = insert(KnowledgeTerm).values(
        business_id=business_id, term=REVISION, entries=randbits(31)
    )
    session.execute(
        changed.on_conflict_do_update(
            index_elements=[col(KnowledgeTerm.business_id), col(KnowledgeTerm.term)],
            set_={"entries": changed.excluded.entries},
        )
    )


def unindex(session: Session, entry: KnowledgeEntry) -> None:
    """Take an entry out of the index, before it is deleted for example."""
    forget(session, entry)
    _store(session, entry, "")


def reindex(session: Session, business_id: int) -> int:
    """Make every entry of a business searchable anew, after the rules for words have changed."""
    entries = session.scalars(
        select(KnowledgeEntry).where(col(KnowledgeEntry.business_id) == business_id)
    ).all()
    for entry in entries:
        index(session, entry)
    return len(entries)


def _store(session: Session, entry: KnowledgeEntry, lemmas: str) -> None:
    session.execute(
        update(KnowledgeEntry).where(col(KnowledgeEntry.id) == entry.id).values(lemmas=lemmas)
    )
    touch(session, entry.business_id)


def _lemmas(row: Any) -> str:
    return lemmas_for(row.title, row.body) if row.enabled else ""


def lemmas_for(title: str, body: str) -> str:
    """What an entry is found by: a millisecond of work for a hundred words."""
    lemmas = lemmas_of(terms(title), terms(body))
    return lemmas if lemmas.strip() else ""


def _entries(session: Session, business_id: int, ids: Collection[int]) -> dict[int, Entry]:
    if not ids:
        return {}
    rows = session.execute(_ENTRIES, {"business": business_id, "ids": list(ids)})
    return {row.id: Entry(row.kind, row.title, row.body) for row in rows}


@dataclass(frozen=True)
class Known:
    """A business's index at one revision."""

    revision: int
    index: LexicalIndex

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.index.postings.keys())

    @cached_property
    def size(self) -> int:
        return self.index.size()


class _Kept:
    """The indexes of the businesses asked last, up to `KEPT_POSTINGS` postings together."""

    def __init__(self) -> None:
        self.by_business: OrderedDict[int, Known] = OrderedDict()
        self.postings = 0
        self.lock = Lock()

    def find(self, business_id: int, revision: int) -> Known | None:
        with self.lock:
            found = self.by_business.get(business_id)
            if found is None or found.revision != revision:
                return None
            self.by_business.move_to_end(business_id)
            return found

    def keep(self, business_id: int, known: Known) -> None:
        with self.lock:
            self._drop(business_id)
            self.by_business[business_id] = known
            self.postings += known.size
            while self.postings > KEPT_POSTINGS and len(self.by_business) > 1:
                self._drop(next(iter(self.by_business)))

    def _drop(self, business_id: int) -> None:
        gone = self.by_business.pop(business_id, None)
        if gone:
            self.postings -= gone.size


_kept = _Kept()


def _known(session: Session, business_id: int) -> Known | None:
    """A business's index as it is now; None if it never taught anything."""
    row = session.execute(_REVISION, {"business": business_id}).first()
    if row is None:
        return None
    known = _kept.find(business_id, row.entries)
    if known is None:
        known = Known(row.entries, _read(session, business_id))
        _kept.keep(business_id, known)
    return known


def _read(session: Session, business_id: int) -> LexicalIndex:
    rows = session.execute(
        select(col(KnowledgeEntry.id), col(KnowledgeEntry.lemmas))
        .where(
            col(KnowledgeEntry.business_id) == business_id,
            col(KnowledgeEntry.enabled).is_(True),
            col(KnowledgeEntry.lemmas) != "",
        )
        .order_by(col(KnowledgeEntry.id))
    )
    return LexicalIndex((row.id, row.lemmas) for row in rows)
