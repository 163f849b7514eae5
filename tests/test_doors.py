"""
Every door of the application, knocked on by people it is not for.

Each registered event handler is called over the real socket, and each HTTP route over HTTP, as
nobody and as the owner of another business, with the ids of a victim's rows. Nothing of the
victim's may change, and nothing of it may come back.
"""

import asyncio
import hashlib
import inspect
from typing import Any

import httpx
import pytest
import reflex as rx
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.conversations import visitor
from chatrigo.models.business import CannedReply, Label
from chatrigo.models.conversation import Channel, Message
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.models.own_tests import SetCase
from chatrigo.retrieval.search import index
from tests.support import browser
from tests.support.knocking import knocker
from tests.support.served import served

SECRET = "rahasia-kopi-uji"
VISITOR = "the-key-of-the-victims-customer"
# What knocking itself leaves behind: counts, codes that were asked for, sessions that ended.
TRACES = {"rate_limit", "challenge", "auth_session", "demo_mail"}


@pytest.fixture
def victim(shop):
    """A business with a row of every kind, each with SECRET in it."""
    with db.transaction(shop) as session:
        business_id = shop.business_id
        session.execute(text("UPDATE business SET greeting = :s"), {"s": "Halo!"})
        # Off, so that no duty of our own changes a row while strangers knock.
        session.execute(text("UPDATE assistant SET enabled = false"))
        for number, state in enumerate(("archived", "published", "draft"), 1):
            session.add(
                InstructionVersion(
                    business_id=business_id, number=number, state=state, persona=SECRET
                )
            )
        session.add(SetCase(business_id=business_id, name=SECRET, turns=[SECRET], facts=[SECRET]))
        session.add(Channel(business_id=business_id, kind="web"))
        session.add(Label(business_id=business_id, name=f"Label {SECRET}"))
        session.add(CannedReply(business_id=business_id, shortcut="halo", body=SECRET))
        entry = KnowledgeEntry(business_id=business_id, title="Jam buka?", body=SECRET)
        session.add(entry)
        session.flush()
        index(session, entry)
    with db.transaction(PUBLIC) as session:
        visitor.write(
            session, PUBLIC, "kopi-uji", VISITOR, address="", message_id="m1", body=SECRET
        )
    return shop


def snapshot(url: str, business_id: int) -> dict[str, str]:
    """A hash of every row of the business in every table, as the tables' owner sees them."""
    engine = create_engine(db.driver_url(url))
    found = {}
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in TRACES:
                continue
            owner = "business_id" if "business_id" in table.columns else "id"
            if owner == "id" and table.name != "business":
                continue
            rows = connection.execute(
                text(f'SELECT t::text FROM "{table.name}" t WHERE {owner} = :id ORDER BY 1'),
                {"id": business_id},
            ).scalars()
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    engine.dispose()
    return found


async def settled(url: str, business_id: int) -> dict[str, str]:
    """The snapshot once the application has done its own duty: the customer's message is answered."""
    before: dict[str, str] = {}
    while before != (now := snapshot(url, business_id)):
        before = now
        await asyncio.sleep(1)
    return before


def handlers() -> list[tuple[str, Any]]:
    """Every event handler of every state of ours: (name on the wire, function)."""
    import chatrigo.chatrigo  # noqa: F401  (registers them all)

    found = []
    waiting = [rx.State]
    while waiting:
        state = waiting.pop()
        waiting += state.get_substates()
        if state.__module__.split(".")[0] != "state":
            continue
        found += [
            (f"{state.get_full_name()}.{name}", handler.fn)
            for name, handler in state.event_handlers.items()
        ]
    return sorted(set(found), key=lambda pair: pair[0])


def attempts(fn: Any, ids: dict[str, int]) -> list[dict[str, Any]]:
    """Arguments an attacker would try: the victim's ids as they are, as text, and nonsense."""
    names = list(inspect.signature(fn).parameters)[1:]
    form = {
        "id": ids["message"],
        "body": "diretas",
        "text": "diretas",
        "title": "diretas",
        "name": "diretas",
        "question": "diretas",
        "answer": "diretas",
        "shortcut": "x",
        "email": "victim@example.com",
        "password": "a long password",
        "slug": "kopi-uji",
        "zone": "Asia/Jakarta",
    }
    victim_first = {name: ids.get(_kind(name), ids["conversation"]) for name in names}
    as_form = dict.fromkeys(names, form)
    return [
        victim_first,
        {name: str(value) for name, value in victim_first.items()},
        as_form,
        dict.fromkeys(names, "'; DROP TABLE message; --"),
        dict.fromkeys(names, None),
        dict.fromkeys(names, 2**70),
        {name: ["nonsense", {}] for name in names},
    ]


