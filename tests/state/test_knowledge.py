import asyncio
import io
from pathlib import Path

import pytest
import reflex as rx

from chatrigo import db
from chatrigo.domain.knowledge import entries
from chatrigo.events import hub
from state.knowledge import KnowledgeState
from tests.support.browser import browser, sign_in

PAIR = {"title": "Buka jam berapa?", "body": "Jam 8 sampai 22."}


async def until(condition, seconds=3.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


def titles(tab):
    return [row.title for row in tab.sees(KnowledgeState.rows) or []]


def upload(content: bytes) -> list[rx.UploadFile]:
    return [rx.UploadFile(file=io.BytesIO(content), path=Path("a.csv"))]


async def test_what_is_taught_is_tried_at_once_and_seen_in_every_tab_of_the_shop(shop, stranger):
    async with browser() as chrome:
        here, there, elsewhere = (chrome.tab() for _ in range(3))
        await here.open("/knowledge", cookie=sign_in(shop))
        await there.open("/knowledge", cookie=sign_in(shop))
        await elsewhere.open("/knowledge", cookie=sign_in(stranger))
        await until(lambda: all(t.sees(KnowledgeState.loaded) for t in (here, there, elsewhere)))

        await here.send(KnowledgeState.compose("qa"))
        await here.send(KnowledgeState.save(PAIR))

        assert here.sees(KnowledgeState.decision) == "answer"
        assert here.was_sent("langsung memakainya")
        await until(lambda: titles(there) == [PAIR["title"]] == titles(here))
        assert titles(elsewhere) == []
        for tab in (here, there, elsewhere):
            await tab.close()
        assert not any(hub._inboxes.values())


async def test_a_duplicate_is_warned_of_once(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(KnowledgeState.save(PAIR))
        again = {**PAIR, "title": "buka jam berapa"}
        await tab.send(KnowledgeState.compose("qa"))
        await tab.send(KnowledgeState.save(again))
        assert tab.sees(KnowledgeState.duplicate) == PAIR["title"]
        assert _count(shop) == 1
        await tab.send(KnowledgeState.save(again))
        assert _count(shop) == 2


async def test_a_refusal_stands_at_its_field(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(KnowledgeState.save({"title": "", "body": "x"}))
        assert tab.sees(KnowledgeState.title_error) == "Pertanyaannya ditulis dulu."
        await tab.send(KnowledgeState.save({"title": "x?", "body": "x" * 4001}))
        assert "4000" in tab.sees(KnowledgeState.body_error)
        assert tab.sees(KnowledgeState.saving) is False


async def test_a_deletion_can_be_undone(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(KnowledgeState.save(PAIR))
        await until(lambda: titles(tab))
        await tab.send(KnowledgeState.ask_delete(tab.sees(KnowledgeState.rows)[0].id))
        assert tab.sees(KnowledgeState.deleting_title) == PAIR["title"]
        await tab.send(KnowledgeState.delete)
        assert tab.was_sent("Urungkan")
        await until(lambda: titles(tab) == [])
        await tab.send(KnowledgeState.undo)
        await tab.send(KnowledgeState.undo)
        await until(lambda: titles(tab) == [PAIR["title"]])
        assert _count(shop) == 1


async def test_a_file_is_shown_before_it_is_saved(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(KnowledgeState.read_file(upload(b"question,answer\nA?,a\n,b\n")))
        assert (tab.sees(KnowledgeState.import_ready), _count(shop)) == (1, 0)
        assert tab.sees(KnowledgeState.import_rows)[0].problem == "question_missing"
        await tab.send(KnowledgeState.save_import)
        await until(lambda: tab.sees(KnowledgeState.importing) is False and _count(shop) == 1)
        assert tab.sees(KnowledgeState.import_rows) == []
        await tab.send(KnowledgeState.save_import)
        assert _count(shop) == 1


async def test_a_file_that_is_none_is_refused_in_words(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(KnowledgeState.read_file(upload(b"PK\x00")))
        assert "CSV" in tab.sees(KnowledgeState.import_error)
        await tab.send(KnowledgeState.export)
        assert tab.was_sent("/export/knowledge.csv")


@pytest.mark.parametrize("nonsense", [None, -1, 2**70, "x", [], {"a": [1]}, "\x00"])
async def test_nonsense_changes_nothing(shop, nonsense):
    with db.transaction(shop) as session:
        entries.add_entry(session, shop, "qa", **PAIR)
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        for handler in (
            KnowledgeState.show,
            KnowledgeState.search,
            KnowledgeState.compose,
            KnowledgeState.use_example,
            KnowledgeState.edit,
            KnowledgeState.save,
            KnowledgeState.ask_delete,
            KnowledgeState.try_question,
            KnowledgeState.read_file,
            KnowledgeState.refuse_file,
        ):
            await tab.send(handler(nonsense))
        await tab.send(KnowledgeState.switch(nonsense, nonsense))
        await tab.send(KnowledgeState.delete)
        await tab.send(KnowledgeState.undo)
        assert not tab.was_sent("sebutkan kode")
    assert _count(shop) == 1


async def _opened(chrome, shop):
    tab = chrome.tab()
    await tab.open("/knowledge", cookie=sign_in(shop))
    await until(lambda: tab.sees(KnowledgeState.loaded))
    return tab


def _count(shop):
    with db.transaction(shop) as session:
        return entries.list_entries(session, shop).counts.all


async def test_the_evidence_of_an_answer_leads_to_its_entry(shop, stranger):
    with db.transaction(shop) as session:
        row = entries.add_entry(session, shop, "qa", **PAIR)
    async with browser() as chrome:
        here, elsewhere = chrome.tab(), chrome.tab()
        path = f"/knowledge?entry={row.id}"
        await here.open(path, "/knowledge", cookie=sign_in(shop))
        await elsewhere.open(path, "/knowledge", cookie=sign_in(stranger))
        await until(lambda: here.was_sent("entry-form"))
        assert here.sees(KnowledgeState.form).title == PAIR["title"]
        await until(lambda: elsewhere.was_sent("sudah dihapus"))
        assert elsewhere.sees(KnowledgeState.form).title == ""
