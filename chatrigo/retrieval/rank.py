"""BM25 over candidate entries, and how well question and entry cover each other. Pure.

The best by BM25 are ranked anew by how much of their own question was asked.

A group of alternatives counts as one word: its best alternative decides, so a word that has many
spellings weighs no more than a word that has one.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache

from chatrigo.retrieval.text import QueryTerm, query_terms

K1 = 0.9
B = 0.4
TITLE_BOOST = 3.0
PRIOR = 20
SHORTLIST = 20
TITLE_END = "\n"
# A text has a heading and no question: it ranks as an entry whose question is half asked.
HEADING_LIKENESS = 0.5

Asked = tuple[QueryTerm, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may answer; `lemmas` holds the terms of its title, a line break, its body's."""

    entry_id: int
    kind: str
    title: str
    body: str
    lemmas: str


@dataclass(frozen=True, slots=True)
class Collection:
    """What one business's entries are like: how many, how long together, terms by entries."""

    entries: int
    length: int
    frequency: Mapping[str, int] = field(default_factory=dict)

    def rarity(self, entries: int) -> float:
        """The IDF of a term that `entries` of the entries hold, as if `PRIOR` others had not.

        Without them a shop that has taught two facts would find every word common.
        """
        known = min(entries, self.entries)
        return math.log1p((self.entries + PRIOR - known + 0.5) / (known + 0.5))

    def weight(self, asked: QueryTerm) -> float:
        """How much an asked word counts: its rarity, times how much it tells.

        A word that no entry has counts like one that stands in a single entry.
        """
        known = max(self.frequency.get(term, 0) for term in asked.same)
        return asked.weight * self.rarity(max(known, 1))


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found, and how far it can be trusted.

    `coverage`: how much of the question the entry speaks of, 0 to 1, by rarity of the words.
    `question_coverage`: how much of the entry's own question was asked, 0 to 1.
    `margin`: how far the next best entry is behind, 0 (as good) to 1 (nothing else found).
    """

    entry_id: int
    kind: str
    title: str
    body: str
    score: float
    coverage: float
    question_coverage: float
    margin: float


def lemmas_of(title_terms: Iterable[str], body_terms: Iterable[str]) -> str:
    """The stored form of an entry's terms."""
    return f"{' '.join(title_terms)}{TITLE_END}{' '.join(body_terms)}"


def collect(candidates: Sequence[Candidate]) -> Collection:
    """The collection that the candidates are by themselves (small sets, tests, calibration)."""
    frequency: Counter[str] = Counter()
    length = 0
    for candidate in candidates:
        found = candidate.lemmas.split()
        frequency.update(set(found))
        length += len(found)
    return Collection(len(candidates), length, frequency)


def rank(
    query: Sequence[QueryTerm],
    candidates: Iterable[Candidate],
    collection: Collection,
    limit: int = 5,
) -> list[Hit]:
    """The best `limit` candidates that share a word with the question, best first."""
    asked = [(term, collection.weight(term)) for term in query]
    scored = [(_score(asked, each, collection), each) for each in candidates]
    scored = [found for found in scored if found[0] > 0]
    scored.sort(key=lambda found: (-found[0], found[1].entry_id))
    hits = [_hit(score, each, asked, collection) for score, each in scored[: max(SHORTLIST, limit)]]
    hits.sort(key=lambda hit: (-hit.score, hit.entry_id))
    following = [*(hit.score for hit in hits[1:]), 0.0]
    return [
        replace(hit, margin=1 - after / hit.score)
        for hit, after in zip(hits[:limit], following, strict=False)
    ]


def _hit(score: float, found: Candidate, asked: Sequence[Asked], collection: Collection) -> Hit:
    query = [term for term, _ in asked]
    question = question_coverage(found.title, query, collection)
    likeness = question if found.kind == "qa" else HEADING_LIKENESS
    return Hit(
        entry_id=found.entry_id,
        kind=found.kind,
        title=found.title,
        body=found.body,
        score=score * (0.5 + likeness),
        coverage=coverage(set(found.lemmas.split()), asked, collection),
        question_coverage=question,
        margin=0.0,
    )


def coverage(found: Set[str], asked: Sequence[Asked], collection: Collection) -> float:
    """How much of what was asked stands among the terms `found`, 0 to 1.

    A question of less than one telling word ("gimana?", "yang kopi") is never wholly covered.
    """
    weighed = [
        (max((a.weight for a in term.alternatives if a.term in found), default=0.0), weight)
        for term, weight in asked
    ]
    return _share(weighed, least=collection.rarity(1))


def question_coverage(title: str, query: Sequence[QueryTerm], collection: Collection) -> float:
    """How much of the question `title` the `query` asks, 0 to 1."""
    asked: dict[str, float] = {}
    for term in query:
        for each in term.alternatives:
            asked[each.term] = max(each.weight, asked.get(each.term, 0.0))
    same = {term for each in query for term in each.same}
    weighed = [(_worth(own, asked, same), collection.weight(own)) for own in _title_terms(title)]
    return _share(weighed)


def _worth(own: QueryTerm, asked: Mapping[str, float], same: set[str]) -> float:
    meant = max(asked.get(term, 0.0) for term in own.same)
    near = max((each.weight for each in own.alternatives if each.term in same), default=0.0)
    return max(meant, near)


def _score(asked: Sequence[Asked], candidate: Candidate, collection: Collection) -> float:
    """BM25; of a word's alternatives the best one counts."""
    counts, length = _counts(candidate.lemmas)
    usual = max(1.0, collection.length / max(1, collection.entries))
    stretch = K1 * (1 - B + B * length / usual)
    score = 0.0
    for term, weight in asked:
        best = 0.0
        for each in term.alternatives:
            count = counts.get(each.term)
            if count is not None:
                best = max(best, each.weight * count * (K1 + 1) / (count + stretch))
        score += weight * best
    return score


def _counts(lemmas: str) -> tuple[dict[str, float], float]:
    """Occurrences by term, those in the title counted `TITLE_BOOST` times, and their sum."""
    title, _, body = lemmas.partition(TITLE_END)
    counts: dict[str, float] = dict(Counter(body.split()))
    for term, count in Counter(title.split()).items():
        counts[term] = counts.get(term, 0.0) + count * TITLE_BOOST
    return counts, sum(counts.values())


@lru_cache(maxsize=2048)
def _title_terms(title: str) -> tuple[QueryTerm, ...]:
    return tuple(query_terms(title))


def _share(weighed: Sequence[tuple[float, float]], least: float = 0.0) -> float:
    total = max(least, sum(weight for _, weight in weighed))
    return sum(worth * weight for worth, weight in weighed) / total if total else 0.0
