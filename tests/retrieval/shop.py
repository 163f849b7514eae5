"""A small shop's knowledge held in memory, for measuring without a database."""

import json
from pathlib import Path

from chatrigo.retrieval.rank import Candidate, Hit, collect, lemmas_of, rank
from chatrigo.retrieval.spelling import Vocabulary, repair
from chatrigo.retrieval.text import query_terms, terms

HERE = Path(__file__).parent


class Shop:
    """The entries of one fixture file and its labelled questions."""

    def __init__(self, file: str) -> None:
        raw = json.loads((HERE / file).read_text("utf-8"))
        self.names: list[str] = [entry["name"] for entry in raw["entries"]]
        self.questions = [(each["text"], each["entry"]) for each in raw["questions"]]
        self.foreign: list[str] = raw["foreign"]
        self.candidates = [
            candidate(at, entry["question"], entry["answer"])
            for at, entry in enumerate(raw["entries"])
        ]
        self.collection = collect(self.candidates)
        self.vocabulary = Vocabulary(self.collection.frequency)

    def search(self, question: str, without: str = "") -> list[Hit]:
        query = repair(query_terms(question), self.vocabulary)
        left = [each for each in self.candidates if self.names[each.entry_id] != without]
        return rank(query, left, self.collection)

    def name(self, hit: Hit) -> str:
        return self.names[hit.entry_id]


def candidate(entry_id: int, title: str, body: str, kind: str = "qa") -> Candidate:
    return Candidate(entry_id, kind, title, body, lemmas_of(terms(title), terms(body)))
