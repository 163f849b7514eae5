"""
Every door of the application, knocked on by people it is not for.

Each registered event handler is called over the real socket, and each HTTP route over HTTP, as
nobody, as the owner of another business, and as everybody in the business itself who is not its
owner, with the ids of a victim's rows. What is not theirs may not change, and may not come back.
"""

from dataclasses import dataclass
from functools import partial

import httpx
import pytest
from sqlalchemy import create_engine, text

from chatrigo import cookies, db
from chatrigo.chatrigo import ROUTES
from chatrigo.domain import audit
from chatrigo.domain.access import PERMISSIONS, PUBLIC, Actor, may
from chatrigo.domain.conversations import visitor
from chatrigo.models.business import CannedReply, Label
from chatrigo.models.conversation import Channel
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.own_tests import SetCase
from chatrigo.retrieval.search import index
from tests.support import browser
from tests.support.doors import (
    KEPT,
    KNOCKER,
    SECRET,
    Rows,
    changed,
    handlers,
    knock_on,
    open_pages,
)
from tests.support.planting import plant
from tests.support.served import served

VISITOR = "the-key-of-the-victims-customer"
PAGES = [
    "/inbox",
    "/knowledge",
    "/assistant",
    "/settings",
    "/settings/team",
    "/settings/audit",
    "/settings/model",
]
# What a permission lets a person change. A table that stands nowhere is nobody's below an admin.
CHANGES = {
    "inbox.read": set(),
    "inbox.write": {
        "attachment",
        "contact",
        "contact_field",
        "contact_identity",
        "conversation",
        "conversation_label",
        "message",
        "follow_up",
        "outbox_message",
        "unanswered_question",
        "knowledge_proposal",
    },
}
# What people may do to themselves, and what the log may say of it.
OWN_ACTS = ("account.", "security.", "session.", "team.left")
OWNERS_ACTS = ("team.ownership_transferred", "support.")
# Nothing of these reaches whoever may only read conversations and answer them.
PLANTED = {
    "model_setting",
    "model_call",
    "audit_entry",
    "invitation",
    "http_tool",
    "api_key",
    "knowledge_source",
}


@dataclass
class Victim:
    shop: Actor
    owner: Actor
    ids: dict[str, int]


@pytest.fixture
def victim(shop, database_url):
    """A business with a row of every kind, each with SECRET in it."""
    owner = browser.join(shop.business_id, "owner", "owner@kopi.example")
    business_id = shop.business_id
    with db.transaction(shop) as session:
        session.execute(text("UPDATE business SET greeting = :s"), {"s": "Halo!"})
        # Off, so that no duty of our own changes a row while strangers knock.
        session.execute(text("UPDATE assistant SET enabled = false"))
        for number, state in enumerate(("archived", "published", "draft"), 1):
            session.add(
                InstructionVersion(
                    business_id=business_id,
                    number=number,
                    state=state,
                    persona=f"{SECRET} {KEPT}",
                )
            )
        rows = {
            "channel": Channel(business_id=business_id, kind="web"),
            "label": Label(business_id=business_id, name=f"Label {SECRET}"),
            "canned_reply": CannedReply(business_id=business_id, shortcut="halo", body=SECRET),
            "knowledge_entry": KnowledgeEntry(
                business_id=business_id, title="Jam buka?", body=f"{SECRET} {KEPT}"
            ),
            "set_case": SetCase(
                business_id=business_id, name=f"{SECRET} {KEPT}", turns=[SECRET], facts=[SECRET]
            ),
        }
        session.add_all(rows.values())
        session.flush()
        index(session, rows["knowledge_entry"])
        audit.note(session, owner, "team.removed", f"{SECRET} {KEPT}")
        ids = {name: row.id for name, row in rows.items()}
    with db.transaction(PUBLIC) as session:
        visitor.write(
            session, PUBLIC, "kopi-uji", VISITOR, address="", message_id="m1", body=SECRET
        )
    engine = create_engine(db.driver_url(database_url))
    with engine.begin() as connection:
        for name in ("conversation", "message", "contact"):
            ids[name] = connection.execute(text(f"SELECT min(id) FROM {name}")).scalar_one()
        everything = plant(connection, business_id, owner.account_id, KEPT, only=PLANTED)
    engine.dispose()
    return Victim(shop, owner, everything | ids)


@pytest.fixture
def rows(victim, database_url):
    kept = Rows(database_url, victim.shop.business_id, victim.owner.account_id)
    yield kept
    kept.close()


@pytest.mark.parametrize("who", ["nobody", "another business"])
async def test_no_handler_serves_whom_it_is_not_for(
    who, victim, rows, stranger, database_url, monkeypatch
):
    def enter() -> str:
        return browser.sign_in(stranger) if who == "another business" else ""

    async with served(database_url, monkeypatch) as origin:
        before = await rows.settled()
        known = handlers()
        assert sum(map(len, known.values())) > 20
        for state, doors in known.items():
            heard = await knock_on(origin, enter, doors, victim.ids)
            assert SECRET not in heard, state
            assert KEPT not in heard, state
            assert "Traceback" not in heard, state
        assert SECRET not in await open_pages(origin, enter(), victim.ids, PAGES)
        assert changed(before, rows.now()) == {}


