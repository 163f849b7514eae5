import pytest

from chatrigo.domain.assistant.testing.facts import amounts_in, holds, mentions

EIGHTEEN = ("Rp18.000", "18 ribu", "18rb", "18k", "18000", "Rp 18.000,-", "delapan belas ribu")


@pytest.mark.parametrize("fact", EIGHTEEN)
@pytest.mark.parametrize("said", EIGHTEEN)
def test_an_amount_counts_by_its_value(fact, said):
    assert holds(f"Harganya {said} ya, Kak.", fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Kami buka tiap hari jam 08.00 sampai 22.00, kak.", "buka"),
        ("Buka jam delapan pagi.", "08.00"),
        ("Buka 8 pagi sampai 10 malam", "22.00"),
        ("Buka 08:00-22:00", "jam 10 malam"),
        ("Buka jam 8", "8"),
        ("Ongkirnya 1,5 juta", "Rp1.500.000"),
        ("Dapat potongan 10 persen!", "10%"),
        ("BISA, Kak! Pakai QRIS.", "bisa kak"),
        ("Telepon 0812-3456-7890 ya", "+62 812 3456 7890"),
        ("Café kami di Jl. Kemuning 17", "cafe"),
        ("apa saja", ""),
    ],
)
def test_a_fact_is_said_in_other_words(text, fact):
    assert holds(text, fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Harganya Rp19.000", "Rp18.000"),
        ("18 gram", "Rp18.000"),
        ("Rp18.000", "18 gram"),
        ("Diskon 10 ribu", "10%"),
        ("Buka jam 8 malam", "08.00"),
        ("bisa bayar di tempat", "tidak bisa"),
        ("ya, tidak perlu bisa", "tidak bisa"),
        ("", "halal"),
    ],
)
def test_what_is_not_said(text, fact):
    assert not holds(text, fact)


def test_words_and_amounts_each_stand_somewhere():
    text = "Ongkir ke Bandung Rp12.000, sampai hari itu juga."
    assert holds(text, "ke Bandung 12 ribu")
    assert not holds(text, "ke Jakarta 12 ribu")
    assert not holds(text, "ke Bandung 10 ribu")


def test_a_forbidden_phrase_stands_in_one_piece():
    assert mentions("Pasti dapat DISKON, Kak", "diskon")
    assert mentions("diskon 10% ya", "diskon 10 persen")
    assert not mentions("diskonnya besok", "diskon")
    assert not mentions("diskon besok 10%", "diskon 10%")
    assert not mentions("apa saja", "")


def test_amounts_in_the_order_of_reading():
    kinds = [amount.kind for amount in amounts_in("Jam 08.00, Rp5.000, diskon 5%")]
    assert kinds == ["clock", "number", "percent"]
