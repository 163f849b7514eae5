"""The owner's tools against a real server on loopback."""

import gzip
import json
from contextlib import aclosing
from dataclasses import replace

import pytest

from chatrigo import db
from chatrigo.domain.tools import http, servers
from chatrigo.domain.tools.tool import Context
from chatrigo.integrations import http_tool
from chatrigo.integrations.fetch import Fetcher
from chatrigo.language_model import platform
from chatrigo.models.account import OutgoingMail
from chatrigo.models.conversation import Conversation
from chatrigo.models.tools import HttpTool, ToolCall
from chatrigo.workflows.http_tool import send
from chatrigo.workflows.turn import Answered, GaveUp, take_turn
from tests.support.fake_llm import Behaviour
from tests.support.shop_server import shop_server

__all__ = ["shop_server"]
TURNS = [("system", "Rules."), ("user", "<pelanggan>\nPesananku A-7 di mana?\n</pelanggan>")]
ORDER = [{"name": "number", "kind": "string", "description": "Order number", "required": True}]


@pytest.fixture
async def context(front_desk):
    received = await front_desk.write("Pesananku A-7 di mana? E-mailku rina@example.com")
    with db.transaction(front_desk.shop) as session:
        contact_id = session.get_one(Conversation, received.conversation_id).contact_id
    id = received.message_id
    return Context(received.conversation_id, contact_id, id, message_ids=(id,))


def add(shop, url, **wishes):
    given = {
        "name": "order_state",
        "description": "Where an order of the shop is by now.",
        "method": "GET",
        "url": url,
        "effect": "reads",
        "seconds": 2,
    } | wishes
    with db.transaction(shop) as session:
        return servers.add_tool(
            session, shop, given, ORDER, [{"name": "X-Api-Key", "value": "s3cret"}]
        )


async def turn(shop, context, *, dry=False):
    taking = take_turn(shop, list(TURNS), context, dry=dry, models=platform(), grounded=False)
    async with aclosing(taking) as steps:
        return [step async for step in steps][-1]


def calls(shop):
    with db.transaction(shop) as session:
        return session.query(ToolCall).order_by(ToolCall.id).all()


CALL = Behaviour(tool="order_state", arguments='{"number": "A/7 ?x=1"}')


async def test_the_answer_comes_from_the_owners_server(shop, shop_server, context, model):
    made = add(shop, shop_server.url + "/orders/{number}")
    shop_server.will("/orders/A%2F7%20%3Fx%3D1", '{"state": "dikirim", "resi": 556677}')
    model.will(CALL, Behaviour(text="Sudah dikirim, resi 556677"))
    end = await turn(shop, context)
    assert isinstance(end, Answered)
    (asked,) = shop_server.asked
    assert asked.target == "/orders/A%2F7%20%3Fx%3D1"
    assert asked.headers["x-api-key"] == "s3cret"
    assert asked.headers["x-chatrigo-business"] == str(shop.business_id)
    assert asked.headers["x-chatrigo-conversation"] == str(context.conversation_id)
    assert asked.headers["x-chatrigo-contact"] == str(context.contact_id)
    assert asked.headers["x-chatrigo-verified"] == "no"
    identity = {
        name: asked.headers[name.lower()]
        for name in (
            "X-Chatrigo-Timestamp",
            "X-Chatrigo-Business",
            "X-Chatrigo-Conversation",
            "X-Chatrigo-Contact",
            "X-Chatrigo-Verified",
            "Idempotency-Key",
        )
    }
    url = shop_server.url + asked.target

    def signed(secret, **other):
        return "v1=" + http.sign(secret, "GET", url, identity | other, b"")

    assert asked.headers["x-chatrigo-signature"] == signed(made.secret)
    assert asked.headers["x-chatrigo-signature"] != signed("another secret")
    forged = {"X-Chatrigo-Contact": "1000000"}
    assert asked.headers["x-chatrigo-signature"] != signed(made.secret, **forged)
    (call,) = calls(shop)
    assert (call.state, call.effect) == ("done", "reads")
    assert "s3cret" not in str(call) + model.requests[-1].body["messages"][-1]["content"]


async def test_a_number_that_the_server_did_not_say_is_never_sent(
    shop, shop_server, context, model
):
    add(shop, shop_server.url + "/orders")
    shop_server.will("/orders", '{"state": "dikirim"}')
    model.will(CALL, Behaviour(text="Resi 556677"), Behaviour(text="Resinya 556677 kak"))
    end = await turn(shop, context)
    assert isinstance(end, GaveUp)
    assert end.reason == "unsupported_claim"


@pytest.mark.parametrize(
    ("answer", "changes", "state"),
    [
        ("hang", False, "failed"),
        ("hang", True, "unknown"),
        ("endless", False, "failed"),
        ("endless", True, "unknown"),
        (b"HTTP/1.1 500 X\r\n\r\n", False, "failed"),
        (b"HTTP/1.1 500 X\r\n\r\n", True, "unknown"),
        (b"HTTP/1.1 404 X\r\ncontent-type: text/plain\r\n\r\nnot there", False, "refused"),
        (b"HTTP/1.1 302 X\r\nlocation: http://169.254.169.254/\r\n\r\n", False, "failed"),
        (b"HTTP/1.1 302 X\r\nlocation: http://10.0.0.1/x\r\n\r\n", True, "failed"),
        (b"HTTP/1.1 200 X\r\ncontent-type: text/html\r\n\r\n<p>hi", False, "failed"),
        (b"HTTP/1.1 200 X\r\ncontent-length: 1073741824\r\n\r\nx", False, "failed"),
        (
            b"HTTP/1.1 200 X\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\n\r\n"
            + gzip.compress(b"0" * 50_000_000),
            False,
            "failed",
        ),
        (b"nonsense", False, "failed"),
        (b"", False, "failed"),
    ],
)
async def test_a_server_that_misbehaves(shop_server, answer, changes, state):
    shop_server.answers["/x"] = answer
    response = await send(http.Ready("GET", shop_server.url + "/x", {}, b"", 1), changes=changes)
    assert response.state == state
    assert response.milliseconds < 2_500
    assert len(response.text) <= 4_000
    assert len(shop_server.asked) == 1


