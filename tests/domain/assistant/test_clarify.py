import pytest

from chatrigo.domain.assistant.clarify import AskedBack, asked_back, in_words
from chatrigo.domain.assistant.prompt import Evidence

SMALL, LARGE = "Berapa harga kopi susu kecil?", "Berapa harga kopi susu besar?"
ASKED = AskedBack("kopi susu brp kak", (SMALL, LARGE))


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("2", LARGE),
        ("no 1", SMALL),
        ("yang kedua", LARGE),
        ("yg besar dong", LARGE),
        ("kecil", SMALL),
        ("yang pertama ya kak", SMALL),
    ],
)
def test_a_choice_is_the_question_that_was_meant(reply: str, meant: str) -> None:
    assert ASKED.meant(reply) == meant


@pytest.mark.parametrize("reply", ["kopi susu", "5", "dua-duanya kecil besar", "hmm"])
def test_no_choice_is_looked_up_with_the_first_question(reply: str) -> None:
    assert ASKED.meant(reply) == f"kopi susu brp kak\n{reply}"


@pytest.mark.parametrize("locale", ["id", "en"])
def test_what_was_asked_back_is_known_by_its_words(locale: str) -> None:
    said = in_words([Evidence(1, SMALL, "a"), Evidence(2, LARGE, "b")], locale)
    history = [("user", "halo"), ("assistant", "hai"), ("user", "kopi susu"), ("assistant", said)]
    assert asked_back(history) == AskedBack("kopi susu", [SMALL, LARGE])
    assert asked_back([*history, ("user", "2")]) is None
    assert asked_back([("user", said), ("assistant", "Rp18.000")]) is None
    assert asked_back([]) is None
