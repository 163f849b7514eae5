"""A shop on a scripted channel, with its duties kept for real."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.domain.channels.accounts import lock_secrets
from chatrigo.integrations.channels import registry
from chatrigo.models.channel import InboundEvent, OutboxMessage
from chatrigo.models.conversation import Channel, ContactIdentity, Conversation, Message
from chatrigo.web import hooks
from chatrigo.web.guard import Guard, routed
from chatrigo.workflows import deliver, take_in
from tests.support.scripted_channel import KIND, SECRET, ScriptedChannel, call, signed
from tests.workflows.conftest import FrontDesk, duties, fake_llm, front_desk, model

__all__ = ["deliver", "duties", "fake_llm", "front_desk", "model", "take_in"]
HOOK = "hook-of-the-scripted-channel"


@pytest.fixture
def adapter() -> Any:
    scripted = ScriptedChannel()
    registry.add(scripted)
    yield scripted
    registry.forget(KIND)


@pytest.fixture
def channel(adapter: ScriptedChannel, front_desk: FrontDesk, shop: Actor) -> "Line":
    return Line(shop, connect(shop))


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = Guard(routed(hooks.routes))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        yield client


def connect(shop: Actor) -> int:
    with db.transaction(shop) as session:
        row = Channel(
            business_id=shop.business_id,
            kind=KIND,
            name="Uji",
            external_id="acc-1",
            hook=HOOK,
        )
        session.add(row)
        session.flush()
        lock_secrets(row, {"token": SECRET})
        assert row.id
        return row.id


class Line:
    """What stands in the database of one channel, and calls as the vendor makes them."""

    def __init__(self, shop: Actor, id: int) -> None:
        self.shop, self.id = shop, id

    async def came(self, http: httpx.AsyncClient, *events: dict[str, Any]) -> httpx.Response:
        return await self.post(http, call(*events))

    async def post(self, http: httpx.AsyncClient, body: bytes) -> httpx.Response:
        return await http.post(f"/hooks/{KIND}/{HOOK}", content=body, headers=signed(body))

    def rows(self, table: Any, **like: Any) -> list[Any]:
        with db.transaction(self.shop) as session:
            return list(session.query(table).filter_by(**like).order_by(table.id).all())

    def messages(self, *authors: str) -> list[Message]:
        found = self.rows(Message, channel_id=self.id)
        return [row for row in found if not authors or row.author in authors]

    def outbox(self) -> list[OutboxMessage]:
        return self.rows(OutboxMessage)

    def calls(self) -> list[InboundEvent]:
        return self.rows(InboundEvent)

    def conversations(self) -> list[Conversation]:
        return self.rows(Conversation, channel_id=self.id)

    def identities(self) -> list[ContactIdentity]:
        return self.rows(ContactIdentity, channel_id=self.id)

    def channel(self) -> Channel:
        return self.rows(Channel, id=self.id)[0]


async def until(true: Callable[[], Any], seconds: float = 15) -> Any:
    """Look until it is so."""
    async with asyncio.timeout(seconds):
        while not (found := true()):
            await asyncio.sleep(0.05)
    return found


def as_json(body: bytes) -> Any:
    return json.loads(body)
