import asyncio

import pytest

from chatrigo import db
from chatrigo.domain.settings import canned, labels, profile
from state.settings import SettingsState
from tests.support.browser import browser, sign_in


async def until(condition, seconds=3.0):
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


async def _opened(chrome, shop, path="/settings", **query):
    tab = chrome.tab()
    await tab.open(path, cookie=sign_in(shop), **query)
    await until(lambda: tab.sees(SettingsState.loaded))
    return tab


async def test_the_chat_page_moves_with_its_link_snippet_and_picture(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        before = tab.sees(SettingsState.qr_picture)
        assert before.startswith("data:image/png;base64,")
        await tab.send(SettingsState.save_slug({"slug": "kopi-baru"}))
        assert tab.sees(SettingsState.chat_link).endswith("/c/kopi-baru")
        assert 'data-shop="kopi-baru" async></script>' in tab.sees(SettingsState.snippet)
        assert tab.sees(SettingsState.qr_picture) != before
        assert tab.was_sent("slug-form")
        assert tab.was_sent("Tersimpan")


async def test_a_taken_address_is_refused_at_its_field(shop, stranger):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(SettingsState.save_slug({"slug": "toko-lain"}))
        assert tab.sees(SettingsState.error_field) == "slug"
        assert "toko-lain" in tab.sees(SettingsState.error)
        assert tab.sees(SettingsState.profile).slug == "kopi-uji"


async def test_name_and_greeting_are_saved_apart(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(SettingsState.save_business({"name": "Kopi A", "zone": "Asia/Jayapura"}))
        await tab.send(SettingsState.save_greeting({"greeting": "Halo!"}))
        row = tab.sees(SettingsState.profile)
        assert (row.name, row.zone, row.greeting) == ("Kopi A", "Asia/Jayapura", "Halo!")


async def test_quick_questions_are_added_moved_reworded_and_removed(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        for question in ("A?", "B?", "C?"):
            await tab.send(SettingsState.add_question({"question": question}))
        await tab.send(SettingsState.raise_question("C?"))
        await tab.send(SettingsState.raise_question("A?"))
        await tab.send(SettingsState.reword_question("B?", "D?"))
        await tab.send(SettingsState.remove_question("A?"))
        assert tab.sees(SettingsState.profile).quick_questions == ["C?", "D?"]


async def test_replies_and_labels_reach_every_tab_of_the_shop(shop, stranger):
    async with browser() as chrome:
        here, there = await _opened(chrome, shop), await _opened(chrome, shop)
        elsewhere = await _opened(chrome, stranger)
        await here.send(SettingsState.compose_reply)
        await here.send(SettingsState.save_reply({"shortcut": "halo", "body": "Halo!"}))
        await here.send(SettingsState.compose_label)
        await here.send(SettingsState.save_label({"label_name": "VIP", "colour": "red"}))
        await until(lambda: there.sees(SettingsState.replies) and there.sees(SettingsState.labels))
        assert not elsewhere.sees(SettingsState.replies)
        assert not elsewhere.sees(SettingsState.labels)

        reply, label = there.sees(SettingsState.replies)[0], there.sees(SettingsState.labels)[0]
        await there.send(SettingsState.edit_reply(reply.id))
        await there.send(SettingsState.save_reply({"shortcut": "hai", "body": "Hai!"}))
        await there.send(SettingsState.edit_label(label.id))
        await there.send(SettingsState.save_label({"label_name": "Grosir", "colour": "blue"}))
        await until(lambda: here.sees(SettingsState.labels)[0].name == "Grosir")
        assert here.sees(SettingsState.replies)[0].shortcut == "hai"

        await here.send(SettingsState.ask_delete_reply(reply.id))
        await here.send(SettingsState.delete_reply)
        await here.send(SettingsState.ask_delete_label(label.id))
        await here.send(SettingsState.delete_label)
        await until(
            lambda: there.sees(SettingsState.replies) == there.sees(SettingsState.labels) == []
        )


async def test_a_refused_reply_keeps_the_dialog_open(shop):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        await tab.send(SettingsState.compose_reply)
        await tab.send(SettingsState.save_reply({"shortcut": "a b", "body": "x"}))
        assert tab.sees(SettingsState.error_field) == "shortcut"
        assert not tab.was_sent("reply-form')?.close()")


@pytest.mark.parametrize("nonsense", [None, -1, 2**70, "x", [], {"a": [1]}, "\x00"])
async def test_nonsense_changes_nothing(shop, nonsense):
    async with browser() as chrome:
        tab = await _opened(chrome, shop)
        for handler in (
            SettingsState.show,
            SettingsState.save_business,
            SettingsState.save_slug,
            SettingsState.remove_question,
            SettingsState.raise_question,
            SettingsState.edit_reply,
            SettingsState.ask_delete_reply,
            SettingsState.save_reply,
            SettingsState.edit_label,
            SettingsState.ask_delete_label,
            SettingsState.save_label,
        ):
            await tab.send(handler(nonsense))
        await tab.send(SettingsState.reword_question(nonsense, nonsense))
        await tab.send(SettingsState.delete_reply)
        await tab.send(SettingsState.delete_label)
        assert not tab.was_sent("sebutkan kode")
    with db.transaction(shop) as session:
        assert profile.get_profile(session, shop).slug == "kopi-uji"
        assert canned.list_canned_replies(session, shop) == []
        assert labels.list_labels(session, shop) == []
