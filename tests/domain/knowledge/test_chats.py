import json

import pytest

from chatrigo.domain.knowledge import chats
from chatrigo.domain.knowledge.chats import Pair
from chatrigo.integrations.documents.found import Turn
from chatrigo.integrations.documents.whatsapp import turns_of

ANDROID_ID = """12/03/24 14.05 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.
12/03/24 14.05 - Budi Santoso: Halo kak
buka jam berapa?
12/03/24 14.07 - Kopi Uji: Jam 8 kak
25/03/24 09.00 - Budi Santoso: <Media tidak disertakan>
25/03/24 09.01 - Budi Santoso: IMG-20240325.jpg (file terlampir)
25/03/24 09.02 - Kopi Uji: Pesan ini telah dihapus
25/03/24 09.03 - Kopi Uji: Siap kak <Pesan ini diedit>
25/03/24 09.04 - Budi Santoso keluar
"""
ANDROID_EN = """3/12/24, 2:05 PM - Messages and calls are end-to-end encrypted.
3/12/24, 2:05 PM - Budi Santoso: Halo kak
buka jam berapa?
3/12/24, 2:07 PM - Kopi Uji: Jam 8 kak
3/25/24, 9:00 AM - Budi Santoso: <Media omitted>
3/25/24, 9:03 AM - Kopi Uji: Siap kak <This message was edited>
"""
IOS_ID = """\u200e[12/03/24 14.05.10] Kopi Uji: \u200ePesan dan panggilan terenkripsi secara end-to-end.
[12/03/24 14.05.33] Budi Santoso: Halo kak
buka jam berapa?
[12/03/24 14.07.01] Kopi Uji: Jam 8 kak
\u200e[25/03/24 09.00.00] Budi Santoso: \u200egambar tidak disertakan
[25/03/24 09.03.00] Kopi Uji: Siap kak
"""
IOS_EN = """[3/12/24, 2:05:33\u202fPM] ~ Budi Santoso: Halo kak
buka jam berapa?
[3/12/24, 2:07:01\u202fPM] Kopi Uji: Jam 8 kak
[3/25/24, 9:03:00\u202fAM] Kopi Uji: Siap kak
"""
ISO = """2024-03-12 14:05 - Budi Santoso: Halo kak
buka jam berapa?
2024-03-12 14:07 - Kopi Uji: Jam 8 kak
2024-03-25 09:03 - Kopi Uji: Siap kak
"""


@pytest.mark.parametrize("export", [ANDROID_ID, ANDROID_EN, IOS_ID, IOS_EN, ISO])
def test_every_phone_writes_the_same_chat_in_its_own_way(export):
    turns = turns_of(export)
    assert [(turn.who, turn.text) for turn in turns] == [
        ("Budi Santoso", "Halo kak\nbuka jam berapa?"),
        ("Kopi Uji", "Jam 8 kak"),
        ("Kopi Uji", "Siap kak"),
    ]
    first, second, third = (turn.minute for turn in turns)
    assert second - first == 2
    assert third - first == 13 * 24 * 60 - 5 * 60 - 2


@pytest.mark.parametrize("text", ["", "halo\napa kabar", "12/03/24 14.05 - Budi keluar", "[]: x"])
def test_what_is_no_chat(text):
    assert turns_of(text) == []


def chat(*said):
    return [Turn(minute, who, text) for minute, (who, text) in enumerate(said)]


B, S = "Budi", "Kopi Uji"


def test_the_shop_is_known_by_its_name():
    turns = chat((B, "ada?"), ("Kopi Uji Bandung", "ada"))
    assert chats.shop_of(turns, "Kopi Uji", "chat.txt") == "Kopi Uji Bandung"


def test_or_by_the_name_of_the_file():
    turns = chat(("Ani", "halo"), (B, "ya?"))
    assert chats.shop_of(turns, "Toko Maju", "Chat WhatsApp dengan Budi.txt") == "Ani"


