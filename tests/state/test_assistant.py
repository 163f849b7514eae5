import asyncio

import pytest

from chatrigo import db
from chatrigo.domain.assistant import instructions
from state.assistant import AssistantState
from tests.support.browser import browser, sign_in

FORM = {"name": "Nandi", "tone": "Ramah", "language": "id"}


async def until(condition, seconds=3.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def test_instructions_are_saved_and_other_tabs_hear_of_it(shop, stranger):
    async with browser() as chrome:
        here, there, elsewhere = (chrome.tab() for _ in range(3))
        for tab, who in ((here, shop), (there, shop), (elsewhere, stranger)):
            await tab.open("/assistant", cookie=sign_in(who))
            await until(lambda tab=tab: tab.sees(AssistantState.loaded))
        await here.send(AssistantState.save(FORM))
        assert here.was_sent("Tersimpan")
        await until(lambda: there.sees(AssistantState.changed_elsewhere))
        assert there.sees(AssistantState.row).name == ""
        await there.send(AssistantState.load)
        assert there.sees(AssistantState.row).name == "Nandi"
        assert not here.sees(AssistantState.changed_elsewhere)
        assert not elsewhere.sees(AssistantState.changed_elsewhere)


async def test_the_switch_moves_in_every_tab(shop):
    async with browser() as chrome:
        here, there = chrome.tab(), chrome.tab()
        for tab in (here, there):
            await tab.open("/assistant", cookie=sign_in(shop))
            await until(lambda tab=tab: tab.sees(AssistantState.loaded))
        await here.send(AssistantState.switch(False))
        await until(lambda: there.sees(AssistantState.row).enabled is False)
        assert not there.sees(AssistantState.changed_elsewhere)


async def test_a_refusal_stands_at_its_field(shop):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/assistant", cookie=sign_in(shop))
        await tab.send(AssistantState.save({**FORM, "dont": "x" * 4001}))
        assert tab.sees(AssistantState.error_field) == "dont"
        assert "4000" in tab.sees(AssistantState.error)
        await tab.send(AssistantState.save({**FORM, "hours_known": "on", "open_mon": "on"}))
        assert tab.sees(AssistantState.error_field) == "hours"
        assert tab.sees(AssistantState.saving) is False


@pytest.mark.parametrize("nonsense", [None, -1, "x", [], {"a": [1]}])
async def test_nonsense_changes_nothing(shop, nonsense):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/assistant", cookie=sign_in(shop))
        await tab.send(AssistantState.save(nonsense))
        assert not tab.was_sent("sebutkan kode")
    with db.transaction(shop) as session:
        assert instructions.get_instructions(session, shop).tone == ""
