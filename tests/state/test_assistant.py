import asyncio

import pytest

from chatrigo import db
from chatrigo.domain.assistant import versions
from chatrigo.domain.assistant.testing import cases, runs
from chatrigo.domain.assistant.testing.judging import Answer
from state.assistant import AssistantState
from state.assistant_history import HistoryState
from tests.support.browser import browser, join, sign_in

FORM = {"name": "Nandi", "tone": "Ramah", "language": "id"}


async def until(condition, seconds=3.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def opened(chrome, who, path="/assistant", state=AssistantState):
    tab = chrome.tab()
    await tab.open(path, cookie=sign_in(who))
    await until(lambda: tab.sees(state.loaded))
    return tab


def published(shop, **wishes):
    with db.transaction(shop) as session:
        revision = versions.get_desk(session, shop).revision
        desk = versions.save_draft(session, shop, {**FORM, **wishes}, revision)
        return versions.put_live(session, shop, desk.revision).number


async def test_a_draft_is_saved_and_other_tabs_hear_of_it(shop, stranger):
    async with browser() as chrome:
        here, there = await opened(chrome, shop), await opened(chrome, shop)
        elsewhere = await opened(chrome, stranger)
        await here.send(AssistantState.save(FORM))
        assert here.was_sent("Draf tersimpan")
        await until(lambda: there.sees(AssistantState.changed_elsewhere))
        assert there.sees(AssistantState.row).name == ""
        assert there.sees(AssistantState.draft).number == 1
        await there.send(AssistantState.load)
        assert there.sees(AssistantState.row).name == "Nandi"
        assert not here.sees(AssistantState.changed_elsewhere)
        assert not elsewhere.sees(AssistantState.changed_elsewhere)


async def test_two_people_edit_the_draft_and_nothing_is_lost(shop):
    async with browser() as chrome:
        sari, dimas = join(shop.business_id), join(shop.business_id)
        here, there = await opened(chrome, sari), await opened(chrome, dimas)
        await here.send(AssistantState.save(FORM))
        await there.send(AssistantState.save({**FORM, "name": "Rangga"}))
        assert "Sari" in there.sees(AssistantState.conflict)
        assert there.sees(AssistantState.conflict_fields) == ["name"]
        await there.send(AssistantState.keep_mine)
        assert there.was_sent("requestSubmit")
        await there.send(AssistantState.save({**FORM, "name": "Rangga"}))
        assert not there.sees(AssistantState.conflict)
    with db.transaction(shop) as session:
        assert versions.get_desk(session, shop).row.name == "Rangga"


async def test_the_switch_moves_in_every_tab(shop):
    async with browser() as chrome:
        here, there = await opened(chrome, shop), await opened(chrome, shop)
        await here.send(AssistantState.switch(False))
        await until(lambda: there.sees(AssistantState.enabled) is False)
        assert not there.sees(AssistantState.changed_elsewhere)


async def test_a_refusal_stands_at_its_field(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        await tab.send(AssistantState.save({**FORM, "dont": "x" * 4001}))
        assert tab.sees(AssistantState.error_field) == "dont"
        assert "4000" in tab.sees(AssistantState.error)
        await tab.send(AssistantState.save({**FORM, "hours_known": "on", "open_mon": "on"}))
        assert tab.sees(AssistantState.error_field) == "hours"
        assert tab.sees(AssistantState.saving) is False


async def test_without_tests_a_draft_is_published_at_once(shop):
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        await tab.send(AssistantState.save(FORM))
        await tab.send(AssistantState.begin_publishing)
        assert tab.sees(AssistantState.readiness) == "empty"
        await tab.send(AssistantState.publish({"note": "Awal"}))
        assert tab.was_sent("Versi 1 terbit")
        assert tab.sees(AssistantState.published).note == "Awal"
        assert tab.sees(AssistantState.draft).number == 0


async def test_tests_run_first_and_failures_need_a_reason(shop):
    with db.transaction(shop) as session:
        case = cases.add_case(session, shop, {"turns": "buka?", "facts": "08.00"})
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        await tab.send(AssistantState.save(FORM))
        await tab.send(AssistantState.begin_publishing)
        assert tab.sees(AssistantState.readiness) == "untested"
        run = tab.sees(AssistantState.run)
        assert (run.state, run.total) == ("running", 1)
        await tab.send(AssistantState.publish({}))
        assert "Jalankan tesnya" in tab.sees(AssistantState.publish_error)

        def answer(session, actor):
            (task,) = runs.next_tasks(session, actor, run.id)
            runs.take_answers(session, actor, run.id, task, [Answer("buka?", "Jam 9.", "model")])
            runs.end_run(session, actor, run.id, "done")

        await db.run(answer, shop)
        await until(lambda: tab.sees(AssistantState.readiness) == "failing")
        assert [line.case_id for line in tab.sees(AssistantState.failing)] == [case.id]
        await tab.send(AssistantState.publish({"reason": ""}))
        assert "alasan" in tab.sees(AssistantState.publish_error)
        await tab.send(AssistantState.publish({"reason": "Jam baru mulai besok"}))
        assert tab.sees(AssistantState.published).reason == "Jam baru mulai besok"


async def test_versions_are_compared_and_brought_back(shop):
    published(shop, name="Satu")
    published(shop, name="Dua")
    async with browser() as chrome:
        tab = await opened(chrome, shop, "/assistant/history?from=1&to=2", HistoryState)
        await until(lambda: tab.sees(HistoryState.changed) == 1)
        await tab.send(HistoryState.ask_roll_back(1))
        await tab.send(HistoryState.roll_back({"note": "Kembali"}))
        await until(lambda: len(tab.sees(HistoryState.rows)) == 3)
        newest = tab.sees(HistoryState.rows)[0]
        assert (newest.number, newest.state, newest.from_number) == (3, "published", 1)
        await tab.send(HistoryState.compare_with_live(2))
        assert (tab.sees(HistoryState.first), tab.sees(HistoryState.second)) == (3, 2)
        await tab.send(HistoryState.compare_from("99"))
        assert tab.sees(HistoryState.fields) == []


@pytest.mark.parametrize("nonsense", [None, -1, "x", [], {"a": [1]}])
async def test_nonsense_changes_nothing(shop, nonsense):
    async with browser() as chrome:
        tab = await opened(chrome, shop)
        await tab.send(AssistantState.save(nonsense))
        await tab.send(AssistantState.publish(nonsense))
        await tab.send(HistoryState.compare_from(nonsense))
        await tab.send(HistoryState.ask_roll_back(nonsense))
        await tab.send(HistoryState.roll_back(nonsense))
        assert not tab.was_sent("sebutkan kode")
    with db.transaction(shop) as session:
        assert versions.list_versions(session, shop) == []


async def test_an_agent_sees_and_changes_nothing(shop):
    published(shop, name="Rahasia")
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/assistant", cookie=sign_in(shop, role="agent"))
        for event in (
            AssistantState.load,
            AssistantState.save(FORM),
            AssistantState.begin_publishing,
            HistoryState.load,
            HistoryState.roll_back({}),
        ):
            await tab.send(event)
        assert not tab.sees(AssistantState.loaded)
        assert not tab.sees(HistoryState.rows)