def _kind(name: str) -> str:
    for kind in ("conversation", "label", "entry", "message", "account", "reply", "case"):
        if kind in name:
            return kind
    return "conversation"


def ids_of(url: str, business_id: int) -> dict[str, int]:
    tables = {
        "conversation": "conversation",
        "label": "label",
        "entry": "knowledge_entry",
        "message": "message",
        "reply": "canned_reply",
        "case": "test_case",
    }
    engine = create_engine(db.driver_url(url))
    with engine.connect() as connection:
        found = {
            kind: connection.execute(
                text(f"SELECT min(id) FROM {table} WHERE business_id = :b"), {"b": business_id}
            ).scalar_one()
            for kind, table in tables.items()
        }
    engine.dispose()
    return found | {"account": 1}


@pytest.mark.parametrize("who", ["nobody", "another business"])
async def test_no_handler_serves_whom_it_is_not_for(
    who, victim, stranger, database_url, monkeypatch
):
    cookie = browser.sign_in(stranger) if who == "another business" else ""
    ids = ids_of(database_url, victim.business_id)
    async with served(database_url, monkeypatch) as origin:
        before = await settled(database_url, victim.business_id)
        known = handlers()
        assert len(known) > 20
        for name, fn in known:
            async with knocker(origin, cookie) as door:
                for payload in attempts(fn, ids):
                    await door.send(name, payload, _router(ids))
                await door.listen(0.15)
            assert SECRET not in door.heard, name
            assert "Traceback" not in door.heard, name
        async with knocker(origin, cookie) as door:
            for path in ("/inbox/[conversation_id]", "/knowledge", "/assistant", "/settings"):
                await door.send(
                    "reflex___state____state.hydrate_and_load",
                    {},
                    _router(ids) | {"pathname": path},
                )
            await door.listen(1)
        assert SECRET not in door.heard
        assert snapshot(database_url, victim.business_id) == before


def _router(ids: dict[str, int]) -> dict[str, Any]:
    return {
        "pathname": "/inbox/[conversation_id]",
        "asPath": f"/inbox/{ids['conversation']}",
        "query": {"conversation_id": str(ids["conversation"]), "shop": "kopi-uji"},
    }


async def test_the_test_would_notice(victim, database_url, monkeypatch):
    """The victim's own owner does see and change these rows: the walk above can fail."""
    cookie = browser.sign_in(victim)
    ids = ids_of(database_url, victim.business_id)
    async with served(database_url, monkeypatch) as origin:
        before = await settled(database_url, victim.business_id)
        heard = ""
        for name, fn in handlers():
            async with knocker(origin, cookie) as door:
                for payload in attempts(fn, ids)[:3]:
                    await door.send(name, payload, _router(ids))
                await door.listen(0.1)
            heard += door.heard
        assert SECRET in heard
        assert snapshot(database_url, victim.business_id) != before


async def test_no_route_serves_whom_it_is_not_for(victim, stranger, database_url, monkeypatch):
    from chatrigo.web import auth, chat, files

    ids = ids_of(database_url, victim.business_id)
    cookie = browser.sign_in(stranger)
    async with served(database_url, monkeypatch) as origin:
        before = await settled(database_url, victim.business_id)
        async with httpx.AsyncClient(base_url=origin) as client:
            for route in [*auth.routes, *chat.routes, *files.routes]:
                path = route.path.replace("{shop}", "kopi-uji").replace(
                    "{link}", f"{victim.business_id}-1-9999999999.{'0' * 64}"
                )
                for method in route.methods or {"GET"}:
                    for headers in ({}, {"cookie": cookie}):
                        answer = await client.request(
                            method, path, json={"id": ids["message"]}, headers=headers
                        )
                        assert SECRET not in answer.text
                        assert answer.status_code < 500
        assert snapshot(database_url, victim.business_id) == before
        with db.transaction(victim) as session:
            assert session.query(Message).count() >= 1