async def test_a_long_answer_is_cut(shop_server):
    shop_server.will("/x", json.dumps({"list": ["kopi"] * 5_000}))
    response = await send(http.Ready("GET", shop_server.url + "/x", {}, b"", 1), changes=False)
    assert response.state == "done"
    assert 3_900 < len(response.text) <= 4_000


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://0.0.0.0:8080/",
        "http://2130706433/",
    ],
)
async def test_no_private_address_is_reached(url):
    assert isinstance(http_tool.fetcher(1), Fetcher)
    response = await send(http.Ready("POST", url, {}, b"{}", 1), changes=True)
    assert response.state == "failed"


async def test_what_changes_something_is_sent_once(shop, shop_server, context, model):
    add(shop, shop_server.url + "/cancel", method="POST", effect="outside")
    shop_server.will("/cancel", '{"ok": true}')
    for _ in range(2):
        model.will(CALL, Behaviour(text="Sudah ya kak"))
        end = await turn(shop, context)
        assert isinstance(end, Answered)
        model._script.clear()
    (asked,) = shop_server.asked
    assert json.loads(asked.body) == {"number": "A/7 ?x=1"}
    assert asked.headers["idempotency-key"] == f"call-{calls(shop)[0].id}"


async def test_an_end_that_nobody_knows_is_never_called_done(shop, shop_server, context, model):
    add(shop, shop_server.url + "/cancel", method="POST", effect="outside", seconds=1)
    shop_server.answers["/cancel"] = "hang"
    for _ in range(2):
        model.will(CALL, Behaviour(text="Sudah dibatalkan ya kak"))
        end = await turn(shop, context)
        assert isinstance(end, GaveUp)
        assert end.reason == "tool_unknown"
        model._script.clear()
    assert len(shop_server.asked) == 1


async def test_a_rehearsal_sends_only_what_reads(shop, shop_server, model):
    add(shop, shop_server.url + "/orders")
    add(shop, shop_server.url + "/cancel", name="cancel_order", method="POST", effect="outside")
    shop_server.will("/orders", '{"state": "dikirim"}')
    model.will(
        CALL,
        Behaviour(tool="cancel_order", arguments='{"number": "A7"}'),
        Behaviour(text="Siap kak"),
    )
    end = await turn(shop, Context(), dry=True)
    assert [(call.name, call.state) for call in end.calls] == [
        ("order_state", "done"),
        ("cancel_order", "dry"),
    ]
    assert [asked.target.partition("?")[0] for asked in shop_server.asked] == ["/orders"]
    assert shop_server.asked[0].headers["x-chatrigo-test"] == "yes"
    assert calls(shop) == []


async def test_only_for_a_customer_who_has_proved_an_address(shop, shop_server, context, model):
    add(shop, shop_server.url + "/orders", verified_only=True)
    shop_server.will("/orders", '{"state": "dikirim"}')
    model.will(
        CALL,
        Behaviour(tool="prove_email", arguments='{"email": "Rina@Example.com"}'),
        Behaviour(text="Tulis kodenya ya kak"),
    )
    end = await turn(shop, context)
    assert [call.state for call in end.calls] == ["refused", "done"]
    assert shop_server.asked == []
    code = sent_code(shop)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    model.will(
        Behaviour(tool="confirm_code", arguments=json.dumps({"code": wrong})),
        Behaviour(tool="confirm_code", arguments=json.dumps({"code": code})),
        Behaviour(tool="order_state", arguments='{"number": "A7"}'),
        Behaviour(text="Sudah dikirim kak"),
    )
    later = replace(context, message_ids=())
    end = await turn(shop, later)
    assert [call.state for call in end.calls] == ["done", "done", "done"]
    assert '"proved": false' in end.calls[0].result
    assert shop_server.asked[0].headers["x-chatrigo-verified"] == "rina@example.com"


def sent_code(shop):
    from chatrigo import security

    with db.transaction(shop) as session:
        (mail,) = session.query(OutgoingMail).all()
    _to, _subject, text = json.loads(security.unlock(mail_purpose(), mail.locked))
    return next(word for word in text.split() if word.isdecimal() and len(word) == 6)


def mail_purpose():
    from chatrigo.domain import post

    return post._purpose("email")


async def test_secrets_are_locked_in_the_database(shop, shop_server):
    made = add(shop, shop_server.url + "/x")
    with db.transaction(shop) as session:
        (tool,) = session.query(HttpTool).all()
    assert "s3cret" not in tool.headers
    assert made.secret not in tool.secret
    assert http.headers_of(tool) == {"X-Api-Key": "s3cret"}
    assert made.row.header_names == ["X-Api-Key"]
    assert "s3cret" not in str(made.row)
