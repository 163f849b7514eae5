"""The lexical index in PostgreSQL: kept with each entry, asked in two round trips.

`knowledge_entry.lemmas` holds an entry's terms and is empty while the entry is not to be found.
`knowledge_term` holds in how many entries each term stands, and three rows whose names no term
can have: the number of entries, their length together, and a revision that every change replaces.
The vocabulary of a business is kept in the process for as long as its revision holds.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import randbits
from threading import Lock

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.models.knowledge import KnowledgeEntry, KnowledgeTerm
from chatrigo.retrieval.rank import Candidate, Collection, Hit, lemmas_of, rank
from chatrigo.retrieval.spelling import Vocabulary, repair
from chatrigo.retrieval.text import QueryTerm, query_terms, terms

ENTRIES = "#entries"
LENGTH = "#length"
REVISION = "#revision"
MARKERS = (ENTRIES, LENGTH, REVISION)
CANDIDATES = 150
KEPT_TERMS = 200_000


def search(session: Session, business_id: int, query: str, limit: int = 5) -> list[Hit]:
    """The entries of a business that speak of what `query` asks, best first."""
    asked = query_terms(query)
    if not asked:
        return []
    known = _known(session, business_id)
    if known is None:
        return []
    asked = repair(asked, known.vocabulary)
    candidates = _candidates(session, business_id, _rarest(asked, known.collection.frequency))
    return rank(asked, candidates, known.collection, limit)


def index(session: Session, entry: KnowledgeEntry) -> None:
    """Make a new or changed entry searchable as it now is, when the transaction commits.

    A disabled entry leaves the index. Safe to repeat.
    """
    found = lemmas_of(terms(entry.title), terms(entry.body)) if entry.enabled else ""
    _store(session, entry, found if found.strip() else "")


def unindex(session: Session, entry: KnowledgeEntry) -> None:
    """Take an entry out of the index, before it is deleted for example."""
    _store(session, entry, "")


def reindex(session: Session, business_id: int) -> int:
    """Make every entry of a business searchable anew, after the rules for words have changed."""
    session.execute(delete(KnowledgeTerm).where(col(KnowledgeTerm.business_id) == business_id))
    entries = session.scalars(
        select(KnowledgeEntry).where(col(KnowledgeEntry.business_id) == business_id)
    ).all()
    for entry in entries:
        entry.lemmas = ""
    session.flush()
    for entry in entries:
        index(session, entry)
    return len(entries)


def _store(session: Session, entry: KnowledgeEntry, after: str) -> None:
    session.add(entry)
    session.flush()
    before = session.execute(
        select(col(KnowledgeEntry.lemmas))
        .where(col(KnowledgeEntry.id) == entry.id)
        .with_for_update()
    ).scalar_one()
    if before == after:
        return
    entry.lemmas = after
    session.flush()
    _count(session, entry.business_id, before.split(), after.split())


def _count(session: Session, business_id: int, before: list[str], after: list[str]) -> None:
    """Carry the change of one entry's terms into the business's counts.

    The revision is drawn by lot: one counted up would come again after a rollback.
    """
    changes = Counter(set(after))
    changes.subtract(set(before))
    changes[ENTRIES] = bool(after) - bool(before)
    changes[LENGTH] = len(after) - len(before)
    changes[REVISION] = randbits(31)
    changed = {term: change for term, change in sorted(changes.items()) if change}
    added = insert(KnowledgeTerm).values(
        [
            {"business_id": business_id, "term": term, "entries": change}
            for term, change in changed.items()
        ]
    )
    session.execute(
        added.on_conflict_do_update(
            index_elements=[col(KnowledgeTerm.business_id), col(KnowledgeTerm.term)],
            set_={
                "entries": case(
                    (col(KnowledgeTerm.term) == REVISION, added.excluded.entries),
                    else_=col(KnowledgeTerm.entries) + added.excluded.entries,
                )
            },
        )
    )
    fewer = [term for term, change in changed.items() if change < 0 and term not in MARKERS]
    if fewer:
        session.execute(
            delete(KnowledgeTerm).where(
                col(KnowledgeTerm.business_id) == business_id,
                col(KnowledgeTerm.term).in_(fewer),
                col(KnowledgeTerm.entries) <= 0,
            )
        )


def _candidates(session: Session, business_id: int, wanted: Sequence[str]) -> list[Candidate]:
    if not wanted:
        return []
    any_of = func.to_tsquery("simple", " | ".join(f"'{term}'" for term in wanted))
    found = session.execute(
        select(
            col(KnowledgeEntry.id),
            col(KnowledgeEntry.kind),
            col(KnowledgeEntry.title),
            col(KnowledgeEntry.body),
            col(KnowledgeEntry.lemmas),
        )
        .where(
            col(KnowledgeEntry.business_id) == business_id,
            col(KnowledgeEntry.enabled),
            col(KnowledgeEntry.lem).op("@@")(any_of),
        )
        .order_by(func.ts_rank(col(KnowledgeEntry.lem), any_of, 1).desc())
        .limit(CANDIDATES)
    )
    return [Candidate(*row) for row in found]  # type: ignore[arg-type]  # stored rows have an id


def _rarest(asked: Sequence[QueryTerm], frequency: Mapping[str, int]) -> list[str]:
    """The known terms to look for: the rarest first, while their entries stay a handful."""
    known = {each.term for term in asked for each in term.alternatives if each.term in frequency}
    chosen: list[str] = []
    entries = 0
    for term in sorted(known, key=lambda each: (frequency[each], each)):
        if chosen and entries + frequency[term] > CANDIDATES:
            break
        chosen.append(term)
        entries += frequency[term]
    return chosen


@dataclass(frozen=True, slots=True)
class Known:
    """What one business's entries are like, at one revision."""

    revision: int
    collection: Collection
    vocabulary: Vocabulary


class _Kept:
    """What is known of the businesses asked last, up to `KEPT_TERMS` terms together."""

    def __init__(self) -> None:
        self.by_business: OrderedDict[int, Known] = OrderedDict()
        self.terms = 0
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
            self.terms += len(known.collection.frequency)
            while self.terms > KEPT_TERMS and len(self.by_business) > 1:
                self._drop(next(iter(self.by_business)))

    def _drop(self, business_id: int) -> None:
        gone = self.by_business.pop(business_id, None)
        if gone:
            self.terms -= len(gone.collection.frequency)


_kept = _Kept()


def _known(session: Session, business_id: int) -> Known | None:
    """What is known of a business's entries now; None if it has taught nothing."""
    revision = session.execute(
        select(col(KnowledgeTerm.entries)).where(
            col(KnowledgeTerm.business_id) == business_id, col(KnowledgeTerm.term) == REVISION
        )
    ).scalar_one_or_none()
    if revision is None:
        return None
    known = _kept.find(business_id, revision)
    if known is None:
        known = _read(session, business_id)
        _kept.keep(business_id, known)
    return known if known.collection.entries else None


def _read(session: Session, business_id: int) -> Known:
    rows = session.execute(
        select(col(KnowledgeTerm.term), col(KnowledgeTerm.entries)).where(
            col(KnowledgeTerm.business_id) == business_id
        )
    )
    counts = {row.term: row.entries for row in rows}
    entries, length, revision = (counts.pop(marker, 0) for marker in MARKERS)
    return Known(revision, Collection(entries, length, counts), Vocabulary(counts))
