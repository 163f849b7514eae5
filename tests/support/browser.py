"""Open tabs, without a browser: send events, and see what the server sends back."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import State, StateUpdate
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from sqlmodel import select

from chatrigo import cookies, db, security
from chatrigo.chatrigo import app
from chatrigo.config import settings
from chatrigo.domain.access import Actor, system
from chatrigo.models.account import Account, AuthSession, Membership
from chatrigo.models.columns import now


class Tab:
    """
    One tab. `cookie` is what its socket brought along, and stays the same until `open`.

    `sent` are the texts of the events that the server sent back (toasts, redirects, scripts).
    """

    def __init__(self, processor: BaseStateEventProcessor) -> None:
        self.token = str(uuid4())
        self.sent: list[str] = []
        self._processor = processor
        self._vars: dict[str, dict[str, Any]] = defaultdict(dict)
        self._router: dict[str, Any] = {}

    async def open(
        self,
        path: str,
        route: str | None = None,
        *,
        cookie: str = "",
        language: str = "id",
        address: str = "127.0.0.1",
        storage: dict[rx.Var, str] | None = None,
        **params: str,
    ) -> None:
        """
        Load a page, as a full page load would: `route` is its pattern, `params` its parts,
        `storage` what the browser keeps of vars.
        """
        self._router = {
            "pathname": route or path,
            "asPath": path,
            "query": params,
            "headers": {
                "cookie": cookie,
                "accept-language": language,
                "origin": settings.origin,
                "host": settings.origin.partition("//")[2],
            },
            "ip": address,
            "sid": str(uuid4()),
            "token": self.token,
        }
        kept = {_name_of(var): value for var, value in (storage or {}).items()}
        await self._enqueue(State.hydrate_and_load(kept) if kept else State.hydrate_and_load)
        await self._settle()

    async def send(self, event: Any) -> None:
        """Let the server handle an event, with all that follows from it."""
        # A browser hears of an error only through what the server sends.
        with suppress(Exception):
            await (await self._enqueue(event)).wait_all()
        await self._settle()

    def sees(self, var: rx.Var) -> Any:
        """What the tab was last told of a var; None if nothing."""
        state, _, name = _name_of(var).rpartition(".")
        return self._vars[state].get(name)

    def was_sent(self, part: str) -> bool:
        """Whether some toast, redirect or script contained this."""
        return any(part in text for text in self.sent)

    async def close(self) -> None:
        self._processor._on_disconnect(self.token)
        await self._settle()

    def receive(self, update: StateUpdate) -> None:
        for state, values in (update.delta or {}).items():
            self._vars[state].update(values)
        self.sent += [f"{event.name} {event.payload}" for event in update.events]

    async def _enqueue(self, event: Any) -> Any:
        (event,) = Event.from_event_type(event, router_data=dict(self._router))
        return await self._processor.enqueue(self.token, event)

    async def _settle(self, seconds: float = 0.05) -> None:
        await asyncio.sleep(seconds)


class Browser:
    def __init__(self, processor: BaseStateEventProcessor) -> None:
        self.tabs: dict[str, Tab] = {}
        self._processor = processor

    def tab(self) -> Tab:
        tab = Tab(self._processor)
        self.tabs[tab.token] = tab
        return tab

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        self.tabs[token].receive(update)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    processor = BaseStateEventProcessor(
        middleware=app, backend_exception_handler=app.backend_exception_handler
    )
    chrome = Browser(processor)
    async with processor.configure(state_manager=StateManagerMemory(), event_namespace=chrome):
        yield chrome


def _name_of(var: rx.Var) -> str:
    """As the browser calls it: the state's full name and the var's."""
    data = var._get_all_var_data()
    assert data is not None
    return f"{data.state}.{data.field_name}_rx_state_"


def sign_in(who: Actor | Account, *, role: str = "owner") -> str:
    """
    Sign somebody in; returns the `Cookie` header for `Tab.open` or an HTTP request.

    An actor without an account (the fixtures `shop` and `stranger`) gets one with `role`.
    """
    account_id = who.id if isinstance(who, Account) else who.account_id
    business_id = _business_of(who) if isinstance(who, Account) else who.business_id
    if account_id is None:
        account_id = join(business_id, role).account_id
    token = security.token()
    with db.transaction(system(business_id)) as session:
        session.add(
            AuthSession(
                token_hash=security.digest(token),
                account_id=account_id,
                business_id=business_id,
                expires_at=now() + timedelta(days=1),
            )
        )
    return f"{cookies.SESSION}={token}"


def join(business_id: int, role: str = "owner", email: str | None = None) -> Actor:
    """A new person with a role in the business."""
    with db.transaction(system(business_id)) as session:
        account = Account(
            email=email or f"{uuid4().hex}@example.com", name="Sari", password_hash="-"
        )
        session.add(account)
        session.flush()
        assert account.id
        session.add(Membership(business_id=business_id, account_id=account.id, role=role))
    return Actor(account.id, business_id, role)


def also(who: Actor, business_id: int, role: str = "viewer") -> Actor:
    """The same person in another business as well."""
    with db.transaction(system(business_id)) as session:
        session.add(Membership(business_id=business_id, account_id=who.account_id, role=role))
    return Actor(who.account_id, business_id, role)


def _business_of(account: Account) -> int:
    with db.transaction(Actor(account.id, 0, "public")) as session:
        query = select(Membership.business_id).where(Membership.account_id == account.id)
        return session.execute(query).scalars().one()
