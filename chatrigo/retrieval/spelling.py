"""Spelling repair against the words that a business itself uses. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatrigo.retrieval.text import Alternative, QueryTerm, is_word

REPAIRED = 0.8
CANDIDATES = 2
SHORTEST = 4
LONG = 8


class Vocabulary:
    """The terms of one business's entries, laid out for finding near spellings."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.by_letter: dict[str, list[str]] = {}
        for term in sorted(self.known):
            if len(term) >= SHORTEST - 1 and term.isalpha():
                self.by_letter.setdefault(term[0], []).append(term)

    def near(self, word: str) -> list[str]:
        """At most two terms one slip from `word` (two slips in long words), nearest first."""
        slips = 2 if len(word) >= LONG else 1
        found = process.extract(
            word,
            self.by_letter.get(word[0], ()),
            scorer=OSA.distance,
            score_cutoff=slips,
            limit=CANDIDATES,
        )
        return [term for term, _, _ in found]


def repair(query: Sequence[QueryTerm], vocabulary: Vocabulary) -> list[QueryTerm]:
    """Add the nearest known spellings to each asked word that the business never wrote.

    The word itself stays, and words of the dictionary are left alone: someone who asks for
    "bakar" does not mean "bayar".
    """
    return [_repaired(term, vocabulary) for term in query]


def _repaired(term: QueryTerm, vocabulary: Vocabulary) -> QueryTerm:
    if not _needs_repair(term, vocabulary.known):
        return term
    near = (Alternative(each, REPAIRED) for each in vocabulary.near(term.same[-1]))
    return replace(term, alternatives=(*term.alternatives, *near))


def _needs_repair(term: QueryTerm, known: Collection[str]) -> bool:
    """Whether an asked word is unknown in every form and looks like a slip."""
    word = term.same[-1]
    if len(word) < SHORTEST or not word.isalpha() or " " in term.word:
        return False
    return not any(each in known for each in term.same) and not is_word(word)
