"""Sources are read by durable work: files, pages, sites and chats, whatever is in them."""

import asyncio
import json
from datetime import timedelta

import pytest

from chatrigo import db
from chatrigo.domain.knowledge import proposals, source_pieces, sources
from chatrigo.domain.knowledge.trial import try_question
from chatrigo.integrations import storage
from chatrigo.integrations.fetch import Fetcher
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.source import KnowledgeSource
from chatrigo.workflows import import_source, queue
from tests.support.fake_llm import Behaviour
from tests.support.fake_site import FakeSite

GUIDE = b"""# Pengiriman

Kami kirim ke seluruh Indonesia setiap hari Senin sampai Sabtu.

# Retur

Barang rusak bisa diretur dalam tiga hari setelah diterima.
"""
CHAT = b"""12/03/24 14.05 - Budi: Halo kak, buka jam berapa?
12/03/24 14.07 - Kopi Uji: Kami buka jam 08.00 sampai 22.00 kak
12/03/24 14.09 - Budi: alamat saya Jl. Melati No. 5 ya
12/03/24 14.10 - Kopi Uji: siap kak
13/03/24 09.00 - Budi: bisa bayar pakai qris?
13/03/24 09.02 - Kopi Uji: Bisa kak, QRIS dan transfer
"""


@pytest.fixture
def site(monkeypatch):
    with FakeSite() as site:
        monkeypatch.setattr(import_source, "fetcher", Fetcher(allow_loopback=True, seconds=10))
        yield site


async def upload(shop, content, name="panduan.md", kind="file"):
    room = storage.room_of(shop.business_id)
    sha256 = await storage.put(content, room)
    return await db.run(sources.add_file, shop, kind, name, sha256, len(content))


async def ended(shop, source_id, seconds=20):
    async with asyncio.timeout(seconds):
        while True:
            row = await db.run(sources.get_source, shop, source_id)
            if not row.running:
                return row
            await asyncio.sleep(0.05)


async def found(shop, question):
    return (await db.run(try_question, shop, question)).found


async def test_a_file_becomes_pieces_that_are_found(shop, duties):
    row = await ended(shop, (await upload(shop, GUIDE)).id)
    assert (row.state, row.pieces, row.format, row.problem) == ("ready", 2, "md", "")
    (hit, *_) = await found(shop, "bisa retur barang rusak?")
    assert hit.title == "Retur"
    page = await db.run(source_pieces.list_pieces, shop, row.id)
    assert [piece.title for piece in page.rows] == ["Pengiriman", "Retur"]


async def test_what_can_not_be_read_is_told_on_the_source(shop, duties):
    row = await ended(shop, (await upload(shop, b"%PDF-1.7 nothing of the kind")).id)
    assert (row.state, row.pieces) == ("failed", 0)
    assert "rusak" in row.problem
    assert "broken" in row.problem_en


async def test_reading_again_keeps_what_the_owner_made_of_a_piece(shop, duties):
    from chatrigo.domain.knowledge.entries import change_entry, enable_entry

    row = await ended(shop, (await upload(shop, GUIDE)).id)
    first, second = (await db.run(source_pieces.list_pieces, shop, row.id)).rows
    await db.run(change_entry, shop, first.id, "Pengiriman", "Kami kirim setiap hari.")
    await db.run(enable_entry, shop, second.id, False)
    await db.run(sources.import_again, shop, row.id)
    await ended(shop, row.id)
    again = (await db.run(source_pieces.list_pieces, shop, row.id)).rows
    assert [(p.id, p.body, p.on, p.edited) for p in again] == [
        (first.id, "Kami kirim setiap hari.", True, True),
        (second.id, second.body, False, False),
    ]


