"""Knowledge held in memory, and the four ways to search it; all but the plain one are the product's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from bench.quality.vectors import Vectors
from chatrigo.integrations import embeddings
from chatrigo.retrieval import dense, fuse
from chatrigo.retrieval.rank import Entry, Hit, LexicalIndex, lemmas_of
from chatrigo.retrieval.spelling import Vocabulary, repair
from chatrigo.retrieval.text import Alternative, QueryTerm, formal, query_terms, terms, words

TOP = 10


@dataclass(frozen=True, slots=True)
class Query:
    """A question as written, and its vector; None where words alone are to count."""

    text: str
    vector: np.ndarray | None = None


class Held:
    """Documents by name, as `chatrigo.retrieval.search` would find them in a database."""

    def __init__(self, documents: Mapping[str, Entry], vectors: Vectors | None) -> None:
        self.names = dict(enumerate(documents, 1))
        self.entries = {number: documents[name] for number, name in self.names.items()}
        self.numbers = {name: number for number, name in self.names.items()}
        self.index = LexicalIndex(
            (number, lemmas_of(terms(each.title), terms(each.body)))
            for number, each in self.entries.items()
        )
        self.vocabulary = Vocabulary(self.index.postings.keys())
        self.matrix = self._vectors(vectors) if vectors else None
        self._plain: LexicalIndex | None = None

    def plain(self, query: Query, without: Collection[int] = ()) -> list[int]:
        """BM25 over the words as written: no slang, no lemmas, no repair."""
        if self._plain is None:
            self._plain = LexicalIndex(
                (number, lemmas_of((), words(f"{each.title} {each.body}")))
                for number, each in self.entries.items()
            )
        asked = [QueryTerm(word, (Alternative(word),)) for word in dict.fromkeys(words(query.text))]
        return [each.entry_id for each in self._plain.find(asked, TOP)]

    def lexical(self, query: Query, without: Collection[int] = ()) -> list[int]:
        return [hit.entry_id for hit in self.hits(Query(query.text), without, TOP)]

    def dense(self, query: Query, without: Collection[int] = ()) -> list[int]:
        return list(self._near(query, without))[:TOP]

    def fused(self, query: Query, without: Collection[int] = ()) -> list[int]:
        return [hit.entry_id for hit in self.hits(query, without, TOP)]

    def hits(self, query: Query, without: Collection[int] = (), limit: int = 5) -> list[Hit]:
        """What `search` finds, as if the entries `without` had never been taught."""
        asked = query_terms(query.text)
        if not asked:
            return []

        def load(ids: Collection[int]) -> dict[int, Entry]:
            return {each: self.entries[each] for each in ids if each not in without}

        near = self._near(query, without)
        asked = repair(asked, self.vocabulary)
        return fuse.find(asked, self.index, load, near, limit, embeddings.model() if near else "")

    def _near(self, query: Query, without: Collection[int]) -> dict[int, float]:
        if query.vector is None or self.matrix is None:
            return {}
        likeness = self.matrix @ query.vector
        for number in without:
            likeness[number - 1] = -1
        best = np.argsort(-likeness, kind="stable")[: dense.NEAREST]
        return {int(at) + 1: float(likeness[at]) for at in best if likeness[at] > -1}

    def _vectors(self, vectors: Vectors) -> np.ndarray:
        texts = [dense.text_of(each.title, each.body) for each in self.entries.values()]
        made = vectors.of("passage", texts)
        return np.stack([np.frombuffer(made[text], dtype=np.float32) for text in texts])


def queries(texts: Collection[str], vectors: Vectors | None) -> list[Query]:
    if vectors is None:
        return [Query(text) for text in texts]
    made = vectors.of("query", [formal(text) for text in texts])
    return [Query(text, np.frombuffer(made[formal(text)], dtype=np.float32)) for text in texts]
