"""The security screen: one's own sign-in methods and sessions."""

import json

import pyotp
import pytest

from chatrigo import cookies, db, security
from chatrigo.models.account import Account
from state.security import SecurityState
from tests.support.authenticator import Authenticator
from tests.support.browser import browser, join, sign_in


@pytest.fixture
def sari(shop):
    return join(shop.business_id)


@pytest.fixture
def cookie(sari) -> str:
    return f"{sign_in(sari)}; {cookies.BROWSER}=browser-of-sari"


def options_in(tab) -> dict:
    """What the page was told to make a passkey from."""
    (script,) = [text for text in tab.sent if "chatrigoPasskey.create" in text]
    written = script.split("chatrigoPasskey.create(")[1].split(").then(")[0]
    return json.loads(written.encode().decode("unicode_escape"))


async def test_the_screen_shows_this_browser_and_what_there_is(cookie, sari):
    other = sign_in(sari)
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await tab.send(SecurityState.load)
        assert [row.here for row in tab.sees(SecurityState.sessions)] == [True, False]
        assert tab.sees(SecurityState.has_app) is False
        await tab.send(SecurityState.revoke_others)
        assert [row.here for row in tab.sees(SecurityState.sessions)] == [True]
        late = chrome.tab()
        await late.open("/settings/security", cookie=other)
        await late.send(SecurityState.load)
        assert not late.sees(SecurityState.loaded)


async def test_a_passkey_is_made_named_and_deleted(cookie):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await tab.send(SecurityState.add_passkey)
        answer = Authenticator().create(options_in(tab))
        await tab.send(SecurityState.keep_passkey({"answer": answer}))
        (row,) = tab.sees(SecurityState.passkeys)
        assert tab.sees(SecurityState.passkey_form).id == row.id
        await tab.send(SecurityState.save_passkey({"passkey_name": "Laptop"}))
        assert [row.name for row in tab.sees(SecurityState.passkeys)] == ["Laptop"]
        await tab.send(SecurityState.ask_delete_passkey(row.id))
        await tab.send(SecurityState.delete_passkey)
        assert tab.sees(SecurityState.passkeys) == []


async def test_a_dialog_of_the_browser_that_was_closed_is_said_so(cookie):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await tab.send(SecurityState.add_passkey)
        await tab.send(SecurityState.keep_passkey({"error": "cancelled"}))
        assert tab.was_sent("tidak jadi")
        assert tab.sees(SecurityState.passkeys) in (None, [])


async def test_a_refusal_stands_in_the_form(cookie, sari):
    with db.transaction(sari) as session:
        account = session.get(Account, sari.account_id)
        account.password_hash = security.hash_password("senja di teras rumah")
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        form = {"old_password": "bukan ini", "new_password": "hujan di bulan juni"}
        await tab.send(SecurityState.change_password(form))
        assert "tidak cocok" in tab.sees(SecurityState.error)
        await tab.send(SecurityState.save_phone({"phone": "halo"}))
        assert "0812" in tab.sees(SecurityState.error)


async def test_what_is_shown_once_is_not_kept(cookie):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await tab.send(SecurityState.begin_app)
        key = tab.sees(SecurityState.app_key).replace(" ", "")
        await tab.send(SecurityState.confirm_app({"enrol_code": pyotp.TOTP(key).now()}))
        await tab.send(SecurityState.forget_app_key)
        assert len(tab.sees(SecurityState.codes)) == 10
        await tab.send(SecurityState.forget_codes)
        assert tab.sees(SecurityState.codes) == []
        assert tab.sees(SecurityState.app_key) == tab.sees(SecurityState.app_picture) == ""
        assert tab.sees(SecurityState.codes_left) == 10