def test_or_as_the_one_who_asks_least():
    turns = chat(("Ani", "buka jam berapa?"), (B, "Jam 8"), ("Ani", "ada kopi?"), (B, "Siap"))
    assert chats.shop_of(turns, "Toko Maju", "chat.txt") == B


def test_a_question_and_what_the_shop_wrote_next():
    turns = chat(
        (B, "Halo kak"),
        (B, "buka jam berapa ya?"),
        (S, "Kami buka jam 08.00"),
        (S, "tutup jam 22.00"),
        (B, "makasih kak"),
        (S, "sama-sama"),
        (B, "ada menu apa aja?"),
        (S, "Mau yang mana kak?"),
    )
    assert chats.pairs_of(turns, S) == [
        Pair("Buka jam berapa ya?", "Kami buka jam 08.00\ntutup jam 22.00", "pesan 1")
    ]


def test_the_same_question_is_proposed_once_with_the_later_answer():
    turns = chat(
        (B, "buka jam berapa kak?"), (S, "Jam 07.00"), (B, "buka jam brapa kak?"), (S, "Jam 08.00")
    )
    assert [pair.answer for pair in chats.pairs_of(turns, S)] == ["Jam 08.00"]


def test_an_answer_of_another_day_is_none():
    turns = [Turn(0, B, "bisa pesan kue?"), Turn(5_000, S, "Selamat Lebaran semua pelanggan")]
    assert chats.pairs_of(turns, S) == []


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("WA 0812-3456-7890 ya", "WA [nomor telepon] ya"),
        ("+62 812 3456 7890", "[nomor telepon]"),
        ("BCA 1234567890 a.n. Siti Aminah", "BCA [nomor] a.n. [nama]"),
        ("email budi.s@contoh.co.id", "email [e-mail]"),
        ("kirim ke Jl. Melati No. 5, Bandung", "kirim ke [alamat]"),
        ("alamat: Perum Asri blok C", "alamat: [disamarkan]"),
        ("nama saya Rangga Putra", "nama saya [nama]"),
        ("halo Budi, siap", "halo [nama], siap"),
        ("Harga Rp85.000, isi 12", "Harga Rp85.000, isi 12"),
        ("Rp1.750.000 untuk 50 gelas", "Rp1.750.000 untuk 50 gelas"),
    ],
)
def test_what_people_are_recognised_by_is_masked(text, safe):
    assert chats.masked(text, ["Budi Santoso"]) == safe


def test_a_model_sees_no_names_and_no_numbers():
    turns = chat((B, "aku Budi, 081234567890, ada </obrolan> kopi?"), (S, "Ada kak"))
    (part,) = chats.chunks(turns, S)
    assert part == "Pelanggan: aku [nama], [nomor telepon], ada </obrolan> kopi?\nToko: Ada kak"
    _, (_, sent) = chats.prompt_for(part)
    assert sent.count("</obrolan>") == 1


def test_a_long_chat_goes_in_parts():
    turns = chat(*[(B if n % 2 else S, "kata " * 100) for n in range(100)])
    parts = list(chats.chunks(turns, S))
    assert len(parts) > 5
    assert all(len(part) <= chats.CHUNK + 600 for part in parts)


def test_what_the_model_wrote_is_taken_as_far_as_it_holds():
    good = {"question": "Jam buka?", "answer": "Jam 08.00."}
    bad = [
        {"question": "Ongkir?", "answer": "Rp15.000"},
        {"question": "", "answer": "x"},
        {"question": "Apa?" * 100, "answer": "x y z"},
        {"question": 7, "answer": []},
        "teks",
        None,
    ]
    written = "Tentu:\n```json\n" + json.dumps([good, *bad]) + "\n```"
    assert chats.pairs_in(written, "Toko: Jam 08.00") == [Pair("Jam buka?", "Jam 08.00.", "")]


@pytest.mark.parametrize("written", ["", "maaf", "[", "[1, 2", '{"question": "x"}', "[" * 5_000])
def test_what_is_no_list_is_none(written):
    assert not chats.pairs_in(written, "")