async def test_a_deleted_source_takes_its_file_along(shop, duties):
    row = await ended(shop, (await upload(shop, GUIDE)).id)
    with db.transaction(shop) as session:
        sha256 = session.get(KnowledgeSource, row.id).sha256
    path = storage.path(sha256, storage.room_of(shop.business_id))
    assert path.exists()
    await db.run(sources.delete_source, shop, row.id)
    assert await found(shop, "bisa retur barang rusak?") == []
    async with asyncio.timeout(10):
        while path.exists():
            await asyncio.sleep(0.05)


async def test_a_page_is_read_and_read_again_only_when_it_changes(shop, duties, site):
    site.page("/faq", "<h1>Ongkir</h1><p>" + "Ongkir ke Bandung sepuluh ribu rupiah saja. " * 3)
    row = await db.run(sources.add_page, shop, "page", site.url("/faq"), "daily")
    row = await ended(shop, row.id)
    assert (row.state, row.pieces, row.name) == ("ready", 1, "Ongkir")
    (piece,) = (await db.run(source_pieces.list_pieces, shop, row.id)).rows

    await again(shop, row.id)
    assert [p.id for p in await pieces(shop, row.id)] == [piece.id]

    site.page("/faq", "<h1>Ongkir</h1><p>" + "Ongkir ke Bandung lima belas ribu rupiah. " * 3)
    await again(shop, row.id)
    (new,) = await pieces(shop, row.id)
    assert "lima belas" in new.body

    site.statuses["/faq"] = 404
    assert (await again(shop, row.id)).problem == ""
    gone = await again(shop, row.id)
    assert (gone.state, gone.pieces) == ("ready", 1)
    assert "tidak ada lagi" in gone.problem


async def again(shop, source_id):
    """As the appointment does: what is unchanged is left alone."""

    def refresh(session, actor):
        source = session.get(KnowledgeSource, source_id)
        sources.start(session, source)

    await db.run(refresh, shop)
    return await ended(shop, source_id)


async def pieces(shop, source_id):
    return (await db.run(source_pieces.list_pieces, shop, source_id)).rows


async def test_a_site_is_read_as_its_robots_txt_allows(shop, duties, site):
    for name in ("a", "b", "rahasia"):
        site.page(f"/{name}", f"<h1>Halaman {name}</h1><p>" + f"Isi halaman {name} toko kopi. " * 5)
    site.answers["/robots.txt"] = ("text/plain", b"User-agent: *\nDisallow: /rahasia")
    site.map("/peta.xml", "/a", "/b", "/rahasia", "/hilang", "http://lain.example/x")
    site.answers["/sitemap.xml"] = (
        "application/xml",
        f"<sitemapindex><sitemap><loc>{site.url('/peta.xml')}</loc></sitemap></sitemapindex>".encode(),
    )
    row = await db.run(sources.add_page, shop, "sitemap", site.url("/sitemap.xml"))
    row = await ended(shop, row.id)
    assert (row.state, row.pieces) == ("ready", 2)
    assert "1 dari 3" in row.problem
    assert {p.place for p in await pieces(shop, row.id)} == {site.url("/a"), site.url("/b")}
    assert "/rahasia" not in site.asked


async def test_a_chat_proposes_and_nothing_is_used_before_approval(shop, duties):
    row = await ended(
        shop, (await upload(shop, CHAT, "Chat WhatsApp dengan Budi.txt", "whatsapp")).id
    )
    assert (row.state, row.shop, row.people) == ("ready", "Kopi Uji", ["Budi", "Kopi Uji"])
    waiting = (await db.run(proposals.list_proposals, shop, row.id)).rows
    assert [p.question for p in waiting] == [
        "Buka jam berapa?",
        "Bisa bayar pakai qris?",
    ]
    assert await found(shop, "buka jam berapa?") == []
    done = await db.run(proposals.approve_all, shop, [p.id for p in waiting])
    assert (done.taught, done.left) == (2, 0)
    assert (await found(shop, "buka jam berapa?"))[0].kind == "qa"
    await db.run(sources.delete_source, shop, row.id)
    assert await found(shop, "buka jam berapa?")


