import asyncio

import pytest
from sqlalchemy import text

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.assistant import versions
from chatrigo.domain.knowledge.entries import add_entry
from chatrigo.integrations import llm
from chatrigo.models.conversation import Contact
from state.playground import PlaygroundState
from tests.support.browser import browser, sign_in
from tests.support.fake_llm import Behaviour, fake_llm

__all__ = ["fake_llm"]
ANSWER = "Kami buka jam 8 sampai 22."
TABLES = ("message", "conversation", "contact", "unanswered_question", "tool_call")


@pytest.fixture
def taught(shop):
    with db.transaction(shop) as session:
        add_entry(session, shop, "qa", "Buka jam berapa?", ANSWER)
    return shop


@pytest.fixture
def drafted(taught):
    """A published version and a draft that says another thing when a person is called."""
    with db.transaction(taught) as session:
        wishes = {"language": "id", "handover_line": "Tunggu, Kak."}
        desk = versions.save_draft(session, taught, wishes, 0)
        versions.put_live(session, taught, desk.revision)
        versions.save_draft(session, taught, {**wishes, "handover_line": "Sebentar, Kak."}, 0)
    return taught


async def until(condition, seconds=5.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def opened(chrome, who):
    tab = chrome.tab()
    await tab.open("/assistant/try", cookie=sign_in(who))
    await until(lambda: tab.sees(PlaygroundState.loaded))
    return tab


def turns(tab, side="published"):
    seen = tab.sees(getattr(PlaygroundState, f"{side}_turns"))
    return [(turn.author, turn.text) for turn in seen or []]


def rows_kept(shop):
    with db.transaction(shop) as session:
        return [
            session.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            for table in TABLES
            if session.execute(text("SELECT to_regclass(:t)"), {"t": table}).scalar()
        ]


async def test_a_question_is_answered_with_its_evidence_and_nothing_is_kept(taught):
    before = rows_kept(taught)
    async with browser() as chrome:
        tab = await opened(chrome, taught)
        await tab.send(PlaygroundState.ask({"question": "kak buka jam brp?"}))
        await until(lambda: len(turns(tab)) == 2)
        assert turns(tab) == [("customer", "kak buka jam brp?"), ("ai", ANSWER)]
        answered = tab.sees(PlaygroundState.published_turns)[1]
        assert (answered.act, answered.evidence[0].title) == ("approved", "Buka jam berapa?")
        assert answered.evidence[0].percent > 0
        assert answered.cost == ""
        await until(lambda: tab.sees(PlaygroundState.asking) is False)
        await tab.send(PlaygroundState.start_over)
        assert turns(tab) == []
    assert rows_kept(taught) == before


async def test_draft_and_published_answer_side_by_side(drafted):
    before = rows_kept(drafted)
    async with browser() as chrome:
        tab = await opened(chrome, drafted)
        await tab.send(PlaygroundState.ask({"question": "mau ngomong sama admin"}))
        await until(lambda: tab.sees(PlaygroundState.asking) is False)
        assert turns(tab, "draft")[1] == ("ai", "Sebentar, Kak.")
        assert turns(tab, "published")[1] == ("ai", "Tunggu, Kak.")
        assert [turn.act for turn in tab.sees(PlaygroundState.draft_turns)] == ["", "handover"]
    assert rows_kept(drafted) == before


async def test_with_a_model_the_prompt_tokens_and_cost_are_shown(drafted, fake_llm, monkeypatch):
    monkeypatch.setitem(settings.__dict__, "chatrigo_model", "fake-model")
    async with browser() as chrome:
        tab = await opened(chrome, drafted)
        await tab.send(PlaygroundState.ask({"question": "buka jam brp?"}))
        await until(lambda: tab.sees(PlaygroundState.asking) is False)
        answered = tab.sees(PlaygroundState.draft_turns)[1]
        assert (answered.act, answered.cost) == ("model", "?")
        assert answered.input_tokens > 0
        assert answered.prompt[0].role == "system"
        assert "<bukti>" in answered.prompt[-1].text
        monkeypatch.setitem(settings.__dict__, "llm_input_rupiah", 1_000_000)
        await tab.send(PlaygroundState.ask({"question": "jam berapa buka?"}))
        await until(lambda: len(turns(tab, "draft")) == 4)
        await until(lambda: tab.sees(PlaygroundState.asking) is False)
        assert tab.sees(PlaygroundState.draft_turns)[3].cost.startswith("Rp")
    await llm.close()


async def test_the_answer_is_seen_growing_and_an_abandoned_one_is_dropped(
    taught, fake_llm, monkeypatch
):
    monkeypatch.setitem(settings.__dict__, "chatrigo_model", "fake-model")
    fake_llm.will(Behaviour(text="satu dua tiga empat lima enam", delay=0.15))
    async with browser() as chrome:
        tab = await opened(chrome, taught)
        asking = asyncio.create_task(tab.send(PlaygroundState.ask({"question": "buka jam brp?"})))
        await until(lambda: tab.sees(PlaygroundState.published_writing))
        assert turns(tab) == [("customer", "buka jam brp?")]
        await tab.send(PlaygroundState.start_over)
        await asking
        assert turns(tab) == []
        assert not tab.sees(PlaygroundState.published_writing)
    await llm.close()


async def test_as_a_contact_of_the_shop_alone(taught, stranger):
    with db.transaction(taught) as session:
        session.add(Contact(business_id=taught.business_id, name="Budi"))
    async with browser() as chrome:
        tab = await opened(chrome, taught)
        await tab.send(PlaygroundState.choose_contact("99999"))
        assert not tab.sees(PlaygroundState.contact_id)
        await tab.send(PlaygroundState.choose_channel("telegram"))
        assert tab.sees(PlaygroundState.channel) in ("web", None)


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
        await tab.open("/assistant/try", cookie=sign_in(taught, role="agent"))
        await tab.send(PlaygroundState.ask({"question": "buka?"}))
        assert turns(tab) == []
        assert tab.was_sent("Peranmu")
