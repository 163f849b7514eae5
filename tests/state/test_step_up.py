"""A tab that is refused for want of proof: it is asked, and goes on by itself."""

import asyncio
from datetime import timedelta

import pyotp
import pytest
from sqlmodel import select

from chatrigo import cookies, db
from chatrigo.domain.accounts import totp
from chatrigo.models.account import AuthSession
from chatrigo.models.columns import now
from state.security import SecurityState
from state.step_up import StepUpState
from tests.support.browser import browser, join, sign_in


@pytest.fixture
def mails(monkeypatch) -> list:
    sent: list = []
    monkeypatch.setattr("chatrigo.domain.post.send", lambda session, mail, **_: sent.append(mail))
    monkeypatch.setattr("state.step_up.check_mail", lambda: None)
    return sent


@pytest.fixture
def sari(shop):
    return join(shop.business_id)


@pytest.fixture
def cookie(sari) -> str:
    """Sari's browser, where her last proof is an hour old."""
    cookie = sign_in(sari)
    let_proof_grow_old(sari)
    return f"{cookie}; {cookies.BROWSER}=browser-of-sari"


def let_proof_grow_old(sari) -> None:
    with db.transaction(sari) as session:
        query = select(AuthSession).where(AuthSession.account_id == sari.account_id)
        for kept in session.execute(query).scalars():
            kept.confirmed_at = now() - timedelta(hours=1)


async def until(holds) -> None:
    """What the server does of its own accord takes a moment."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.02)


async def refused(tab, event) -> None:
    """Send what wants proof, and wait until the dialog is asked for."""
    before = len(tab.sent)
    await tab.send(event)
    await until(lambda: any("showModal" in text for text in tab.sent[before:]))


def code_in(mail) -> str:
    return mail.subject.split()[-1]


async def test_what_was_refused_runs_again_once_there_is_proof(cookie, mails, sari):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await refused(tab, SecurityState.begin_app)
        assert tab.sees(StepUpState.ways) == ["code"]
        assert not tab.sees(SecurityState.app_key)

        await tab.send(StepUpState.send_code({}))
        await tab.send(StepUpState.show_code({"mailed_code": "000000"}))
        assert "kesempatan" in tab.sees(StepUpState.error)
        assert not tab.sees(SecurityState.app_key)

        await tab.send(StepUpState.show_code({"mailed_code": code_in(mails[-1])}))
        assert tab.was_sent("/auth/rotate")
        await until(lambda: len(tab.sees(SecurityState.app_key) or "") == 39)
        # The socket still carries the old cookie; this tab goes on all the same.
        await tab.send(SecurityState.load)
        assert tab.sees(SecurityState.loaded)


async def test_the_arguments_are_those_of_the_refused_event(cookie, mails):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await refused(tab, SecurityState.save_phone({"phone": "0812 3456 7890"}))
        await tab.send(StepUpState.send_code({}))
        await tab.send(StepUpState.show_code({"mailed_code": code_in(mails[-1])}))
        await until(lambda: tab.sees(SecurityState.reach).phone == "+62 812-3456-7890")


async def test_closing_the_dialog_leaves_it_undone(cookie, mails):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await refused(tab, SecurityState.save_phone({"phone": "0812 3456 7890"}))
        await tab.send(StepUpState.send_code({}))
        await tab.send(StepUpState.give_up)
        await tab.send(StepUpState.show_code({"mailed_code": code_in(mails[-1])}))
        await tab.send(SecurityState.load)
        assert tab.sees(SecurityState.reach).phone == ""


async def test_another_tab_with_the_old_cookie_is_sent_to_load_anew(cookie, mails):
    async with browser() as chrome:
        one, other = chrome.tab(), chrome.tab()
        for tab in (one, other):
            await tab.open("/settings/security", cookie=cookie)
        await refused(one, SecurityState.begin_app)
        await one.send(StepUpState.send_code({}))
        await one.send(StepUpState.show_code({"mailed_code": code_in(mails[-1])}))
        await other.send(SecurityState.load)
        await until(lambda: other.was_sent("/sign-in?next="))


async def test_with_an_app_the_app_comes_first(cookie, mails, sari):
    with db.transaction(sari) as session:
        kept = session.execute(
            select(AuthSession).where(AuthSession.account_id == sari.account_id)
        ).scalar_one()
        kept.confirmed_at = now()
        session.flush()
        actor = type(sari)(sari.account_id, sari.business_id, sari.role, kept.id)
        key = totp.begin(session, actor).key.replace(" ", "")
        totp.confirm(session, actor, pyotp.TOTP(key).at(now() - timedelta(seconds=30)))
    let_proof_grow_old(sari)
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await refused(tab, SecurityState.disable_app)
        assert tab.sees(StepUpState.ways) == ["app", "code"]
        assert tab.sees(StepUpState.password_too)
        await tab.send(StepUpState.show_app_code({"app_code": pyotp.TOTP(key).now()}))
        await until(lambda: tab.sees(SecurityState.has_app) is False)


@pytest.mark.parametrize("nonsense", [None, 7, "x", [], {"answer": 7}, {"error": ["x"]}])
async def test_nonsense_proves_nothing(cookie, mails, nonsense):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/settings/security", cookie=cookie)
        await refused(tab, SecurityState.begin_app)
        for handler in (
            StepUpState.show_passkey,
            StepUpState.show_code,
            StepUpState.show_app_code,
            StepUpState.show_recovery_code,
            StepUpState.choose,
        ):
            await tab.send(handler(nonsense))
        assert not tab.sees(SecurityState.app_key)
