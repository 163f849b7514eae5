"""All doors of the application, the ways to knock on them, and how to see what that changed."""

import asyncio
import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import reflex as rx
from sqlalchemy import Engine, create_engine, text
from sqlmodel import SQLModel
from websockets import ConnectionClosed

from chatrigo import db
from tests.support.knocking import Knocker, knocker

SECRET = "rahasia-kopi-uji"
# Only in what needs more than reading conversations: the log, keys, invitations, what is taught.
KEPT = "hanya-untuk-pemilik"
KNOCKER = "knocker-"
# Those who sign themselves out or leave; they come last, so that the others are still knocked on.
FAREWELLS = ("leave", "revoke", "sign_out")


def handlers() -> dict[str, list[tuple[str, Any]]]:
    """Every event handler of ours, (name on the wire, function), by its state."""
    import chatrigo.chatrigo  # noqa: F401  (registers them all)

    found: dict[str, list[tuple[str, Any]]] = {}
    waiting = [rx.State]
    while waiting:
        state = waiting.pop()
        waiting += state.get_substates()
        if state.__module__.split(".")[0] != "state":
            continue
        name = state.get_full_name()
        found[name] = [
            (f"{name}.{event}", handler.fn)
            for event, handler in sorted(
                state.event_handlers.items(),
                key=lambda pair: (pair[0].startswith(FAREWELLS), pair[0]),
            )
        ]
    return dict(sorted(found.items()))


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
        "label_name": "diretas",
        "colour": "teal",
        "email": "victim@example.com",
        "password": "a long password",
        "role": "admin",
        "slug": "kopi-uji",
        "zone": "Asia/Jakarta",
        "conversation": ids["conversation"],
        "key": "a-key-of-the-knocker",
    }
    victim_first = {name: _id_for(name, ids) for name in names}
    return [
        victim_first,
        {name: str(value) for name, value in victim_first.items()},
        dict.fromkeys(names, form),
        dict.fromkeys(names, "'; DROP TABLE message; --"),
        dict.fromkeys(names, None),
        dict.fromkeys(names, 2**70),
        {name: ["nonsense", {}] for name in names},
    ]


def _id_for(name: str, ids: dict[str, int]) -> int:
    kinds = sorted(ids, key=len, reverse=True)
    short = {"entry": "knowledge_entry", "reply": "canned_reply", "source": "knowledge_source"}
    words = name.removesuffix("_id")
    for kind in kinds:
        if kind == words or kind.endswith(f"_{words}"):
            return ids[kind]
    return ids.get(short.get(words, ""), ids["conversation"])


def router(ids: dict[str, int]) -> dict[str, Any]:
    return {
        "pathname": "/inbox/[conversation_id]",
        "asPath": f"/inbox/{ids['conversation']}",
        "query": {"conversation_id": str(ids["conversation"]), "shop": "kopi-uji"},
    }


async def knock_on(
    origin: str,
    enter: Callable[[], str],
    doors: list[tuple[str, Any]],
    ids: dict[str, int],
    *,
    tries: int = 7,
) -> str:
    """
    Try every handler of one state from one tab; everything that came back.

    `enter` gives the cookie of somebody who has just signed in: some doors end the session, and
    with it the tab; the rest is tried from another.
    """
    heard = ""
    waiting = list(doors)
    while waiting:
        async with knocker(origin, enter()) as tab:
            with suppress(ConnectionClosed):
                while waiting:
                    name, fn = waiting.pop(0)
                    for payload in attempts(fn, ids)[:tries]:
                        await tab.send(name, payload, router(ids))
                await until_quiet(tab)
            heard += tab.heard
    return heard


async def open_pages(origin: str, cookie: str, ids: dict[str, int], paths: list[str]) -> str:
    """Load pages as a browser does; everything that came back."""
    heard = ""
    for path in paths:
        async with knocker(origin, cookie) as tab:
            load = "reflex___state____state.hydrate_and_load"
            with suppress(ConnectionClosed):
                await tab.send(load, {}, router(ids) | {"pathname": path, "asPath": path})
                await until_quiet(tab)
            heard += tab.heard
    return heard


async def until_quiet(tab: Knocker, quiet: float = 0.25, most: float = 15) -> None:
    """Listen until nothing has come for a moment."""
    async with asyncio.timeout(most):
        while True:
            before = len(tab.heard)
            await tab.listen(quiet)
            if len(tab.heard) == before:
                return


class Rows:
    """
    What the tables hold of the business and of its owner, as who owns the tables sees it.

    Left out are traces of knocking: `counts` of tries, and what belongs to the knockers
    themselves (their accounts begin with KNOCKER).
    """

    traces = frozenset({"rate_limit", "challenge", "demo_mail", "outgoing_mail"})

    def __init__(self, url: str, business_id: int, owner_id: int) -> None:
        self._engine: Engine = create_engine(db.driver_url(url))
        self._ids = {"business": business_id, "owner": owner_id, "knockers": f"{KNOCKER}%"}

    def now(self) -> dict[str, frozenset[str]]:
        with self._engine.connect() as connection:
            return {
                table.name: frozenset(connection.execute(text(query), self._ids).scalars())
                for table in SQLModel.metadata.sorted_tables
                if (query := self._query(table))
            }

    async def settled(self) -> dict[str, frozenset[str]]:
        """The rows once the application has done its own duties."""
        before: dict[str, frozenset[str]] = {}
        while before != (now := self.now()):
            before = now
            await asyncio.sleep(0.7)
        return before

    def close(self) -> None:
        self._engine.dispose()

    def _query(self, table: Any) -> str:
        if table.name in self.traces:
            return ""
        rows = f'SELECT t::text FROM "{table.name}" t WHERE '
        knockers = "account_id NOT IN (SELECT id FROM account WHERE email LIKE :knockers)"
        if table.name in ("auth_session", "account"):
            # When somebody was last seen is no change of theirs.
            return rows.replace("t::text", "(to_jsonb(t) - 'last_seen_at')::text") + (
                "account_id = :owner" if table.name == "auth_session" else "id = :owner"
            )
        if table.name == "membership":
            return f"{rows}business_id = :business AND {knockers}"
        if "business_id" in table.columns:
            return f"{rows}business_id = :business"
        if table.name == "business":
            return f"{rows}id = :business"
        return f"{rows}account_id = :owner" if "account_id" in table.columns else ""


def changed(before: dict[str, frozenset[str]], now: dict[str, frozenset[str]]) -> dict[str, Any]:
    """What differs, by table: rows that went and rows that came."""
    return {
        table: (sorted(before[table] - rows), sorted(rows - before[table]))
        for table, rows in now.items()
        if before[table] != rows
    }
