"""Signing up and in, as a tab goes through it."""

import json
import re

import pytest
from sqlalchemy import func
from sqlmodel import select

from chatrigo import cookies, db
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import mailbox, sessions
from chatrigo.models.account import Account, Challenge
from state.mailbox import MailboxState
from state.sign_in import SignInState
from state.sign_up import SignUpState
from tests.support.browser import browser, sign_in

EMAIL, PASSWORD = "sari@kopi.example", "senja di teras rumah"
BROWSER = f"{cookies.BROWSER}=browser-of-sari"
SIGN_UP = {"business": "Kopi Senja", "email": EMAIL, "password": PASSWORD}
SIGN_IN = {"email": EMAIL, "password": PASSWORD}


@pytest.fixture
async def tab(database_open, monkeypatch):
    monkeypatch.setitem(settings.__dict__, "demo", True)
    async with browser() as chrome:
        tab = chrome.tab()
        tab.chrome = chrome
        yield tab


async def latest_code() -> str:
    return (await db.run(mailbox.list_mails, PUBLIC))[0].code


def ticket_sent_to(tab) -> str:
    (script,) = [text for text in tab.sent if "/auth/enter" in text]
    return re.search(r'ticket: (\\?".+?\\?")', script)[1].replace("\\", "").strip('"')


def count(model) -> int:
    with db.transaction(PUBLIC) as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


async def sign_up(tab) -> None:
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start(SIGN_UP))
    await tab.send(SignUpState.confirm({"code": await latest_code()}))


async def test_signs_up_and_enters(tab):
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start(SIGN_UP))
    assert tab.sees(SignUpState.sent_to) == EMAIL
    assert tab.sees(SignUpState.codes) == 1
    assert tab.sees(SignUpState.busy) is False
    await tab.send(SignUpState.confirm({"code": await latest_code()}))
    token = await db.run(sessions.enter, PUBLIC, ticket_sent_to(tab), "browser-of-sari")
    found = await db.run(sessions.find, PUBLIC, token)
    assert (found.email, found.business_name) == (EMAIL, "Kopi Senja")
    assert tab.was_sent("/inbox")


async def test_signs_in_and_goes_where_it_was_going(tab):
    await sign_up(tab)
    tab.sent.clear()
    await tab.open("/sign-in?next=/knowledge", cookie=BROWSER, next="/knowledge")
    await tab.send(SignInState.start(SIGN_IN))
    await tab.send(SignInState.confirm({"code": await latest_code()}))
    assert ticket_sent_to(tab)
    assert tab.was_sent("/knowledge")


async def test_a_password_never_comes_back_to_the_tab(tab):
    await sign_up(tab)
    assert PASSWORD not in json.dumps([tab.sent, *map(str, tab._vars.values())])


async def test_says_beside_the_form_what_is_wrong(tab):
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start({**SIGN_UP, "password": "pendek"}))
    assert tab.sees(SignUpState.problem) == "auth.password_too_short"
    assert tab.sees(SignUpState.number) == 10
    assert tab.sees(SignUpState.busy) is False
    assert not tab.sees(SignUpState.sent_to)
    await tab.send(SignUpState.start(SIGN_UP))
    assert tab.sees(SignUpState.problem) == ""


async def test_counts_down_the_tries(tab):
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start(SIGN_UP))
    wrong = f"{(int(await latest_code()) + 1) % 1_000_000:06}"
    await tab.send(SignUpState.confirm({"code": wrong}))
    assert tab.sees(SignUpState.problem) == "auth.code_wrong"
    assert tab.sees(SignUpState.number) == 4
    assert tab.sees(SignUpState.sent_to) == EMAIL
    await tab.send(SignUpState.resend)
    assert tab.sees(SignUpState.problem) == "auth.resend_too_soon"
    assert tab.sees(SignUpState.number) in (59, 60)


async def test_another_tab_of_another_browser_can_not_answer(tab):
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start(SIGN_UP))
    await tab.open("/sign-up", cookie=f"{cookies.BROWSER}=another")
    await tab.send(SignUpState.confirm({"code": await latest_code()}))
    assert tab.sees(SignUpState.problem) == "auth.code_gone"
    assert count(Account) == 0


async def test_a_browser_without_cookies_is_told_so(tab):
    await tab.open("/sign-up")
    await tab.send(SignUpState.start(SIGN_UP))
    assert tab.sees(SignUpState.problem) == "auth.cookies_needed"


@pytest.mark.parametrize("form", [{}, [], None, "x", 7, {"email": {"a": 1}, "code": [1]}])
async def test_any_shape_of_form_is_refused_in_words(tab, form):
    await tab.open("/sign-in", cookie=BROWSER)
    for event in (SignInState.start, SignInState.confirm, SignUpState.start, SignUpState.confirm):
        await tab.send(event(form))
    assert tab.sees(SignInState.problem) == "auth.code_gone"
    assert not tab.was_sent("sebutkan kode")
    assert count(Account) == count(Challenge) == 0


async def test_without_mail_nothing_is_started(tab, monkeypatch):
    monkeypatch.setitem(settings.__dict__, "demo", False)
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start(SIGN_UP))
    assert tab.sees(SignUpState.problem) == "auth.mail_not_set_up"
    assert count(Challenge) == 0


async def test_the_mail_is_in_the_language_of_the_tab(tab):
    from state.locale import LocaleState

    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(LocaleState.choose("en"))
    await tab.send(SignUpState.start(SIGN_UP))
    (mail,) = await db.run(mailbox.list_mails, PUBLIC)
    assert mail.subject.startswith("Your Chatrigo sign-up code")


async def test_whoever_is_signed_in_is_sent_on(tab, shop):
    await tab.open("/sign-in", cookie=sign_in(shop))
    await tab.send(SignInState.arrive)
    assert tab.was_sent("/inbox")


async def test_can_go_back_for_another_address(tab):
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start(SIGN_UP))
    await tab.send(SignUpState.go_back)
    assert tab.sees(SignUpState.sent_to) == ""
    assert tab.sees(SignUpState.email) == EMAIL


async def test_the_mailbox_shows_a_mail_as_it_comes(tab):
    other = tab.chrome.tab()
    await other.open("/mailbox")
    await other._enqueue(MailboxState.follow)
    await other._settle()
    assert other.sees(MailboxState.mails) == []
    await tab.open("/sign-up", cookie=BROWSER)
    await tab.send(SignUpState.start(SIGN_UP))
    await other._settle()
    (mail,) = other.sees(MailboxState.mails)
    assert mail.recipient == EMAIL
    assert mail.code == await latest_code()
    await other.close()


async def test_there_is_no_mailbox_outside_a_demo(tab, monkeypatch):
    await sign_up(tab)
    monkeypatch.setitem(settings.__dict__, "demo", False)
    await tab.send(MailboxState.refresh)
    assert not tab.sees(MailboxState.mails)
    assert tab.was_sent("tidak ditemukan")
