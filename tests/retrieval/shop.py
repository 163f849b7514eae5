"""A small shop's knowledge held in memory, for measuring without a database."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

from chatrigo.retrieval.fuse import find
from chatrigo.retrieval.rank import Entry, Hit, LexicalIndex, lemmas_of
from chatrigo.retrieval.spelling import Vocabulary, repair
from chatrigo.retrieval.text import query_terms, terms

HERE = Path(__file__).parent


class Knowledge:
    """Entries held in memory and searched as `search.search` does."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = dict(enumerate(entries, 1))
        self.index = LexicalIndex(
            (entry_id, lemmas_of(terms(entry.title), terms(entry.body)))
            for entry_id, entry in self.entries.items()
        )
        self.vocabulary = Vocabulary(self.index.postings.keys())

    def search(self, question: str, limit: int = 5, without: Collection[int] = ()) -> list[Hit]:
        """As if the entries `without` were never taught."""
        query = repair(query_terms(question), self.vocabulary)
        left = {key: entry for key, entry in self.entries.items() if key not in without}
        return find(query, self.index, lambda _: left, limit=limit)


class Shop(Knowledge):
    """One fixture file: entries, questions labelled with their entry, and foreign questions."""

    def __init__(self, file: str) -> None:
        raw = json.loads((HERE / file).read_text("utf-8"))
        super().__init__([Entry("qa", each["question"], each["answer"]) for each in raw["entries"]])
        self.names = dict(enumerate((each["name"] for each in raw["entries"]), 1))
        self.questions = [(each["text"], each["entry"]) for each in raw["questions"]]
        self.foreign: list[str] = raw["foreign"]

    def name(self, hit: Hit) -> str:
        return self.names[hit.entry_id]
