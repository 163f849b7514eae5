"""One order out of two: by words, and by meaning where vectors are at hand. Pure.

Reciprocal ranks are added (k = 10), for scores of the two kinds cannot be compared: what both find
comes first, and what one of them is sure of is not lost. The place by words counts as much as the
words cover the question; in long texts, where words meet by chance, it counts less than the meaning.
docs/retrieval.md has the measurements.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from chatrigo.retrieval.rank import Entry, Hit, LexicalIndex, rank
from chatrigo.retrieval.text import QueryTerm

K = 10
WORDS_IN_TEXTS = 0.6
NOTHING_NEAR: Mapping[int, float] = {}

Load = Callable[[Collection[int]], Mapping[int, Entry]]


def find(
    query: Sequence[QueryTerm],
    index: LexicalIndex,
    load: Load,
    near: Mapping[int, float] = NOTHING_NEAR,
    limit: int = 5,
    model: str = "",
) -> list[Hit]:
    """The best entries for a question. `near`: those nearest in meaning to `model`, with cosine."""
    found = index.find(query, also=near)
    entries = load([each.entry_id for each in found])
    hits = rank(query, found, entries, index, len(found))
    best = _fused(hits, near)[:limit] if near else hits[:limit]
    strange = index.strange(query)
    return [replace(hit, strange=strange, model=model if near else "") for hit in best]


def _fused(hits: Sequence[Hit], near: Mapping[int, float]) -> list[Hit]:
    by_words = {hit.entry_id: at for at, hit in enumerate(hits, 1) if hit.score}
    alive = {hit.entry_id for hit in hits}
    by_meaning = {
        entry_id: at for at, entry_id in enumerate((each for each in near if each in alive), 1)
    }

    def worth(hit: Hit) -> float:
        words, meaning = by_words.get(hit.entry_id), by_meaning.get(hit.entry_id)
        told = WORDS_IN_TEXTS if hit.kind == "text" else hit.coverage
        return (told / (K + words) if words else 0) + (1 / (K + meaning) if meaning else 0)

    order = sorted(hits, key=lambda hit: (-worth(hit), -hit.score, hit.entry_id))
    nearest = sorted(near.values(), reverse=True)
    return [_compared(hit, hits, near, nearest) for hit in order]


def _compared(
    hit: Hit, hits: Sequence[Hit], near: Mapping[int, float], nearest: Sequence[float]
) -> Hit:
    """The hit with how far it is ahead of the best other one, by words and by meaning."""
    other = max((each.score for each in hits if each is not hit), default=0.0)
    margin = max(0.0, 1 - other / hit.score) if hit.score else 0.0
    likeness = near.get(hit.entry_id, 0.0)
    second = next((each for each in nearest if each != likeness), nearest[-1])
    return replace(hit, margin=margin, likeness=likeness, lead=likeness - second)
