"""The screens of sources and proposals, as tabs see them."""

from chatrigo import db
from chatrigo.domain.knowledge import importing, proposals, sources
from chatrigo.domain.knowledge.pieces import Piece
from state.proposals import ProposalsState
from state.source import SourceState
from state.sources import SourcesState
from tests.state.test_knowledge import until
from tests.support.browser import browser, sign_in

PIECES = [Piece("Retur", "hal. 1", "Tiga hari."), Piece("Garansi", "hal. 2", "Satu tahun.")]


async def add(shop):
    return await db.run(sources.add_file, shop, "file", "panduan.pdf", "a" * 64, 10)


async def read(shop, row):
    job = await db.run(importing.begin, shop, row.id, 1)
    await db.run(importing.go_on, shop, row.id, 1, 3, 9)
    return job


async def test_a_list_follows_what_is_read(shop, stranger):
    async with browser() as chrome:
        tab, other = chrome.tab(), chrome.tab()
        await tab.open("/knowledge/sources", cookie=sign_in(shop))
        await other.open("/knowledge/sources", cookie=sign_in(stranger))
        await until(lambda: tab.sees(SourcesState.loaded) and other.sees(SourcesState.loaded))
        row = await add(shop)
        job = await read(shop, row)
        await until(lambda: tab.sees(SourcesState.rows))
        await until(lambda: tab.sees(SourcesState.rows)[0].done == 3)
        await db.run(importing.store_pieces, shop, job, PIECES, "digest")
        await until(lambda: tab.sees(SourcesState.rows)[0].state == "ready")
        assert tab.sees(SourcesState.rows)[0].pieces == 2
        assert other.sees(SourcesState.rows) == []
        await tab.send(SourcesState.switch(row.id, False))
        await until(lambda: tab.sees(SourcesState.rows)[0].enabled is False)
        await other.send(SourcesState.switch(row.id, True))
        assert tab.sees(SourcesState.rows)[0].enabled is False
        for each in (tab, other):
            await each.close()


async def test_an_address_is_refused_at_its_field(shop):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/knowledge/sources", cookie=sign_in(shop))
        await tab.send(SourcesState.add_page({"kind": "page", "address": "ftp://x"}))
        assert "tidak bisa dibuka" in tab.sees(SourcesState.address_error)
        assert tab.sees(SourcesState.adding) is False
        await tab.send(SourcesState.add_page({"kind": "page", "address": "toko.example"}))
        assert tab.sees(SourcesState.address_error) == ""
        for nonsense in (None, 7, [], {"address": {}}):
            await tab.send(SourcesState.add_page(nonsense))
        await tab.close()


async def opened(chrome, shop, source_id):
    tab = chrome.tab()
    await tab.open(
        f"/knowledge/sources/{source_id}",
        "/knowledge/sources/[source_id]",
        cookie=sign_in(shop),
        source_id=str(source_id),
    )
    return tab


async def test_a_source_is_opened_changed_and_deleted(shop, stranger):
    row = await add(shop)
    job = await read(shop, row)
    await db.run(importing.store_pieces, shop, job, PIECES, "digest")
    async with browser() as chrome:
        tab, foreign = await opened(chrome, shop, row.id), await opened(chrome, stranger, row.id)
        await until(lambda: tab.sees(SourceState.loaded) and foreign.sees(SourceState.missing))
        first = tab.sees(SourceState.rows)[0]
        await tab.send(SourceState.edit(first.id))
        await tab.send(SourceState.save_piece({"title": "Retur", "body": ""}))
        assert tab.sees(SourceState.body_error)
        await tab.send(SourceState.save_piece({"title": "Retur", "body": "Tujuh hari."}))
        assert tab.sees(SourceState.rows)[0].edited
        await tab.send(SourceState.switch_piece(first.id, False))
        assert tab.sees(SourceState.rows)[0].on is False
        await tab.send(SourceState.search("garansi"))
        assert tab.sees(SourceState.found) == 1
        await tab.send(SourceState.rename({"name": "Buku"}))
        await until(lambda: tab.sees(SourceState.source).name == "Buku")
        await foreign.send(SourceState.delete())
        await tab.send(SourceState.delete())
        assert tab.was_sent("/knowledge/sources")
        for each in (tab, foreign):
            await each.close()
    with db.transaction(shop) as session:
        assert sources.list_sources(session, shop) == []


async def test_proposals_are_chosen_approved_and_rejected(shop):
    with db.transaction(shop) as session:
        for question in ("Ada parkir?", "Ada musala?", "Ada wifi?"):
            proposals.propose(session, shop, "edit", "", question, "Ada.")
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/knowledge/proposals", cookie=sign_in(shop))
        await until(lambda: tab.sees(ProposalsState.loaded))
        one, two, three = (row.id for row in tab.sees(ProposalsState.rows))
        await tab.send(ProposalsState.choose_all(True))
        assert tab.sees(ProposalsState.chosen) == [one, two, three]
        await tab.send(ProposalsState.choose(three, False))
        await tab.send(ProposalsState.approve_chosen())
        assert tab.was_sent("2 tanya jawab")
        await until(lambda: [r.id for r in tab.sees(ProposalsState.rows)] == [three])
        await tab.send(ProposalsState.edit(three))
        await tab.send(ProposalsState.save({"title": "ada PARKIR", "body": "Ada."}))
        assert tab.sees(ProposalsState.duplicate) == "Ada parkir?"
        await tab.send(ProposalsState.reject(three))
        await until(lambda: tab.sees(ProposalsState.rows) == [])
        await tab.close()
