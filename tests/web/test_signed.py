"""Routes that act for the person whose session a request carries."""

from datetime import timedelta

import pytest

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from chatrigo.models.account import AuthSession
from chatrigo.models.columns import now
from chatrigo.models.knowledge import KnowledgeEntry
from tests.support.browser import also, join, sign_in

CSV = ("/export/knowledge.csv", "/export/audit.csv")


@pytest.fixture
def sari(shop):
    with db.transaction(shop) as session:
        session.add(KnowledgeEntry(business_id=shop.business_id, title="Jam buka?", body="=08.00"))
    return join(shop.business_id, "owner", "sari@kopi.example")


def bring(http, cookie):
    http.cookies.clear()
    http.cookies.set(cookies.SESSION, cookie.removeprefix(f"{cookies.SESSION}="))


async def who(http):
    return await db.run(sessions.find, PUBLIC, http.cookies.get(cookies.SESSION, ""))


def token_of(answer):
    return cookies.read(answer.headers["set-cookie"], cookies.SESSION)


@pytest.mark.parametrize("path", CSV)
async def test_a_file_for_the_owner(http, sari, path):
    bring(http, sign_in(sari))
    answer = await http.get(path)
    assert answer.status_code == 200
    assert "attachment; filename=" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    if "knowledge" in path:
        assert "Jam buka?,'=08.00" in answer.text


@pytest.mark.parametrize("path", [*CSV, "/export/catalogue.csv"])
async def test_no_file_for_nobody_for_lower_roles_and_from_other_sites(http, sari, path):
    assert (await http.get(path)).status_code == 401
    for role in ("agent", "viewer"):
        bring(http, sign_in(join(sari.business_id, role)))
        assert (await http.get(path)).status_code == 403
    bring(http, sign_in(sari))
    for site in ("cross-site", "same-site"):
        answer = await http.get(path, headers={"Sec-Fetch-Site": site})
        assert answer.json()["error"] == "errors.wrong_origin"


@pytest.mark.parametrize("path", CSV)
async def test_a_file_asks_for_fresh_proof(http, sari, path):
    bring(http, sign_in(sari))
    with db.transaction(PUBLIC) as session:
        session.query(AuthSession).one().confirmed_at = now() - timedelta(minutes=11)
    assert (await http.get(path)).json()["error"] == "errors.confirm_its_you"


async def test_switching_the_business_makes_another_token(http, sari, stranger):
    also(sari, stranger.business_id, "viewer")
    bring(http, sign_in(sari))
    before = http.cookies[cookies.SESSION]
    answer = await http.post("/auth/switch", json={"business": stranger.business_id})
    assert answer.status_code == 204
    found = await db.run(sessions.find, PUBLIC, token_of(answer))
    assert (found.actor.business_id, found.actor.role) == (stranger.business_id, "viewer")
    assert await db.run(sessions.find, PUBLIC, before) is None


@pytest.mark.parametrize("wanted", [None, "x", -1, 2**70, ["1"]])
async def test_nobody_switches_into_a_business_that_is_not_theirs(http, sari, stranger, wanted):
    bring(http, sign_in(sari))
    for business in (wanted, stranger.business_id):
        answer = await http.post("/auth/switch", json={"business": business})
        assert answer.status_code == 404
    assert (await who(http)).actor.business_id == sari.business_id
    http.cookies.clear()
    answer = await http.post("/auth/switch", json={"business": sari.business_id})
    assert answer.status_code == 401


async def test_switching_is_not_done_for_another_site(http, sari):
    bring(http, sign_in(sari))
    answer = await http.post(
        "/auth/switch",
        json={"business": sari.business_id},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
