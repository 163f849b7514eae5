"""BM25 over candidate entries, and how well question and entry cover each other. Pure.

A group of alternatives counts as one word: its best alternative decides, so a word that has many
spellings weighs no more than a word that has one.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from chatrigo.retrieval.text import QueryTerm, query_terms

K1 = 0.9
B = 0.4
TITLE_BOOST = 2.0
TITLE_END = "\n"


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
        """The IDF of a term that `entries` of the entries hold."""
        known = min(entries, self.entries)
        return math.log1p((self.entries - known + 0.5) / (known + 0.5))

    def weight(self, asked: QueryTerm) -> float:
        """How much an asked word counts: its rarity, times how much it tells."""
        known = max(self.frequency.get(term, 0) for term in asked.same)
        return asked.weight * self.rarity(known)


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
    scored = [
        (score, coverage, candidate)
        for candidate in candidates
        for score, coverage in [_score(asked, candidate, collection)]
        if score > 0
    ]
    scored.sort(key=lambda found: (-found[0], found[2].entry_id))
    following = [score for score, _, _ in scored[1 : limit + 1]] + [0.0]
    return [
        Hit(
            entry_id=candidate.entry_id,
            kind=candidate.kind,
            title=candidate.title,
            body=candidate.body,
            score=score,
            coverage=coverage,
            question_coverage=question_coverage(candidate.title, query, collection),
            margin=1 - after / score,
        )
        for (score, coverage, candidate), after in zip(scored[:limit], following, strict=False)
    ]


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


def _score(
    asked: Sequence[tuple[QueryTerm, float]], candidate: Candidate, collection: Collection
) -> tuple[float, float]:
    counts, length = _counts(candidate.lemmas)
    stretch = K1 * (1 - B + B * length / max(1.0, collection.length / max(1, collection.entries)))
    score = 0.0
    weighed = []
    for term, weight in asked:
        best = covered = 0.0
        for each in term.alternatives:
            count = counts.get(each.term)
            if count is None:
                continue
            saturation = count * (K1 + 1) / (count + stretch)
            best = max(best, each.weight * saturation)
            covered = max(covered, each.weight)
        score += weight * best
        weighed.append((covered, weight))
    return score, _share(weighed)


@lru_cache(maxsize=4096)
def _counts(lemmas: str) -> tuple[dict[str, float], float]:
    """Occurrences by term, those in the title counted `TITLE_BOOST` times, and their sum."""
    title, _, body = lemmas.partition(TITLE_END)
    counts: dict[str, float] = dict(Counter(body.split()))
    for term, count in Counter(title.split()).items():
        counts[term] = counts.get(term, 0.0) + count * TITLE_BOOST
    return counts, sum(counts.values())


@lru_cache(maxsize=4096)
def _title_terms(title: str) -> tuple[QueryTerm, ...]:
    return tuple(query_terms(title))


def _share(weighed: Sequence[tuple[float, float]]) -> float:
    total = sum(weight for _, weight in weighed)
    return sum(worth * weight for worth, weight in weighed) / total if total else 0.0
