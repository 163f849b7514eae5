from dataclasses import replace

import pytest

from chatrigo.retrieval.gate import decide, known_weights, rivals
from chatrigo.retrieval.rank import Hit
from tests.retrieval.shop import Shop

CERTAIN = Hit(1, "qa", "Jam buka?", "08.00-22.00", 5.0, 1.0, 1.0, 0.8)


def test_a_certain_pair_is_answered() -> None:
    assert decide([CERTAIN]) == "answer"


def test_nothing_found_is_nothing() -> None:
    assert decide([]) == "none"


@pytest.mark.parametrize(
    "weaker",
    [{"kind": "text"}, {"coverage": 0.3}, {"question_coverage": 0.0, "margin": 0.4}],
)
def test_a_weaker_hit_is_only_evidence(weaker: dict) -> None:
    assert decide([replace(CERTAIN, **weaker)]) == "unsure"


def test_a_hit_that_barely_touches_the_question_is_no_evidence() -> None:
    assert decide([replace(CERTAIN, coverage=0.05)]) == "none"


@pytest.mark.parametrize(
    ("file", "answered_least"), [("coffee_shop.json", 0.4), ("clothes_shop.json", 0.4)]
)
def test_known_questions_are_answered_and_foreign_ones_are_not(
    file: str, answered_least: float
) -> None:
    shop = Shop(file)
    sent = [
        shop.name(hits[0]) == wanted
        for question, wanted in shop.questions
        if decide(hits := shop.search(question)) == "answer"
    ]
    foreign = [each for each in shop.foreign if decide(shop.search(each)) == "answer"]
    assert sum(sent) / len(shop.questions) >= answered_least
    assert sent.count(False) <= 0.02 * len(shop.questions)
    assert len(foreign) <= 0.05 * len(shop.foreign), foreign


def test_no_answer_is_better_than_the_neighbours_answer() -> None:
    shop = Shop("coffee_shop.json")
    numbers = {name: number for number, name in shop.names.items()}
    wrong = [
        question
        for question, wanted in shop.questions
        if decide(shop.search(question, without={numbers[wanted]})) == "answer"
    ]
    assert len(wrong) <= 0.06 * len(shop.questions), wrong


SMALL = replace(CERTAIN, margin=0.0, title="Harga kopi kecil?", body="Rp18.000", score=5.0)
LARGE = replace(SMALL, entry_id=2, title="Harga kopi besar?", body="Rp23.000", score=4.9)


def test_two_that_are_as_good_are_rivals() -> None:
    assert rivals([SMALL, LARGE]) == [SMALL, LARGE]


@pytest.mark.parametrize(
    "second",
    [
        {"score": 3.0},
        {"body": "Rp18.000"},
        {"kind": "text"},
        {"question_coverage": 0.1},
        {"coverage": 0.1},
    ],
)
def test_one_that_is_clearly_better_has_no_rival(second: dict) -> None:
    assert rivals([SMALL, replace(LARGE, **second)]) == []


def test_nobody_is_asked_back_about_what_the_shop_never_heard_of() -> None:
    assert rivals([replace(each, strange=0.3) for each in (SMALL, LARGE)]) == []
    assert rivals([]) == []


MODEL = next(iter(known_weights()))
MEANT = Hit(
    *(1, "qa", "Boleh bawa kucing?", "Boleh di teras.", 2.0, 0.6, 0.5, 0.9),
    likeness=0.93,
    lead=0.04,
    model=MODEL,
)


def test_a_near_meaning_makes_up_for_words() -> None:
    assert decide([replace(MEANT, likeness=0, lead=0, model="")]) == "unsure"
    assert decide([MEANT]) == "answer"
    assert decide([replace(MEANT, kind="text")]) == "unsure"


def test_words_without_meaning_are_nothing() -> None:
    faint = replace(MEANT, coverage=0.3, question_coverage=0.1, margin=0.1, likeness=0.8, lead=0)
    assert decide([faint]) == "none"
    assert decide([replace(faint, model="a model without limits")]) == "unsure"


def test_a_list_is_no_answer_about_what_stands_nowhere() -> None:
    """ "Bisa bayar pake kripto?" is near to the methods of payment, and no answer."""
    assert decide([replace(MEANT, strange=0.4)]) == "unsure"


def test_payment_by_something_unheard_of_calls_a_person() -> None:
    shop = Shop("coffee_shop.json")
    hits = shop.search("bisa bayar pake kripto?")
    assert shop.name(hits[0]) == "bayar"
    assert decide(hits) == "unsure"
    assert rivals(hits) == []
    assert decide(shop.search("bisa bayar pake gopay?")) == "answer"
