import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrigo.retrieval import text
from chatrigo.retrieval.text import lemma, plain, query_terms, terms, words

SLANG = json.loads(Path(text.__file__).with_name("slang.json").read_text("utf-8"))

AWKWARD = [
    "",
    " \n\t ",
    "👍🏽👍🏽 ❤️‍🔥",
    "مرحبا كيف الحال",
    "‮txet desrever‬",
    "'; DROP TABLE knowledge_entry; --",
    "a & b | !c <-> d:* ''",
    "<script>alert(1)</script>",
    "x" * 10_000,
    "kopi " * 2_000,
    "a-" * 5_000,
    "1.000." * 1_500,
    "\x00\ud83d",
]


def asked(question: str) -> list[str]:
    return [term.same[-1] for term in query_terms(question)]


@pytest.mark.parametrize("awkward", AWKWARD)
def test_any_text_gives_terms_that_a_search_can_hold(awkward: str) -> None:
    for term in [*terms(awkward), *(a.term for q in query_terms(awkward) for a in q.alternatives)]:
        assert term.isalnum()
        assert len(term) <= text.MAX_TERM_CHARS
    assert len(query_terms(awkward)) <= text.MAX_QUERY_TERMS


@given(st.text(max_size=300))
def test_no_text_is_refused(anything: str) -> None:
    assert all(term.isalnum() for term in terms(anything))
    query_terms(anything)


@given(st.text(max_size=200))
def test_plain_text_stays_as_it_is(anything: str) -> None:
    assert plain(plain(anything)) == plain(anything)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789 -'.", max_size=80))
def test_writing_words_again_gives_the_same_words(anything: str) -> None:
    once = words(anything)
    assert words(" ".join(once)) == words(" ".join(words(" ".join(once))))


@given(st.text(alphabet="kopisuarend bg", max_size=60))
def test_every_asked_word_finds_the_text_it_was_asked_in(question: str) -> None:
    found = set(terms(question))
    assert all(found & set(term.same) for term in query_terms(question))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Baaanyak bangettt", ["banyak", "banget"]),
        ("buku-bukunya", ["buku"]),
        ("berkali-kali", ["berkali"]),
        ("jalan2", ["jalan"]),
        ("kopi-susu", ["kopi", "susu"]),
        ("15rb", ["15000"]),
        ("Rp15.000,00", ["rp", "15000", "0"]),
        ("24jam", ["24", "jam"]),
        ("08.00", ["8"]),
        ("Jum'at", ["jumat"]),
        ("café ☕️", ["cafe"]),
        ("ｋｏｐｉ", ["kopi"]),
    ],
)
def test_words(written: str, expected: list[str]) -> None:
    assert words(written) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("pengiriman", "kirim"),
        ("dikirim", "kirim"),
        ("kirimin", "kirim"),
        ("ngirim", "kirim"),
        ("nyoba", "coba"),
        ("pembayarannya", "bayar"),
        ("pesanan", "pesan"),
        ("harganya", "harga"),
        ("bisakah", "bisa"),
        ("masalah", "masalah"),
        ("sekolah", "sekolah"),
        ("xyzzy", "xyzzy"),
    ],
)
def test_lemma(word: str, expected: str) -> None:
    assert lemma(word) == expected


def test_slang_joins_the_word_and_does_not_replace_it() -> None:
    assert {"ongkir", "ongkos", "kirim", "ongkoskirim"} <= set(terms("ongkir"))
    assert query_terms("ongkir")[0].same == ("ongkir", "ongkoskirim")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("brp hrgnya kak", ["berapa", "harga"]),
        ("Halo kak, selamat pagi", []),
        ("makasih ya min", []),
        ("sore", []),
        ("bisa kak?", []),
        ("buka sore?", ["buka", "sore"]),
        ("bsa cod ga gan", ["bisa", "bayarditempat", "tidak"]),
        ("dmn alamatnya sis 😀", ["dimana", "alamat"]),
        ("jam bukanya kpn dong", ["jambuka", "kapan"]),
        ("kopi kopi KOPI", ["kopi"]),
    ],
)
def test_what_is_asked(question: str, expected: list[str]) -> None:
    assert asked(question) == expected


def test_words_that_tell_little_weigh_little() -> None:
    bisa, antar = query_terms("bisa dianterin?")
    assert bisa.weight < antar.weight == 1


def test_the_lexicon_is_well_formed() -> None:
    assert sum(map(len, SLANG["formal"].values())) >= 450
    assert all(0 < weight < 1 for weight in SLANG["light"].values())
    assert all(len(set(cluster)) == len(cluster) > 1 for cluster in SLANG["related"])
    assert all(form not in variants for form, variants in SLANG["formal"].items())
