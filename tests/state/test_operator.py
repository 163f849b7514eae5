"""The console in a tab, and what a suspension does to the tabs of others."""

import re

import pytest

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from chatrigo.domain.operator import suspension
from chatrigo.domain.settings import support as consent
from chatrigo.models.columns import now
from chatrigo.models.factors import Totp
from chatrigo.serving import operators
from state.operator import OperatorState
from state.session import SessionState
from tests.conftest import found
from tests.domain.operator.conftest import audit_of, do, who
from tests.state.test_session import DeskState
from tests.support.browser import browser, join, sign_in


@pytest.fixture
def ours(shop, database_url):
    """The actor and the cookie of one of our team."""
    home = found("Tim Chatrigo", "tim-chatrigo")
    person = join(home.business_id, "owner", "tim@chatrigo.example")
    operators.add(database_url, "tim@chatrigo.example")
    with db.transaction(person) as session:
        session.add(Totp(account_id=person.account_id, secret="-", confirmed_at=now()))
    return person, sign_in(person)


async def test_the_console_opens_for_an_operator_and_for_nobody_else(shop, ours):
    async with browser() as chrome:
        tab, other = chrome.tab(), chrome.tab()
        await tab.open("/operator", cookie=ours[1])
        await tab.send(OperatorState.load_list)
        assert tab.sees(OperatorState.standing) == "open"
        assert [row.slug for row in tab.sees(OperatorState.rows)] == ["tim-chatrigo", "kopi-uji"]
        await other.open("/operator", cookie=sign_in(shop))
        for event in (
            OperatorState.load_list,
            OperatorState.load_usage,
            OperatorState.load_health,
            OperatorState.search("kopi"),
        ):
            await other.send(event)
        assert other.sees(OperatorState.standing) == "unknown"
        assert not other.sees(OperatorState.rows)


async def test_without_a_second_factor_it_stays_shut(shop, ours):
    with db.transaction(ours[0]) as session:
        session.query(Totp).delete()
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/operator", cookie=ours[1])
        await tab.send(OperatorState.load_list)
        assert tab.sees(OperatorState.standing) == "factor"


async def test_one_business_and_its_suspension(shop, ours):
    async with browser() as chrome:
        tab = chrome.tab()
        id = str(shop.business_id)
        await tab.open(f"/operator/{id}", "/operator/[shop_id]", cookie=ours[1], shop_id=id)
        await tab.send(OperatorState.load_business)
        assert tab.sees(OperatorState.business).slug == "kopi-uji"
        assert len(tab.sees(OperatorState.days)) == 30
        await tab.send(OperatorState.suspend({"reason": "  "}))
        assert "alasan" in tab.sees(OperatorState.error).lower()
        await tab.send(OperatorState.suspend({"reason": "Tagihan."}))
        assert tab.sees(OperatorState.business).suspension_reason == "Tagihan."
        await tab.send(OperatorState.free)
        assert tab.sees(OperatorState.business).suspended == ""


async def test_health_shows_what_runs(shop, ours):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/operator/health", cookie=ours[1])
        await tab.send(OperatorState.load_health)
        assert tab.sees(OperatorState.machine).newest == tab.sees(OperatorState.health).revision
        assert "reflex" in tab.sees(OperatorState.machine).versions


async def test_staff_of_a_suspended_business_see_why_and_can_do_nothing(shop, ours):
    operator, _ = ours
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/inbox", cookie=sign_in(shop))
        await tab.send(SessionState.load)
        assert tab.sees(SessionState.suspended) == ""
        await suspended(shop, operator)
        await tab.send(DeskState.write)
        assert tab.sees(SessionState.suspended) == "Tagihan."
        await tab.send(DeskState.look)
        assert not tab.sees(DeskState.business)


async def suspended(shop, operator) -> None:
    """As the console does it, in a session that was just proved."""
    actor = who(sign_in(operator).partition("=")[2]).actor
    await db.run(suspension.suspend, actor, shop.business_id, "Tagihan.")


async def test_an_operator_inside_is_a_viewer_and_comes_out_again(shop, ours):
    owner = join(shop.business_id, "owner", "pemilik@example.com")
    do(consent.allow_support, who(sign_in(owner).partition("=")[2]).actor, 1)
    cookie = f"{ours[1]}; {cookies.BROWSER}=this-browser"
    async with browser() as chrome:
        tab = chrome.tab()
        id = str(shop.business_id)
        await tab.open(f"/operator/{id}", "/operator/[shop_id]", cookie=cookie, shop_id=id)
        await tab.send(OperatorState.load_business)
        await tab.send(OperatorState.look_inside)
        assert who(ours[1].partition("=")[2]) is None  # the token of before opens nothing
        inside = chrome.tab()
        cookie = await renewed(tab)
        await inside.open("/inbox", cookie=cookie)
        await inside.send(SessionState.load)
        assert inside.sees(SessionState.business_slug) == "kopi-uji"
        assert inside.sees(SessionState.role) == "viewer"
        assert inside.sees(SessionState.support_until)
        await inside.send(DeskState.write)
        assert inside.was_sent("Peranmu belum boleh")
        assert ("tim@chatrigo.example", "support.looked") in audit_of(shop.business_id)
        await inside.send(SessionState.leave_support)
        back = chrome.tab()
        await back.open("/inbox", cookie=await renewed(inside))
        await back.send(SessionState.load)
        assert back.sees(SessionState.business_slug) == "tim-chatrigo"
        assert not back.sees(SessionState.support_until)


async def renewed(tab) -> str:
    """The cookies after the tab has done as it was told, at `/auth/rotate`."""
    script = next(text for text in reversed(tab.sent) if "/auth/rotate" in text)
    ticket = re.search(r'ticket: \\?"([\w-]+)', script)
    assert ticket, script
    token = await db.run(sessions.renew, PUBLIC, ticket[1], "this-browser")
    return f"{cookies.SESSION}={token}; {cookies.BROWSER}=this-browser"
