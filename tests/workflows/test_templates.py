"""Templates between Meta and us: read page by page, handed in, refused in words."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.domain.channels import templates as kept
from chatrigo.domain.channels.accounts import lock_secrets
from chatrigo.errors import Forbidden, Invalid, NotFound, Unavailable
from chatrigo.integrations.channels import wire
from chatrigo.models.conversation import Channel
from chatrigo.workflows import templates
from tests.domain.channels.test_templates import FORM, READY
from tests.support.fake_graph import FakeGraph
from tests.support.graph_shapes import NUMBER, TOKEN, WABA


@pytest.fixture
async def graph(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeGraph]:
    with FakeGraph() as fake:
        monkeypatch.setitem(settings.__dict__, "graph_base", fake.base)
        yield fake
        await wire.close()


@pytest.fixture
def number(shop: Actor) -> int:
    with db.transaction(shop) as session:
        channel = Channel(
            business_id=shop.business_id,
            kind="whatsapp",
            external_id=NUMBER,
            settings={"waba_id": WABA},
        )
        session.add(channel)
        session.flush()
        lock_secrets(channel, {"access_token": TOKEN})
        return channel.id or 0


async def listed(shop: Actor, number: int) -> list[Any]:
    return await db.run(kept.list_templates, shop, number)


async def test_all_pages_are_read(graph: FakeGraph, shop: Actor, number: int):
    graph.templates = [{**READY, "id": str(n), "name": f"t_{n}"} for n in range(5)]

    assert await templates.read_all(shop, number) == 5
    assert len(graph.asked("/message_templates")) == 3
    assert [row.name for row in await listed(shop, number)] == [f"t_{n}" for n in range(5)]


async def test_a_new_one_is_handed_in_and_kept(graph: FakeGraph, shop: Actor, number: int):
    row = await templates.create(shop, number, FORM)

    assert (row.status, row.name) == ("PENDING", "pesanan_siap")
    assert graph.templates[0]["components"][1]["text"] == FORM["body"]
    assert [each.id for each in await listed(shop, number)] == [row.id]
    with pytest.raises(Unavailable):
        await templates.create(shop, number, FORM)  # Meta has it already


async def test_what_is_wrong_never_reaches_meta(graph: FakeGraph, shop: Actor, number: int):
    with pytest.raises(Invalid):
        await templates.create(shop, number, {**FORM, "name": "Salah"})
    assert graph.calls == []


async def test_a_dead_token_is_said(graph: FakeGraph, shop: Actor, number: int):
    graph.tokens.clear()

    for act in (templates.read_all(shop, number), templates.create(shop, number, FORM)):
        with pytest.raises(Unavailable, match="failed_token"):
            await act


async def test_nobody_else_may(graph: FakeGraph, shop: Actor, stranger: Actor, number: int):
    with pytest.raises(NotFound):
        await templates.read_all(stranger, number)
    with pytest.raises(Forbidden):
        await templates.read_all(Actor(1, shop.business_id, "agent"), number)
    assert graph.calls == []
