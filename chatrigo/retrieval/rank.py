"""BM25 over one business's entries, and how well question and entry cover each other. Pure.

A group of alternatives counts as one word: its best alternative decides, so a word that has many
spellings weighs no more than a word that has one. The best by BM25 are ranked anew by how much of
their own question was asked.
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nsmallest

from chatrigo.retrieval.text import Alternative, QueryTerm, query_terms

K1 = 0.9
B = 0.4
TITLE_BOOST = 3
PRIOR = 20
SHORTLIST = 20
TITLE_END = "\n"
MOST_COUNTED = 255
MOST_LOOKED_AT = 4_000
KEPT_THEN = 300
# A text has a heading and no question: it ranks as an entry whose question is half asked.
HEADING_LIKENESS = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that shares words with the question: its BM25, and `coverage` as in `Hit`."""

    entry_id: int
    score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person wrote, for the entries that were found."""

    kind: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found, and how far it can be trusted.

    `coverage`: how much of the question the entry speaks of, 0 to 1, by rarity of the words.
    `question_coverage`: how much of the entry's own question was asked, 0 to 1.
    `margin`: how far the next best entry is behind, 0 (as good) to 1 (nothing else found).
    `likeness`: how near in meaning, the cosine of the two vectors; 0 where there is none.
    `lead`: how much nearer it is than the nearest other entry; below 0 if another one is.
    `strange`: how much of the question is telling words that no entry of the business has.
    `model`: whose vectors were compared; "" where words alone counted.
    `score` is by words alone.
    """

    entry_id: int
    kind: str
    title: str
    body: str
    score: float
    coverage: float
    question_coverage: float
    margin: float
    likeness: float = 0.0
    lead: float = 0.0
    strange: float = 0.0
    model: str = ""


class LexicalIndex:
    """The terms of one business's entries: which stand where, and how often.

    Built from stored lemmas, by the entries' numbers upwards. A posting is one number, the entry's place times 256 plus the count,
    so that two thousand entries take a few megabytes.
    """

    def __init__(self, stored: Iterable[tuple[int, str]]) -> None:
        self.ids = array("q")
        self.lengths = array("f")
        self.postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for at, (entry_id, lemmas) in enumerate(stored):
            counts = _counts(lemmas)
            self.ids.append(entry_id)
            self.lengths.append(sum(counts.values()))
            for term, count in counts.items():
                self.postings[term].append(at << 8 | min(count, MOST_COUNTED))
        self.postings.default_factory = None
        usual = sum(self.lengths) / max(1, len(self.ids)) or 1.0
        self._stretch = array("f", (K1 * (1 - B + B * each / usual) for each in self.lengths))

    def size(self) -> int:
        """How many postings it holds, for keeping many of them within bounds."""
        return sum(map(len, self.postings.values()))

    def rarity(self, entries: int) -> float:
        """The IDF of a term that `entries` of the entries hold, as if `PRIOR` others had not.

        Without them a shop that has taught two facts would find every word common.
        """
        return math.log1p((len(self.ids) + PRIOR - entries + 0.5) / (entries + 0.5))

    def weight(self, asked: QueryTerm) -> float:
        """How much an asked word counts: its rarity, times how much it tells.

        A word that no entry has counts like one that stands in a single entry.
        """
        known = max(len(self.postings.get(term, ())) for term in asked.same)
        return asked.weight * self.rarity(max(known, 1))

    def strange(self, query: Sequence[QueryTerm]) -> float:
        """The share of the question that is telling words which stand in no entry, 0 to 1."""
        weighed = [(term, self.weight(term)) for term in query]
        unknown = sum(
            weight
            for term, weight in weighed
            if term.weight >= 1 and not any(a.term in self.postings for a in term.alternatives)
        )
        return unknown / (sum(weight for _, weight in weighed) or 1.0)

    def find(
        self, query: Sequence[QueryTerm], limit: int = SHORTLIST, also: Collection[int] = ()
    ) -> list[Found]:
        """The entries that share a word with the question, the best `limit` by BM25.

        Those of `also` are among them whatever words they have.
        """
        weighed = [(term, self.weight(term)) for term in query]
        weighed.sort(key=lambda each: self._entries_of(each[0]))
        scores: dict[int, float] = {}
        looked_at = 0
        # The rarest first. Once thousands were looked at, a common word adds to the best of what was
        # found and finds nothing more: what only it would find has no place among the best.
        for term, weight in weighed:
            if looked_at > MOST_LOOKED_AT:
                scores = {at: scores[at] for at in self._best(scores, KEPT_THEN)}
                self._add_among(scores, term, weight)
            else:
                self._add(scores, term, weight)
            looked_at += self._entries_of(term)
        best = self._best(scores, limit)
        for at in self._places(also):
            if at not in best:
                best.append(at)
        # A question of less than one telling word ("gimana?") is never wholly covered.
        total = max(self.rarity(1), sum(weight for _, weight in weighed))
        return [
            Found(self.ids[at], scores.get(at, 0.0), self._covered(at, weighed) / total)
            for at in best
        ]

    def _best(self, scores: Mapping[int, float], limit: int) -> list[int]:
        return nsmallest(limit, scores, key=lambda at: (-scores[at], at))

    def _covered(self, at: int, weighed: Iterable[tuple[QueryTerm, float]]) -> float:
        return sum(weight * self._worth(term, at) for term, weight in weighed)

    def _worth(self, term: QueryTerm, at: int) -> float:
        here = (each.weight for each in term.alternatives if self._count(each.term, at))
        return max(here, default=0.0)

    def _count(self, term: str, place: int) -> int:
        """How often a term stands in the entry at that place."""
        postings = self.postings.get(term)
        if postings is None:
            return 0
        at = bisect_left(postings, place << 8)
        found = at < len(postings) and postings[at] >> 8 == place
        return postings[at] & MOST_COUNTED if found else 0

    def _places(self, entry_ids: Iterable[int]) -> Iterator[int]:
        for entry_id in entry_ids:
            at = bisect_left(self.ids, entry_id)
            if at < len(self.ids) and self.ids[at] == entry_id:
                yield at

    def _entries_of(self, term: QueryTerm) -> int:
        return sum(len(self.postings.get(each.term, ())) for each in term.alternatives)

    def _add(self, scores: dict[int, float], term: QueryTerm, weight: float) -> None:
        """Add a word's share of BM25 to every entry that has it; its best alternative counts."""
        here = [each for each in term.alternatives if each.term in self.postings]
        if len(here) == 1:
            for at, score in self._saturated(here[0], weight):
                scores[at] = scores.get(at, 0.0) + score
            return
        best: dict[int, float] = {}
        for each in here:
            for at, score in self._saturated(each, weight):
                if score > best.get(at, 0.0):
                    best[at] = score
        for at, score in best.items():
            scores[at] = scores.get(at, 0.0) + score

    def _saturated(self, each: Alternative, weight: float) -> Iterator[tuple[int, float]]:
        stretch, most = self._stretch, weight * each.weight * (K1 + 1)
        for posting in self.postings[each.term]:
            at, count = posting >> 8, posting & MOST_COUNTED
            yield at, most * count / (count + stretch[at])

    def _add_among(self, scores: dict[int, float], term: QueryTerm, weight: float) -> None:
        """As `_add`, for the entries that have a score already."""
        for at in scores:
            scores[at] += weight * max(
                (
                    each.weight * count * (K1 + 1) / (count + self._stretch[at])
                    for each in term.alternatives
                    if (count := self._count(each.term, at))
                ),
                default=0.0,
            )


