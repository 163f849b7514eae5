import asyncio

import pytest
from sqlalchemy import text

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.knowledge.entries import add_entry
from chatrigo.integrations import llm
from state.playground import PlaygroundState
from tests.support.browser import browser, sign_in
from tests.support.fake_llm import Behaviour, fake_llm

__all__ = ["fake_llm"]
ANSWER = "Kami buka jam 8 sampai 22."


@pytest.fixture
def taught(shop):
    with db.transaction(shop) as session:
        add_entry(session, shop, "qa", "Buka jam berapa?", ANSWER)
    return shop


async def until(condition, seconds=3.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def opened(chrome, who):
    tab = chrome.tab()
    await tab.open("/assistant", cookie=sign_in(who))
    return tab


def turns(tab):
    return [(turn.author, turn.text) for turn in tab.sees(PlaygroundState.turns) or []]


async def test_a_question_is_answered_with_its_evidence_and_nothing_is_kept(taught):
    async with browser() as chrome:
        tab = await opened(chrome, taught)
        await tab.send(PlaygroundState.ask({"question": "kak buka jam brp?"}))
        await until(lambda: len(turns(tab)) == 2)
        assert turns(tab) == [("customer", "kak buka jam brp?"), ("ai", ANSWER)]
        answered = tab.sees(PlaygroundState.turns)[1]
        assert (answered.act, answered.evidence[0].title) == ("approved", "Buka jam berapa?")
        await until(lambda: tab.sees(PlaygroundState.asking) is False)
        await tab.send(PlaygroundState.start_over)
        assert turns(tab) == []
    with db.transaction(taught) as session:
        assert session.execute(text("SELECT count(*) FROM message")).scalar() == 0


async def test_the_answer_is_seen_growing_and_an_abandoned_one_is_dropped(
    taught, fake_llm, monkeypatch
):
    monkeypatch.setitem(settings.__dict__, "chatrigo_model", "fake-model")
    fake_llm.will(Behaviour(text="satu dua tiga empat lima enam", delay=0.15))
    async with browser() as chrome:
        tab = await opened(chrome, taught)
        asking = asyncio.create_task(tab.send(PlaygroundState.ask({"question": "buka jam brp?"})))
        await until(lambda: tab.sees(PlaygroundState.draft))
        assert turns(tab) == [("customer", "buka jam brp?")]
        await tab.send(PlaygroundState.start_over)
        await asking
        assert turns(tab) == []
        assert not tab.sees(PlaygroundState.draft)
    await llm.close()


@pytest.mark.parametrize("nonsense", [None, 7, [], "x", {"question": []}, {"question": " "}])
async def test_nonsense_is_refused_in_words(taught, nonsense):
    async with browser() as chrome:
        tab = await opened(chrome, taught)
        await tab.send(PlaygroundState.ask(nonsense))
        await until(lambda: tab.sees(PlaygroundState.error))
        assert tab.sees(PlaygroundState.error) == "Tulis dulu pertanyaannya."
        assert not tab.was_sent("sebutkan kode")


async def test_an_agent_may_not_ask(taught):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/assistant", cookie=sign_in(taught, role="agent"))
        await tab.send(PlaygroundState.ask({"question": "buka?"}))
        assert turns(tab) == []
        assert tab.was_sent("Peranmu")
