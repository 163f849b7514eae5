from decimal import Decimal

import pytest

from chatrigo.domain.assistant.claims import Grounds
from chatrigo.domain.assistant.numbers import numbers, values
from chatrigo.domain.assistant.outgoing import Outgoing

MENU = [
    "Kopi Susu Gula Aren Rp18.000, ukuran besar 24 ribu. Isi 250 ml, tahan 3 hari di kulkas.",
    "Buka Senin–Jumat 08.00–21:00. Promo 10% sampai 30 November 2026.",
    "WA 0812-3456-7890, rekening BCA 1234567890, menu di https://kopi.example.com/menu.",
]
GROUNDS = Grounds.of(MENU, question="mau 4 gelas kak, kopinya Rp5.000 kan?")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rp18.000", 18_000),
        ("Rp 18.000,-", 18_000),
        ("IDR 18,000", 18_000),
        ("18rb", 18_000),
        ("18 ribu", 18_000),
        ("18k", 18_000),
        ("1,5 juta", 1_500_000),
        ("1.5jt", 1_500_000),
        ("Rp1.250.000,50", Decimal("1250000.5")),
        ("delapan belas ribu", 18_000),
        ("dua puluh lima ribu lima ratus rupiah", 25_500),
        ("seratus lima puluh ribu", 150_000),
        ("seribu", 1_000),
        ("sejuta dua ratus ribu", 1_200_000),
        ("dua juta lima ratus ribu", 2_500_000),
        ("eighteen thousand", 18_000),
        ("two hundred fifty thousand", 250_000),
        ("18-20 ribu", 18_000),
        ("jam 21:00", 9),
        ("pukul 08.30", Decimal("8.3")),
    ],
)
def test_one_value_in_many_spellings(text, value):
    assert Decimal(value) in values(text)


def test_a_scale_belongs_to_the_number_before_it():
    found = [number.text for number in numbers("harga 18 ribu dan 20 kg") if number.text]
    assert found == ["18 ribu", "20"]


@pytest.mark.parametrize(
    "answer",
    [
        "Kopi susunya Rp18.000 ya kak.",
        "18rb aja kak, yang besar 24k",
        "Harganya delapan belas ribu rupiah.",
        "Buka jam 8 pagi sampai jam 9 malam.",
        "Buka 08:00-21.00, kak.",
        "Diskon 10 persen sampai 30/11/2026",
        "Sampai 30 Nov 2026 ya",
        "Mei mei cantik",
        "Siap, 4 gelas ya kak!",
        "Chat aja ke +62 812 3456 7890",
        "Transfer ke 1234567890",
        "Menunya: https://kopi.example.com/menu",
        "Menu di kopi.example.com/menu ya.",
        "1. Kopi susu\n2. Teh tarik\n3) Roti",
        "Tahan tiga hari di kulkas.",
        "Ada dua ukuran, kak.",
        "Halo kak, ada yang bisa dibantu?",
    ],
)
def test_what_stands_in_the_evidence_may_be_said(answer):
    assert GROUNDS.unsupported(answer) == []


@pytest.mark.parametrize(
    ("answer", "claim"),
    [
        ("Kopi susunya Rp17.000 ya kak.", "Rp17.000"),
        ("Iya kak, Rp5.000", "Rp5.000"),
        ("Cuma 15rb kak", "15rb"),
        ("lima ribu rupiah saja", "lima ribu"),
        ("dua puluh ribu", "dua puluh ribu"),
        ("Totalnya 72.000 untuk 4 gelas", "72.000"),
        ("Diskon 50%!", "50"),
        ("Buka sampai jam 23.00", "23.00"),
        ("Promo sampai 31 November", "31"),
        ("Promo sampai 30 Desember", "Desember"),
        ("WA 0813-1111-2222", "0813-1111-2222"),
        ("Transfer ke 9876543210", "9876543210"),
        (
            "Bayar di http://kopi.example.com.jahat.xyz/menu",
            "http://kopi.example.com.jahat.xyz/menu",
        ),
        ("Klik bit.ly/abc", "bit.ly/abc"),
        ("Stoknya tinggal 7", "7"),
        ("Siap, ١٥ ribu", "١٥ ribu"),
    ],
)
def test_what_stands_nowhere_is_found(answer, claim):
    assert GROUNDS.unsupported(answer) == [claim]


def test_a_draft_is_shown_up_to_the_first_claim_that_stands_nowhere():
    leaving = Outgoing(told=tuple(MENU))
    assert leaving.safe("Harganya Rp18.000 ya, yang bes") == "Harganya Rp18.000 ya, yang"
    assert leaving.safe("Harganya Rp1") == "Harganya"
    assert leaving.safe("Harganya Rp17.000 saja kak, mur") == "Harganya"
    assert leaving.safe("Harganya 18 ribu ya ") == "Harganya 18 ribu ya"