def lemmas_of(title_terms: Iterable[str], body_terms: Iterable[str]) -> str:
    """The stored form of an entry's terms: those of the title, a line break, those of the body."""
    return f"{' '.join(title_terms)}{TITLE_END}{' '.join(body_terms)}"


def rank(
    query: Sequence[QueryTerm],
    found: Iterable[Found],
    entries: Mapping[int, Entry],
    index: LexicalIndex,
    limit: int = 5,
) -> list[Hit]:
    """The best `limit` of what was found, best first; what `entries` lacks is left out."""
    hits = [
        _hit(each, entries[each.entry_id], query, index)
        for each in found
        if each.entry_id in entries
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.entry_id))
    following = [*(hit.score for hit in hits[1:]), 0.0]
    return [
        replace(hit, margin=1 - after / hit.score if hit.score else 0.0)
        for hit, after in zip(hits[:limit], following, strict=False)
    ]


def question_coverage(title: str, query: Sequence[QueryTerm], index: LexicalIndex) -> float:
    """How much of the question `title` the `query` asks, 0 to 1."""
    asked: dict[str, float] = {}
    for term in query:
        for each in term.alternatives:
            asked[each.term] = max(each.weight, asked.get(each.term, 0.0))
    same = {term for each in query for term in each.same}
    own = [(_worth(term, asked, same), index.weight(term)) for term in _title_terms(title)]
    total = sum(weight for _, weight in own)
    return sum(worth * weight for worth, weight in own) / total if total else 0.0


def _hit(found: Found, entry: Entry, query: Sequence[QueryTerm], index: LexicalIndex) -> Hit:
    question = question_coverage(entry.title, query, index)
    likeness = HEADING_LIKENESS if entry.kind == "text" else question
    return Hit(
        entry_id=found.entry_id,
        kind=entry.kind,
        title=entry.title,
        body=entry.body,
        score=found.score * (0.5 + likeness),
        coverage=found.coverage,
        question_coverage=question,
        margin=0.0,
    )


def _worth(own: QueryTerm, asked: Mapping[str, float], same: set[str]) -> float:
    meant = max(asked.get(term, 0.0) for term in own.same)
    near = max((each.weight for each in own.alternatives if each.term in same), default=0.0)
    return max(meant, near)


def _counts(lemmas: str) -> Counter[str]:
    """Occurrences by term, those in the title counted `TITLE_BOOST` times."""
    title, _, body = lemmas.partition(TITLE_END)
    counts = Counter(body.split())
    for term in title.split():
        counts[term] += TITLE_BOOST
    return counts


@lru_cache(maxsize=2048)
def _title_terms(title: str) -> tuple[QueryTerm, ...]:
    return tuple(query_terms(title))
