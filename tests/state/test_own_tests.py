import asyncio

import pytest

from chatrigo import db
from chatrigo.domain.assistant import versions
from chatrigo.domain.assistant.testing import cases, runs
from chatrigo.domain.assistant.testing.judging import Answer
from chatrigo.domain.conversations.receive import Inbound, receive
from chatrigo.domain.knowledge.entries import add_entry
from chatrigo.models.conversation import Channel
from state.contradictions import ContradictionsState
from state.own_tests import OwnTestsState
from tests.support.browser import browser, sign_in

FORM = {"turns": "buka jam brp?", "facts": "08.00", "expected": "answer"}


@pytest.fixture
def told(shop):
    with db.transaction(shop) as session:
        desk = versions.save_draft(session, shop, {"language": "id"}, 0)
        versions.put_live(session, shop, desk.revision)
    return shop


async def until(condition, seconds=4.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def opened(chrome, who, path="/assistant/tests"):
    tab = chrome.tab()
    await tab.open(path, cookie=sign_in(who))
    await until(lambda: tab.sees(OwnTestsState.loaded))
    return tab


def names(tab):
    return [row.name for row in tab.sees(OwnTestsState.rows) or []]


async def test_a_test_is_made_changed_deleted_and_brought_back(told):
    async with browser() as chrome:
        tab = await opened(chrome, told)
        await tab.send(OwnTestsState.compose)
        await tab.send(OwnTestsState.save({"turns": " "}))
        assert tab.sees(OwnTestsState.error_field) == "turns"
        await tab.send(OwnTestsState.save(FORM))
        await until(lambda: names(tab) == ["buka jam brp?"])
        row = tab.sees(OwnTestsState.rows)[0]
        await tab.send(OwnTestsState.edit(row.id))
        assert tab.sees(OwnTestsState.form).facts == "08.00"
        await tab.send(OwnTestsState.save({**FORM, "name": "Jam"}))
        await until(lambda: names(tab) == ["Jam"])
        await tab.send(OwnTestsState.switch(row.id, False))
        await until(lambda: tab.sees(OwnTestsState.enabled) == 0)
        await tab.send(OwnTestsState.ask_delete(row.id))
        await tab.send(OwnTestsState.delete)
        await until(lambda: names(tab) == [])
        await tab.send(OwnTestsState.undo)
        await until(lambda: names(tab) == ["Jam"])


async def test_a_run_is_watched_and_its_answers_are_opened(told):
    with db.transaction(told) as session:
        case = cases.add_case(session, told, FORM)
    async with browser() as chrome:
        tab = await opened(chrome, told)
        await tab.send(OwnTestsState.start)
        run = tab.sees(OwnTestsState.run)
        assert (run.state, run.total) == ("running", 1)

        def answer(session, actor):
            (task,) = runs.next_tasks(session, actor, run.id)
            said = [Answer("buka jam brp?", "Jam 9.", "model")]
            runs.take_answers(session, actor, run.id, task, said)
            runs.end_run(session, actor, run.id, "done")

        await db.run(answer, told)
        await until(lambda: tab.sees(OwnTestsState.run).state == "done")
        await until(lambda: tab.sees(OwnTestsState.rows)[0].published.state == "failed")
        await tab.send(OwnTestsState.open_result(case.id))
        assert tab.sees(OwnTestsState.opened).published.answers[0].text == "Jam 9."


async def test_nothing_to_run_is_said(told):
    async with browser() as chrome:
        tab = await opened(chrome, told)
        await tab.send(OwnTestsState.start)
        assert tab.was_sent("Belum ada tes")


async def test_a_link_proposes_a_test_once(told):
    with db.transaction(told) as session:
        channel = Channel(business_id=told.business_id)
        session.add(channel)
        session.flush()
        inbound = Inbound(
            channel_id=channel.id, external_id="b", message_id="1", body="ada parkir ga?"
        )
        number = receive(session, told, inbound).conversation_id
    async with browser() as chrome:
        tab = await opened(chrome, told, f"/assistant/tests?conversation={number}")
        await until(lambda: tab.sees(OwnTestsState.form).turns == "ada parkir ga?")
        assert tab.sees(OwnTestsState.form).from_conversation
        gone = await opened(chrome, told, "/assistant/tests?conversation=999999")
        await until(lambda: gone.was_sent("Obrolan itu tidak ada"))


async def test_contradictions_are_seen_as_they_come_and_go(told):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/assistant", cookie=sign_in(told))
        await until(lambda: tab.sees(ContradictionsState.has_model) is not None)

        def contradict(session, actor):
            for body in ("Rp10.000", "Rp12.000"):
                add_entry(session, actor, "qa", "Ongkir Bandung?", body, duplicate_ok=True)

        await db.run(contradict, told)
        await until(lambda: len(tab.sees(ContradictionsState.rows) or []) == 1)
        await tab.send(ContradictionsState.look_deeper)
        assert not tab.sees(ContradictionsState.deeper)


@pytest.mark.parametrize("nonsense", [None, -1, "x", [], {"turns": [1]}])
async def test_nonsense_is_no_crash(told, nonsense):
    async with browser() as chrome:
        tab = await opened(chrome, told)
        for event in (
            OwnTestsState.save(nonsense),
            OwnTestsState.edit(nonsense),
            OwnTestsState.switch(nonsense, nonsense),
            OwnTestsState.open_result(nonsense),
            OwnTestsState.ask_delete(nonsense),
            OwnTestsState.read_file(nonsense),
        ):
            await tab.send(event)
        assert not tab.was_sent("sebutkan kode")
        assert names(tab) == []
