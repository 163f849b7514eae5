import pytest

from chatrigo import cookies, db
from chatrigo.config import settings
from chatrigo.domain.accounts import mailbox
from chatrigo.domain.team import invitations
from chatrigo.models.account import Account, Challenge, Membership
from state.invite import InviteState
from tests.support.browser import browser, join, sign_in

RINA = "rina@kopi.example"


@pytest.fixture
def link(shop, monkeypatch):
    """The token of an invitation of `shop` for RINA."""
    monkeypatch.setitem(settings.__dict__, "demo", True)
    made = []
    token = invitations.security.token
    monkeypatch.setattr(invitations.security, "token", lambda: made.append(token()) or made[-1])
    owner = join(shop.business_id, "owner")
    with db.transaction(owner) as session:
        invitations.invite(session, owner, RINA, "agent")
    return made[0]


async def opened(chrome, link, cookie=""):
    tab = chrome.tab()
    await tab.open("/invite", cookie=cookie)
    await tab.send(InviteState.arrive)
    assert tab.was_sent("location.hash")
    await tab.send(InviteState.show(link))
    return tab


async def test_a_link_that_is_none_and_no_link_at_all(shop):
    async with browser() as chrome:
        assert (await opened(chrome, "")).sees(InviteState.standing) == "none"
        assert (await opened(chrome, "guessed")).sees(InviteState.standing) == "gone"


async def test_a_new_person_signs_up_with_the_code_and_is_in(shop, link):
    async with browser() as chrome:
        tab = await opened(chrome, link, f"{cookies.BROWSER}=browser-of-rina")
        assert tab.sees(InviteState.standing) == "sign_up"
        assert tab.sees(InviteState.row).business_name == "Kopi Uji"
        await tab.send(InviteState.start({"name": "Rina", "password": "senja di teras rumah"}))
        assert tab.sees(InviteState.sent_to) == RINA
        with db.transaction(shop) as session:
            code = mailbox.list_mails(session, shop)[0].code
        await tab.send(InviteState.confirm({"code": code}))
        assert tab.was_sent("/auth/enter")
    with db.transaction(shop) as session:
        rina = session.query(Account).where(Account.email == RINA).one()
        role = session.query(Membership).where(Membership.account_id == rina.id).one().role
    assert role == "agent"


async def test_the_wrong_person_is_told_kindly_and_nothing_happens(shop, stranger, link):
    wrong = join(stranger.business_id, "owner", "budi@lain.example")
    async with browser() as chrome:
        tab = await opened(chrome, link, sign_in(wrong))
        assert tab.sees(InviteState.standing) == "other"
        assert RINA not in str(tab.sees(InviteState.row))
        await tab.send(InviteState.accept)
        assert tab.sees(InviteState.problem) == "team.invitation_other"
    with db.transaction(shop) as session:
        assert session.query(Membership).count() == 1
        assert session.query(Challenge).count() == 0


async def test_the_right_person_accepts_and_works_there(shop, stranger, link):
    rina = join(stranger.business_id, "owner", RINA)
    async with browser() as chrome:
        tab = await opened(chrome, link, sign_in(rina))
        assert tab.sees(InviteState.standing) == "mine"
        await tab.send(InviteState.accept)
        assert tab.was_sent("/auth/switch")
    with db.transaction(shop) as session:
        assert session.query(Membership).count() == 2
