import pytest

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from tests.domain.accounts.conftest import Door


@pytest.fixture
def sari(database_open):
    door = Door(browser="browser-of-sari")
    door.confirm_sign_up(door.sign_up(now=None), now=None)
    return door


@pytest.fixture
def ticket(sari):
    return lambda: sari.confirm(sari.sign_in(now=None), now=None)


async def enter(http, ticket, browser="browser-of-sari"):
    http.cookies.set(cookies.BROWSER, browser)
    return await http.post("/auth/enter", json={"ticket": ticket})


async def signed_in(http) -> bool:
    token = http.cookies.get(cookies.SESSION, "")
    return await db.run(sessions.find, PUBLIC, token) is not None


async def test_a_ticket_becomes_a_cookie_that_no_script_reads(http, ticket):
    entered = await enter(http, ticket())
    assert entered.status_code == 204
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("chatrigo_session=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"):
        assert part in cookie
    assert "Secure" not in cookie
    assert await signed_in(http)


async def test_a_ticket_opens_once_and_only_in_its_browser(http, ticket):
    made = ticket()
    assert (await enter(http, made, browser="another")).status_code == 422
    assert (await enter(http, made)).status_code == 204
    refused = await enter(http, made)
    assert refused.status_code == 422
    assert refused.json()["error"] == "auth.ticket_gone"


async def test_entering_again_ends_the_session_before(http, ticket):
    await enter(http, ticket())
    before = http.cookies[cookies.SESSION]
    await enter(http, ticket())
    assert http.cookies[cookies.SESSION] != before
    assert await db.run(sessions.find, PUBLIC, before) is None
    assert await signed_in(http)


async def test_leaving_ends_the_session_and_removes_the_cookie(http, ticket):
    await enter(http, ticket())
    token = http.cookies[cookies.SESSION]
    left = await http.post("/auth/leave")
    assert left.status_code == 204
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert await db.run(sessions.find, PUBLIC, token) is None
    assert (await http.post("/auth/leave")).status_code == 204


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"ticket": 1}', b'{"ticket": null}', b"\xff", b"{}"]
)
async def test_what_is_no_ticket_is_refused(http, database_open, body):
    refused = await http.post("/auth/enter", content=body)
    assert refused.status_code == 422
    assert refused.json()["error"] == "errors.bad_json"


async def test_half_a_character_is_a_wrong_ticket(http, database_open):
    refused = await http.post("/auth/enter", content=b'{"ticket": "\\ud83d"}')
    assert refused.json()["error"] == "auth.ticket_gone"


async def test_signing_in_is_no_get(http):
    assert (await http.get("/auth/enter")).status_code == 405


async def test_a_device_is_trusted_by_a_cookie_that_no_script_reads(http, sari):
    ticket = sari.confirm(sari.sign_in(now=None), now=None, trust=True)
    entered = await enter(http, ticket)
    kept = [c for c in entered.headers.get_list("set-cookie") if c.startswith("chatrigo_device=")]
    assert len(kept) == 1
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"):
        assert part in kept[0]
    sari.device = http.cookies[cookies.DEVICE]
    assert isinstance(sari.sign_in(now=None), str)


async def test_without_being_asked_no_device_is_trusted(http, ticket):
    entered = await enter(http, ticket())
    assert "chatrigo_device" not in str(entered.headers)


async def test_rotating_gives_the_browser_a_new_token(http, ticket):
    await enter(http, ticket())
    before = http.cookies[cookies.SESSION]
    actor = (await db.run(sessions.find, PUBLIC, before)).actor
    made = await db.run(sessions.rotate, actor, browser="browser-of-sari")
    assert not await signed_in(http)
    assert (await http.post("/auth/rotate", json={"ticket": made})).status_code == 204
    assert http.cookies[cookies.SESSION] != before
    assert await signed_in(http)
    refused = await http.post("/auth/rotate", json={"ticket": made})
    assert refused.json()["error"] == "auth.ticket_gone"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ticket": 1}', b'{"ticket": "\\ud83d"}'])
async def test_what_is_no_ticket_rotates_nothing(http, database_open, body):
    refused = await http.post("/auth/rotate", content=body)
    assert refused.status_code == 422
