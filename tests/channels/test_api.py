"""The API channel: keys, messages, replies in the response and by a signed call."""

import json

import httpx
import pytest

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.channels import api_keys, connecting
from chatrigo.errors import ConfirmItsYou, Forbidden
from chatrigo.integrations.channels import api as api_channel
from chatrigo.integrations.channels import registry
from chatrigo.integrations.fetch import Fetcher
from chatrigo.web import api
from chatrigo.web.guard import Guard, routed
from tests.channels.conftest import Line, until
from tests.support.browser import join


@pytest.fixture
def adapter():
    """The real one, which may reach a server of the tests."""
    made = api_channel.ApiChannel(Fetcher(allow_loopback=True))
    registry.add(made)
    yield made
    registry.forget("api")


@pytest.fixture
def line(shop, adapter, front_desk):
    return line_to(shop, "")


def line_to(shop, url):
    form = {"name": "Aplikasi", "callback_url": url}
    with db.transaction(shop) as session:
        id = connecting.connect(
            session, shop, "api", api_channel.ApiChannel.connecting.fields, form
        )
        connecting.note_check(session, shop, id, {"callback": ""}, {})
    return Line(shop, id)


@pytest.fixture
def key(shop, line):
    with db.transaction(shop) as session:
        return api_keys.make_key(session, shop, line.id, "Toko online")


@pytest.fixture
async def client():
    app = Guard(routed(api.routes))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        yield client


async def send(client, line, key, text="halo", *, wait=0, id="m1", **headers):
    return await client.post(
        f"/api/v1/channels/{line.id}/messages" + (f"?wait={wait}" if wait else ""),
        json={"contact": {"id": "c1", "name": "Budi"}, "message": {"id": id, "text": text}},
        headers={"Authorization": f"Bearer {key}", **headers},
    )


async def test_a_message_is_taken_once(client, line, key):
    first, again = await send(client, line, key), await send(client, line, key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    assert (first.json()["again"], again.json()["again"]) == (False, True)
    other = {"Idempotency-Key": "one"}
    await send(client, line, key, id="m2", **other)
    await send(client, line, key, id="m3", **other)
    assert len(line.messages("contact")) == 2
    assert line.conversations()[0].channel_id == line.id


async def test_the_reply_is_in_the_response(client, line, key, duties):
    answer = await send(client, line, key, "jam buka jam berapa?", wait=20)
    (reply,) = answer.json()["replies"]
    assert reply["by"] == "assistant"
    assert "08.00" in reply["text"]


async def test_the_reply_comes_by_a_signed_call(shop, client, adapter, front_desk, duties):

    heard = []

    async def app(scope, receive, send):
        body = (await receive())["body"]
        heard.append((dict(scope["headers"]), body))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    adapter._fetcher = _Straight(app)
    line = line_to(shop, "https://toko.example/balasan")
    with db.transaction(shop) as session:
        key = api_keys.make_key(session, shop, line.id, "Toko")
        secret = connecting.open_for_check(session, shop, line.id).secrets["callback_secret"]
    await send(client, line, key, "jam buka jam berapa?")
    await until(lambda: heard)
    headers, body = heard[0]
    signed = headers[b"x-chatrigo-signature-256"].decode()
    assert signed == "sha256=" + api_channel.signature(secret, body)
    assert json.loads(body)["contact"] == {"id": "c1"}
    await until(lambda: line.outbox()[0].state == "sent")


class _Straight:
    """A fetcher that asks an app of this process."""

    def __init__(self, app):
        self._app = app

    async def request(self, method, url, *, headers=None, content=b"", redirects=0):
        from chatrigo.integrations.fetch import Fetched

        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app)) as client:
            found = await client.request(method, url, headers=headers, content=content)
        return Fetched(url, found.status_code, "", found.content)


@pytest.mark.parametrize("inside", ["http://127.0.0.1:1/x", "http://169.254.169.254/latest"])
async def test_a_call_inside_the_network_is_refused(line, inside):
    from chatrigo.integrations.channels.port import Account, Outgoing, SendFailed

    account = Account("api", "", {"callback_secret": "s"}, {"callback_url": inside})
    with pytest.raises(SendFailed) as refused:
        await api_channel.ApiChannel(Fetcher()).send(account, Outgoing("k", "c1", "halo"))
    assert refused.value.advice == "refused"


async def test_wrong_keys_and_other_channels(client, line, key, shop, stranger):
    for wrong in ("", "ck_x", key[:-1], key + "x"):
        assert (await send(client, line, wrong)).status_code == 401
    with db.transaction(shop) as session:
        (row,) = api_keys.list_keys(session, shop)
        api_keys.revoke_key(session, shop, row.id)
    assert (await send(client, line, key)).status_code == 401
    assert line.messages() == []


@pytest.mark.parametrize(
    "body", ["[]", "{", '{"contact": 1}', '{"contact": {"id": ""}, "message": {"id": "x"}}']
)
async def test_nonsense(client, line, key, body):
    answer = await client.post(
        f"/api/v1/channels/{line.id}/messages",
        content=body,
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 422


def test_keys_and_channels_are_for_those_who_may(shop, line):
    agent = join(shop.business_id, "agent", "agen@kopi.example")
    owner = join(shop.business_id, "owner", "pemilik@kopi.example")
    with db.transaction(agent) as session:
        for act in (connecting.list_channels, api_keys.list_keys):
            with pytest.raises(Forbidden):
                act(session, agent)
        with pytest.raises(Forbidden):
            connecting.disconnect(session, agent, line.id)
    with db.transaction(owner) as session:
        with pytest.raises(ConfirmItsYou):
            api_keys.make_key(session, owner, line.id, "x")
        with pytest.raises(ConfirmItsYou):
            connecting.disconnect(session, owner, line.id)


def test_a_disconnected_channel_keeps_its_conversations(shop, line):
    with db.transaction(shop) as session:
        connecting.disconnect(session, shop, line.id)
        assert connecting.list_channels(session, shop) == []
    assert line.channel().secrets == ""
