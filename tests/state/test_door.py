"""Signing up and in, as a tab goes through it."""

import json
import re

import pytest
from sqlalchemy import func
from sqlmodel import select

from chatrigo import cookies, db
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import mailbox, sessions, trusted
from chatrigo.models.account import Account, Challenge
from state.forgot import ForgotState
from state.mailbox import MailboxState
from state.security import SecurityState
from state.session import SessionState
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


async def test_the_password_is_asked_of_known_and_unknown_alike(tab):
    await tab.open("/sign-in", cookie=BROWSER)
    await tab.send(SignInState.give_email({"email": "tidak benar"}))
    assert tab.sees(SignInState.problem) == "auth.email_invalid"
    assert not tab.sees(SignInState.asks_password)
    await tab.send(SignInState.give_email({"email": " Nobody@Kopi.example "}))
    assert tab.sees(SignInState.asks_password) is True
    assert tab.sees(SignInState.email) == "nobody@kopi.example"
    await tab.send(SignInState.change_email)
    assert tab.sees(SignInState.asks_password) is False


async def test_signs_in_by_the_code_alone(tab):
    await sign_up(tab)
    tab.sent.clear()
    await tab.open("/sign-in", cookie=BROWSER)
    await tab.send(SignInState.give_email({"email": EMAIL}))
    await tab.send(SignInState.start_without_password)
    assert tab.sees(SignInState.sent_to) == EMAIL
    await tab.send(SignInState.confirm({"code": await latest_code()}))
    assert ticket_sent_to(tab)


async def test_a_trusted_device_needs_no_code(tab):
    await sign_up(tab)
    tab.sent.clear()
    await tab.open("/sign-in", cookie=BROWSER)
    await tab.send(SignInState.start(SIGN_IN))
    await tab.send(SignInState.confirm({"code": await latest_code(), "trust": "on"}))
    ticket = ticket_sent_to(tab)
    device = await db.run(trusted.remember, PUBLIC, ticket, "")
    assert device
    tab.sent.clear()
    await tab.open("/sign-in", cookie=f"{BROWSER}; {cookies.DEVICE}={device}")
    await tab.send(SignInState.start(SIGN_IN))
    assert ticket_sent_to(tab) != ticket


async def test_chooses_a_new_password_and_enters(tab):
    await sign_up(tab)
    tab.sent.clear()
    await tab.open("/forgot", cookie=BROWSER)
    await tab.send(ForgotState.start({"email": EMAIL}))
    assert tab.sees(ForgotState.sent_to) == EMAIL
    await tab.send(ForgotState.confirm({"code": await latest_code()}))
    assert tab.sees(ForgotState.chooses) is True
    await tab.send(ForgotState.finish({"password": "pendek"}))
    assert tab.sees(ForgotState.problem) == "auth.password_too_short"
    assert tab.sees(ForgotState.chooses) is True
    await tab.send(ForgotState.finish({"password": "hujan turun di kota baru"}))
    assert ticket_sent_to(tab)
    assert tab.sees(ForgotState.chooses) is False


@pytest.mark.parametrize("shown", [{}, [], None, "x", {"answer": 7}, {"answer": {"id": []}}])
async def test_any_answer_of_a_passkey_is_refused_in_words(tab, shown):
    await tab.open("/sign-in", cookie=BROWSER)
    await tab.send(SignInState.ask_passkey)
    assert tab.was_sent("chatrigoPasskey.get")
    await tab.send(SignInState.show_passkey(shown))
    assert tab.sees(SignInState.problem) in ("auth.passkey_failed", "security.passkey_wrong")
    await tab.send(SignInState.show_passkey({"error": "cancelled"}))
    assert tab.sees(SignInState.problem) == ""


async def test_a_tab_goes_on_when_its_session_is_rotated(tab, shop):
    """The socket keeps the cookie of before; the tab that asked is known by its ticket."""
    cookie = sign_in(shop)
    await tab.open("/settings", cookie=f"{BROWSER}; {cookie}")
    await tab.send(SessionState.load)
    person = await db.run(sessions.find, PUBLIC, cookie.partition("=")[2])
    ticket = await db.run(sessions.rotate, person.actor, browser="browser-of-sari")
    tab.sent.clear()
    await tab.send(SessionState.load)
    assert tab.was_sent("location.assign")
    token = await db.run(sessions.renew, PUBLIC, ticket, "browser-of-sari")
    assert (await db.run(sessions.find, PUBLIC, token)).actor == person.actor


async def test_a_copied_cookie_ends_with_the_password(tab):
    await sign_up(tab)
    token = await db.run(sessions.enter, PUBLIC, ticket_sent_to(tab), "browser-of-sari")
    await tab.open("/settings/security", cookie=f"{BROWSER}; {cookies.SESSION}={token}")
    tab.sent.clear()
    new = {"old_password": PASSWORD, "new_password": "hujan turun di kota baru"}
    await tab.send(SecurityState.change_password(new))
    assert tab.was_sent("/auth/rotate")
    assert await db.run(sessions.find, PUBLIC, token) is None
    (script,) = [text for text in tab.sent if "/auth/rotate" in text]
    ticket = re.search(r'ticket: (\\?".+?\\?")', script)[1].replace("\\", "").strip('"')
    renewed = await db.run(sessions.renew, PUBLIC, ticket, "browser-of-sari")
    assert (await db.run(sessions.find, PUBLIC, renewed)).email == EMAIL


async def test_the_page_opened_again_begins_anew_but_waits_for_a_code(tab):
    await sign_up(tab)
    await tab.open("/sign-in", cookie=BROWSER)
    await tab.send(SignInState.give_email({"email": EMAIL}))
    await tab.send(SignInState.arrive)
    assert tab.sees(SignInState.asks_password) is False
    assert tab.sees(SignInState.email) == EMAIL
    await tab.send(SignInState.start_without_password)
    await tab.send(SignInState.arrive)
    assert tab.sees(SignInState.sent_to) == EMAIL
