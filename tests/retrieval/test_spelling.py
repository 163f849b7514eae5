import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrigo.retrieval.spelling import CANDIDATES, REPAIRED, Vocabulary, repair
from chatrigo.retrieval.text import query_terms

VOCABULARY = Vocabulary(["americano", "matcha", "bayar", "kopi", "croissant", "crossing", "meja"])


def added(question: str) -> list[str]:
    return [
        each.term
        for term in repair(query_terms(question), VOCABULARY)
        for each in term.alternatives
        if each.weight == REPAIRED
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("mathca", ["matcha"]),
        ("amerricanno", ["americano"]),
        ("croisant", ["croissant"]),
        ("kopi", []),
        ("bakar", []),  # a word of its own, not a slip of "bayar"
        ("latcha", []),  # another first letter
        ("kop", []),  # too short to tell
    ],
)
def test_near_words_of_the_business_join(question: str, expected: list[str]) -> None:
    assert added(question) == expected


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=30))
def test_repair_only_adds(question: str, known: list[str]) -> None:
    before = query_terms(question)
    after = repair(before, Vocabulary(known))
    for old, new in zip(before, after, strict=True):
        assert new.alternatives[: len(old.alternatives)] == old.alternatives
        assert len(new.alternatives) <= len(old.alternatives) + CANDIDATES
