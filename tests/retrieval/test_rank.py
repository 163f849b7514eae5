import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrigo.retrieval import rank as rank_module
from chatrigo.retrieval.rank import Entry, LexicalIndex
from chatrigo.retrieval.text import query_terms
from tests.retrieval.shop import Knowledge, Shop

KNOWLEDGE = Knowledge(
    [
        Entry("qa", "Jam berapa buka?", "Setiap hari pukul 08.00 sampai 22.00."),
        Entry("qa", "Di mana alamatnya?", "Jalan Melati 5, dekat pasar."),
        Entry("qa", "Apakah ada wifi?", "Ada, gratis untuk pengunjung."),
        Entry("text", "Sejarah kedai", "Kedai ini buka sejak 2015 di dekat pasar."),
    ]
)
found = KNOWLEDGE.search


def test_the_entry_that_speaks_of_it_comes_first() -> None:
    hits = found("wifinya ada kak?")
    assert hits[0].entry_id == 3
    assert hits[0].coverage == pytest.approx(1)
    assert hits[0].question_coverage == pytest.approx(1)
    assert hits[0].margin > 0.5


def test_nothing_asked_finds_nothing() -> None:
    assert found("halo kak") == []
    assert found("") == []
    assert Knowledge([]).search("wifi") == []


def test_an_unknown_word_lowers_coverage() -> None:
    assert found("wifi di helikopter")[0].coverage < found("wifi")[0].coverage


def test_an_entry_that_is_gone_is_left_out() -> None:
    assert [hit.entry_id for hit in found("pasar", without={2})] == [4]


def test_a_word_counts_once_however_it_is_spelled() -> None:
    assert found("wifi")[0].coverage == found("wifi wipi wi-fi")[0].coverage


def test_half_of_the_entrys_question_is_half_of_question_coverage() -> None:
    asked_all, asked_half = found("jam buka berapa")[0], found("berapa")[0]
    assert asked_half.question_coverage < asked_all.question_coverage


def test_the_only_hit_has_the_whole_margin() -> None:
    assert found("sejarah", limit=1)[0].margin == 1


@given(st.text(max_size=120), st.integers(1, 6))
def test_figures_stay_in_their_ranges(question: str, limit: int) -> None:
    hits = found(question, limit)
    assert len(hits) <= limit
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.score > 0
        assert 0 <= hit.coverage <= 1
        assert 0 <= hit.question_coverage <= 1
        assert 0 <= hit.margin <= 1


def test_slangy_questions_find_their_entry() -> None:
    shop = Shop("coffee_shop.json")
    ranked = [
        (wanted, [shop.name(hit) for hit in shop.search(question)])
        for question, wanted in shop.questions
    ]
    first = sum(names[:1] == [wanted] for wanted, names in ranked) / len(ranked)
    among_five = sum(wanted in names for wanted, names in ranked) / len(ranked)
    assert first >= 0.9
    assert among_five >= 0.97


def test_common_words_of_a_large_business_add_and_find_nothing_more(monkeypatch) -> None:
    stored = [(number, f"\nkopi {'gayo' if number == 7 else 'susu'}") for number in range(1, 50)]
    index = LexicalIndex(stored)
    asked = query_terms("kopi gayo")
    whole = index.find(asked)
    monkeypatch.setattr(rank_module, "MOST_LOOKED_AT", 0)
    pruned = index.find(asked)
    assert pruned == whole[:1]
    assert pruned[0].entry_id == 7