async def test_the_model_proposes_and_is_checked(shop, duties, model):
    model.default = Behaviour(
        text=json.dumps(
            [
                {"question": "Jam buka toko?", "answer": "Jam 08.00 sampai 22.00."},
                {"question": "Berapa ongkir?", "answer": "Ongkir Rp15.000."},
                {"question": 7},
            ]
        )
    )
    row = await ended(shop, (await upload(shop, CHAT, "chat.txt", "whatsapp")).id)
    waiting = (await db.run(proposals.list_proposals, shop, row.id)).rows
    assert [p.question for p in waiting] == ["Jam buka toko?"]
    sent = model.requests[-1].body["messages"][-1]["content"]
    assert "Melati" not in sent
    assert "Budi" not in sent


async def test_a_model_that_fails_leaves_it_to_the_rule(shop, duties, model):
    model.default = Behaviour(text="Maaf, saya tidak bisa.")
    row = await ended(shop, (await upload(shop, CHAT, "chat.txt", "whatsapp")).id)
    assert (await db.run(proposals.list_proposals, shop, row.id)).found == 2


async def test_an_import_can_be_cancelled_while_it_runs(shop, duties, site):
    site.slow["/lambat"] = 30
    row = await db.run(sources.add_page, shop, "page", site.url("/lambat"))
    await asyncio.sleep(0.3)
    row = await db.run(sources.cancel_import, shop, row.id)
    assert row.state == "cancelled"
    await asyncio.sleep(1)
    assert (await db.run(sources.get_source, shop, row.id)).state == "cancelled"


async def test_an_appointment_that_was_changed_is_not_kept(shop, duties, site):
    from chatrigo.domain.knowledge.importing import keep_appointment

    site.page("/faq", "<h1>Ongkir</h1><p>" + "Ongkir ke Bandung sepuluh ribu rupiah saja. " * 3)
    row = await ended(
        shop, (await db.run(sources.add_page, shop, "page", site.url("/faq"), "daily")).id
    )
    with db.transaction(shop) as session:
        wake = session.get(KnowledgeSource, row.id).wake
    await db.run(keep_appointment, shop, row.id, wake - 1)
    assert not (await db.run(sources.get_source, shop, row.id)).running
    await db.run(keep_appointment, shop, row.id, wake)
    assert (await db.run(sources.get_source, shop, row.id)).running
    await ended(shop, row.id)
    await db.run(sources.schedule_source, shop, row.id, "never")
    with db.transaction(shop) as session:
        wake = session.get(KnowledgeSource, row.id).wake
    await db.run(keep_appointment, shop, row.id, wake)
    assert not (await db.run(sources.get_source, shop, row.id)).running


async def test_a_hundred_pieces_have_a_hundred_places(shop, duties):
    rows = "".join(f"Produk {n},Rp{n}.000,{'keterangan ' * 60}\n" for n in range(100))
    content = f"nama,harga,isi\n{rows}".encode()
    row = await ended(shop, (await upload(shop, content, "harga.csv")).id)
    assert row.pieces >= 50
    with db.transaction(shop) as session:
        positions = [e.position for e in session.query(KnowledgeEntry).all()]
    assert sorted(positions) == list(range(row.pieces))
    assert queue.IMPORTS == sources.IMPORTS


async def test_a_page_is_fetched_again_when_its_time_has_come(shop, duties, site, monkeypatch):
    monkeypatch.setitem(sources.EVERY, "daily", timedelta(seconds=1))
    site.page("/faq", "<h1>Ongkir</h1><p>" + "Ongkir ke Bandung sepuluh ribu rupiah saja. " * 3)
    row = await db.run(sources.add_page, shop, "page", site.url("/faq"), "daily")
    await ended(shop, row.id)
    async with asyncio.timeout(30):
        while site.asked.count("/faq") < 2:
            await asyncio.sleep(0.1)
    await db.run(sources.schedule_source, shop, row.id, "never")
    assert (await ended(shop, row.id)).pieces == 1
