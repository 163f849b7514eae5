"""Which passwords are tried first."""

import random
import string
import time

import pytest

from chatrigo.domain.accounts.guessable import _common, is_guessable

ABOUT = ("sari.dewi@kopisenja.example", "Sari Dewi", "Kopi Senja Abadi")


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "P@ssw0rd!!",
        "Sayang!1998",
        "bismillah2023!",
        "aku cinta kamu",
        "il0veyou!!",
        "persib1933juara",
        "Jakarta17081945",
        "surabaya-031",
        "MERDEKA45merdeka45",
        "qwertyuiop",
        "qwerty!@#456",
        "1qaz@WSX3edc",
        "zxcvbnm,./",
        "asdfghjkl99",
        "abcdefghij",
        "9876543210",
        "081234567890",
        "3273012345678901",
        "17 Agustus 1945",
        "a1b2c3d4e5",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "hahahahahaha",
        "correcthorsebatterystaple",
    ],
)
def test_words_and_patterns_are(password):
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        "sari.dewi@kopisenja.example",
        "SariDewi1990",
        "kopisenja2026",
        "kopi-senja-abadi",
        "Senja!Abadi#77",
        "k0pis3nja!!",
        "kopisenjaexample",
    ],
)
def test_what_a_stranger_knows_of_the_person_is(password):
    assert is_guessable(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "tiga kata rahasia",
        "hujan turun di kota baru",
        "ayam dan ikan goreng",
        "kuda lumping menari pagi",
        "jerapah melamun",
        "k7Gm2pQx9w",
        "Tr0ub4dor&3xyz",
        "ส้มตำปูปลาร้าอร่อย",
        "🦊🐢🦉 di kebun teh",
        "senja di teras rumah",
    ],
)
def test_a_few_words_or_an_unusual_one_are_not(password):
    assert not is_guessable(password, ABOUT)


def test_the_list_is_a_serious_one_and_reaches_far():
    """Each word refuses itself with any year, any date, any four digits, and in two languages."""
    assert len(_common()) > 1500
    chance = random.Random(7)
    words = sorted(word for word in _common() if word.isalpha() and len(word) > 4)
    for word in chance.sample(words, 60):
        for end in ("123456", "!1234", str(chance.randint(1960, 2030)), "17081945", "@9999"):
            assert is_guessable(f"{word.capitalize()}{end}"), word + end


def test_what_a_password_manager_makes_is_not():
    chance = random.Random(7)
    letters = string.ascii_letters + string.digits
    made = ["".join(chance.choices(letters, k=12)) for _ in range(500)]
    assert sum(map(is_guessable, made)) <= 2


@pytest.mark.parametrize(
    "password",
    ["aku" * 66, "a1b2c3" * 33, "1" * 200, "ﷺ" * 200, "💥" * 200, "qwerty" * 10 + "xyzw"],
)
def test_the_longest_are_taken_apart_quickly(password):
    start = time.perf_counter()
    is_guessable(password, ABOUT)
    assert time.perf_counter() - start < 0.5
