import pytest
import reflex as rx

from chatrigo import db
from chatrigo.domain.access import PUBLIC, require
from chatrigo.domain.accounts import businesses, sessions
from chatrigo.errors import Invalid
from state.session import SessionState, Signed, local_path
from tests.support.browser import also, browser, join, sign_in


class DeskState(Signed, rx.State):
    business: int = 0

    @rx.event
    async def look(self):
        self.business = (await self._current_actor()).business_id

    @rx.event
    async def write(self):
        await self._do(lambda session, actor: require(actor, "inbox.write"))

    @rx.event
    async def refuse(self):
        raise Invalid("errors.too_many", seconds=7)

    @rx.event
    async def crash(self):
        raise RuntimeError("the password is hunter2")


def token_of(cookie: str) -> str:
    return cookie.partition("=")[2]


async def test_a_tab_knows_who_is_signed_in(shop):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/", cookie=sign_in(shop))
        await tab.send(SessionState.load)
        await tab.send(DeskState.look)
        assert tab.sees(SessionState.business_name) == "Kopi Uji"
        assert tab.sees(SessionState.role) == "owner"
        assert tab.sees(DeskState.business) == shop.business_id


@pytest.mark.parametrize("cookie", ["", "chatrigo_session=", "chatrigo_session=guessed", "\x00;=;"])
async def test_nobody_is_led_to_the_sign_in_page_and_back(database_open, cookie):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/", cookie=cookie)
        await tab.send(DeskState.look)
        assert tab.was_sent("/sign-in?next=/")
        assert not tab.sees(DeskState.business)


async def test_signing_out_in_one_tab_ends_the_other(shop):
    cookie = sign_in(shop)
    async with browser() as chrome:
        one, other = chrome.tab(), chrome.tab()
        await one.open("/", cookie=cookie)
        await other.open("/", cookie=cookie)
        await one.send(SessionState.sign_out)
        await other.send(DeskState.look)
        assert one.was_sent("/auth/leave")
        assert other.was_sent("/sign-in")
        assert not other.sees(DeskState.business)


async def test_a_tab_never_acts_as_whoever_signed_in_after_it_was_loaded(shop):
    """Its socket reconnected, and so brings the new cookie; the screen is still the old one's."""
    sari, budi = join(shop.business_id), join(shop.business_id)
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/", cookie=sign_in(sari))
        await tab.send(DeskState.look)
        await tab.open("/", cookie=sign_in(budi))
        await tab.send(DeskState.look)
        assert tab.was_sent("location.reload()")
        await tab.send(DeskState.write)
        assert len(tab.sent) == 2
        await tab.send(SessionState.load)
        await tab.send(DeskState.write)
        assert len(tab.sent) == 2


async def test_a_tab_never_acts_in_a_business_it_was_not_loaded_for(shop, stranger):
    sari = join(shop.business_id)
    also(sari, stranger.business_id)
    cookie = sign_in(sari)
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/", cookie=cookie)
        await tab.send(SessionState.load)
        found = await db.run(sessions.find, PUBLIC, token_of(cookie))
        await db.run(businesses.send_elsewhere, found.actor, sari.account_id)
        await tab.send(DeskState.look)
        assert tab.was_sent("location.reload()")
        assert not tab.sees(DeskState.business)
        await tab.send(SessionState.load)
        await tab.send(DeskState.look)
        assert tab.sees(DeskState.business) == stranger.business_id
        assert tab.sees(SessionState.role) == "viewer"
        assert tab.sees(SessionState.permissions) == ["inbox.read"]


async def test_a_role_counts_at_the_next_event(shop):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/", cookie=sign_in(shop, role="viewer"))
        await tab.send(DeskState.write)
        assert tab.was_sent("Minta bantuan pemilik usaha")


async def test_a_refusal_is_shown_in_both_languages_and_the_tab_chooses(database_open):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/")
        await tab.send(DeskState.refuse)
        assert tab.was_sent("Coba lagi dalam 7 detik")
        assert tab.was_sent("Try again in 7 seconds")


async def test_a_crash_shows_an_id_and_nothing_else(database_open):
    async with browser() as chrome:
        tab = chrome.tab()
        await tab.open("/")
        await tab.send(DeskState.crash)
        assert tab.was_sent("sebutkan kode")
        assert not tab.was_sent("hunter2")


async def test_a_revoked_session_is_found_no_more(shop):
    cookie = sign_in(shop)
    found = await db.run(sessions.find, PUBLIC, token_of(cookie))
    assert found
    await db.run(sessions.revoke_all, found.actor)
    assert await db.run(sessions.find, PUBLIC, token_of(cookie)) is None


@pytest.mark.parametrize(
    ("next", "path"),
    [
        ("/contacts/7", "/contacts/7"),
        ("/inbox?status=open", "/inbox?status=open"),
        ("", "/inbox"),
        ("https://evil.example", "/inbox"),
        ("//evil.example", "/inbox"),
        ("/\\evil.example", "/inbox"),
        ("%2F%2Fevil.example", "/inbox"),
        ("/%09/evil.example", "/inbox"),
        ("javascript:alert(1)", "/inbox"),
        ("/sign-in", "/inbox"),
    ],
)
def test_the_way_back_never_leaves_the_site(next, path):
    assert local_path(next) == path