async def test_no_role_does_what_it_may_not(victim, rows, database_url, monkeypatch):
    """Viewer, agent and admin of the same business, one after the other."""
    async with served(database_url, monkeypatch) as origin:
        for role in ("viewer", "agent", "admin"):
            before = await rows.settled()
            heard = ""
            for doors in handlers().values():
                enter = partial(_employed, victim, role)
                heard += await knock_on(origin, enter, doors, victim.ids, tries=3)
                assert rows_of_log(before) <= rows_of_log(rows.now()), doors[0][0]
            heard += await open_pages(origin, _employed(victim, role), victim.ids, PAGES)
            heard += await _routes(origin, _employed(victim, role), victim)
            _no_more_than_allowed(role, changed(before, await rows.settled()), heard)


async def test_the_test_would_notice(victim, rows, database_url, monkeypatch):
    """The victim's own owner does see and change these rows: the walks above can fail."""
    async with served(database_url, monkeypatch) as origin:
        before = await rows.settled()
        enter = partial(browser.sign_in, victim.owner)
        heard = await open_pages(origin, enter(), victim.ids, PAGES)
        assert SECRET in heard
        assert KEPT in heard
        for state, doors in handlers().items():
            if state.endswith(("inbox_state", "knowledge_state")):
                heard += await knock_on(origin, enter, doors, victim.ids, tries=3)
        assert {"conversation", "knowledge_entry", "label"} & changed(before, rows.now()).keys()


async def test_no_route_serves_whom_it_is_not_for(
    victim, rows, stranger, database_url, monkeypatch
):
    async with served(database_url, monkeypatch) as origin:
        before = await rows.settled()
        for cookie in ("", browser.sign_in(stranger)):
            answers = await _routes(origin, cookie, victim)
            assert SECRET not in answers
            assert KEPT not in answers
        assert changed(before, rows.now()) == {}


def _employed(victim: Victim, role: str) -> str:
    """The cookie of a new person with the role, who has just signed in."""
    email = f"{KNOCKER}{role}-{browser.uuid4().hex}@kopi.example"
    return browser.sign_in(browser.join(victim.shop.business_id, role, email))


def _no_more_than_allowed(role: str, changes: dict, heard: str) -> None:
    """By the table of permissions: what the role lacks is unchanged and was not shown."""
    allowed = {"audit_entry"}.union(*(CHANGES.get(each, ()) for each in _permissions(role)))
    acts = " ".join(changes.get("audit_entry", ([], []))[1])
    assert SECRET in heard  # they do read conversations: the walk is no walk past closed doors
    if role == "admin":
        # All but what is the owner's: memberships, account and sessions of the owner.
        assert not {"account", "auth_session"} & changes.keys()
        gone, _ = changes.get("membership", ([], []))
        assert not [row for row in gone if ",owner," in row]
        assert not [act for act in OWNERS_ACTS if act in acts]
        return
    assert changes.keys() <= allowed, {name: changes[name] for name in changes.keys() - allowed}
    assert KEPT not in heard
    for row in changes.get("audit_entry", ([], []))[1]:
        assert any(act in row for act in OWN_ACTS), row
    if role == "viewer":
        assert changes.keys() <= {"audit_entry"}
    if role == "agent":
        assert {"conversation", "message"} <= changes.keys()


def _permissions(role: str) -> list[str]:
    return [name for name in PERMISSIONS if may(role, name)]


def rows_of_log(rows: dict[str, frozenset[str]]) -> frozenset[str]:
    return rows["audit_entry"]


async def _routes(origin: str, cookie: str, victim: Victim) -> str:
    """Everything that the routes say to whoever holds this cookie, asked from our own pages."""
    heard = ""
    link = f"{victim.shop.business_id}-1-9999999999.{'0' * 64}"
    async with httpx.AsyncClient(base_url=origin, headers={"Origin": origin}) as client:
        for route in ROUTES:
            path = (
                route.path.replace("{shop}", "kopi-uji")
                .replace("{link}", link)
                .replace("{kind}", "csv")
            )
            for method in route.methods or {"GET"}:
                headers = {"cookie": cookie} if cookie else {}
                sent = {"id": victim.ids["message"], "business": victim.shop.business_id}
                answer = await client.request(method, path, json=sent, headers=headers)
                assert answer.status_code < 500, path
                heard += answer.text
                if "set-cookie" in answer.headers and cookie:
                    # A switch of business makes a new token: go on with it.
                    token = cookies.read(answer.headers["set-cookie"], cookies.SESSION)
                    cookie = f"{cookies.SESSION}={token}" if token else cookie
    return heard
