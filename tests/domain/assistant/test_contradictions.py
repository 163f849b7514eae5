import pytest

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.assistant import hours_said, versions
from chatrigo.domain.assistant.contradictions import (
    SideRow,
    candidates,
    find_contradictions,
)
from chatrigo.domain.knowledge.entries import add_entry, enable_entry
from chatrigo.errors import Forbidden, SignedOut
from chatrigo.models.catalogue import Product, Variant
from chatrigo.workflows.contradict import read

WEEK = {day: ["08:00", "22:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
FORM = {
    "language": "id",
    "hours_known": "on",
    **{f"open_{day}": "on" for day in WEEK},
    **{f"opens_{day}": "08:00" for day in WEEK},
    **{f"closes_{day}": "22:00" for day in WEEK},
}


@pytest.fixture
def teach(session, actor):
    def taught(title, body, kind="qa"):
        return add_entry(session, actor, kind, title, body, duplicate_ok=True)

    return taught


def kinds(session, actor):
    return [row.kind for row in find_contradictions(session, actor)]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (
            ("Berapa ongkir ke Bandung?", "Rp10.000 ya, Kak."),
            ("ongkir bandung brp?", "Ongkirnya 12 ribu."),
            "amount",
        ),
        (("Kapan terakhir pesan?", "Jam 20.00"), ("Terakhir pesan kapan?", "jam 9 malam"), "clock"),
        (("Ada diskon grosir?", "Ada, 10%"), ("diskon grosir ada?", "15 persen"), "percent"),
        (("Bisa COD?", "Bisa, Kak."), ("COD bisa ga?", "Belum bisa, Kak."), "yes_no"),
        (("Alamat toko", "Jalan Kemuning"), ("alamat TOKO!", "Jalan Melati"), "title"),
    ],
)
def test_nearly_the_same_question_answered_differently(session, actor, teach, first, second, kind):
    one, other = teach(*first), teach(*second)
    (row,) = find_contradictions(session, actor)
    assert row.kind == kind
    assert {row.first.id, row.second.id} == {one.id, other.id}
    enable_entry(session, actor, one.id, False)
    assert find_contradictions(session, actor) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Ongkir ke Bandung?", "Rp10.000"), ("Ongkir Bandung berapa?", "10 ribu saja")),
        (("Ongkir ke Bandung?", "Rp10.000"), ("Ongkir ke Jakarta?", "Rp25.000")),
        (("Harga biji Gayo 200 g?", "Rp88.000"), ("Harga biji Gayo 500 g?", "Rp205.000")),
        (("Ada parkir?", "Ada."), ("Ada musala?", "Tidak ada.")),
    ],
)
def test_what_is_no_contradiction(session, actor, teach, first, second):
    teach(*first)
    teach(*second)
    assert find_contradictions(session, actor) == []


def test_opening_hours_against_the_instructions(session, actor, teach):
    versions.save_draft(session, actor, FORM, 0)
    teach("Buka jam berapa?", "Tiap hari jam 08.00 sampai 22.00.")
    assert find_contradictions(session, actor) == []
    wrong = teach("Toko buka kapan?", "Kami buka jam 9 pagi sampai 10 malam.")
    row = find_contradictions(session, actor)[0]
    assert (row.kind, row.first.kind, row.first.title) == ("hours", "instructions", "hours")
    assert row.second.id == wrong.id


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Jam buka?\n08.00 sampai 22.00", False),
        ("Jam buka?\n08.00 sampai 21.00", True),
        ("Jam buka?\nPesanan diantar jam 09.00", False),
        ("Info\nSenin libur.", True),
        ("Info\nHari Minggu kami tutup.", True),
        ("Info\nMinggu tutup jam 22.00", False),
        ("Kelas seduh\nSetiap Sabtu pukul 09.00", False),
    ],
)
def test_hours_as_people_write_them(text, wrong):
    body = text if "diantar" not in text else "Info\nPesanan diantar jam 09.00"
    assert hours_said.contradicts(WEEK, body) is wrong


def test_every_day_is_not_true_of_days_that_differ():
    uneven = {**WEEK, "sun": None}
    assert hours_said.contradicts(uneven, "Buka?\nBuka tiap hari jam 08.00-22.00")
    assert not hours_said.contradicts(uneven, "Buka?\nSenin-Sabtu buka jam 08.00-22.00")


def test_a_rule_against_the_knowledge(session, actor, teach):
    teach("Ongkir ke Bandung berapa?", "Ongkir dalam kota Bandung Rp10.000.")
    versions.save_draft(
        session,
        actor,
        {"language": "id", "do": "Sapa dengan Kak.\nSebutkan ongkir Bandung Rp15.000."},
        0,
    )
    (row,) = find_contradictions(session, actor)
    assert (row.kind, row.first.title) == ("amount", "do")
    assert row.first.text == "Sebutkan ongkir Bandung Rp15.000."
    versions.save_draft(
        session, actor, {"language": "id", "do": "Sebutkan ongkir Bandung 10 ribu."}, 1
    )
    assert find_contradictions(session, actor) == []


def test_a_price_against_the_catalogue(session, actor, teach):
    product = Product(business_id=actor.business_id, name="Kopi Tubruk")
    session.add(product)
    session.flush()
    session.add(Variant(business_id=actor.business_id, product_id=product.id, price=15_000))
    teach("Harga kopi tubruk berapa?", "Rp15.000 segelas.")
    assert kinds(session, actor) == []
    teach("Kopi tubruk harganya?", "Cuma 12 ribu, Kak.")
    assert "price" in kinds(session, actor)


def test_a_model_is_shown_what_speaks_of_the_same(session, actor, teach):
    teach("Bisa antar ke rumah?", "Bisa, dengan kurir toko.")
    teach("Antar pesanan ke rumah hari Minggu?", "Kurir libur hari Minggu.")
    teach("Ada musala?", "Ada di lantai satu.")
    (pair,) = candidates(session, actor)
    assert {side.title for side in pair} == {
        "Bisa antar ke rumah?",
        "Antar pesanan ke rumah hari Minggu?",
    }


ONE, OTHER = SideRow("entry", 1, "a", "x"), SideRow("entry", 2, "b", "y")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ('[{"pair": 1, "why": "Beda."}]', ["Beda."]),
        ('Tentu:\n[{"pair": 1, "why": "Beda."}, {"pair": 1, "why": "Lagi."}] ok', ["Beda."]),
        ('[{"pair": 2}, {"pair": 0}, {"pair": "1"}, {"pair": true}, 7, null]', []),
        ("[", []),
        ("", []),
        ("tidak ada", []),
        ('{"pair": 1}', []),
        ('[{"pair": 1, "why": null}]', [""]),
    ],
)
def test_what_a_model_says_is_read_with_care(said, found):
    assert [row.why for row in read(said, [(ONE, OTHER)])] == found


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        for body in ("Rp10.000", "Rp12.000"):
            add_entry(session, shop, "qa", "Ongkir Bandung?", body, duplicate_ok=True)
        assert len(find_contradictions(session, shop)) == 1
    with db.transaction(stranger) as session:
        assert find_contradictions(session, stranger) == []


def test_who_may_not_teach_is_refused(session, actor):
    for who, refusal in ((Actor(1, actor.business_id, "agent"), Forbidden), (PUBLIC, SignedOut)):
        for call in (find_contradictions, candidates):
            with pytest.raises(refusal):
                call(session, who)
