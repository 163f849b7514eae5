"""What a customer's browser sends, and what it is told when that cannot be."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import httpx
import pytest
from PIL import Image
from sqlalchemy import update

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.reply import send_message
from chatrigo.models.business import Assistant
from chatrigo.models.conversation import Channel
from chatrigo.web import chat, files
from chatrigo.web.guard import Guard, routed
from tests.support.browser import join

KEY, OTHER = "k" * 43, "o" * 43


@pytest.fixture
def open_shop(shop):
    """With its assistant off, so that nothing waits to be answered."""
    with db.transaction(shop) as session:
        session.add(Channel(business_id=shop.business_id, kind="web"))
        session.execute(update(Assistant).values(enabled=False))
    return shop


@pytest.fixture
async def customer(open_shop) -> AsyncIterator[httpx.AsyncClient]:
    app = Guard(routed([*chat.routes, *files.routes]))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
        yield client


async def say(customer, text="halo", *, id="m1", key=KEY, shop="kopi-uji", language="id", **more):
    return await customer.post(
        f"/chat/{shop}/messages",
        json={"visitor": key, "id": id, "text": text, **more},
        headers={"Accept-Language": language},
    )


async def upload(customer, raw: bytes, *, key=KEY, language="id"):
    return await customer.post(
        "/chat/kopi-uji/attachments",
        content=raw,
        headers={"X-Visitor": key, "Accept-Language": language},
    )


def shown(key=KEY):
    with db.transaction(PUBLIC) as session:
        return visitor.open_chat(session, PUBLIC, "kopi-uji", key).messages


def png(size=(40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


async def test_a_message_is_stored_before_it_is_acknowledged(customer):
    answer = await say(customer)
    assert answer.status_code == 202
    (row,) = shown()
    assert answer.json() == {"id": row.id, "conversation": row.conversation_id}


async def test_a_repeat_is_acknowledged_like_the_first(customer):
    first, again = await say(customer), await say(customer)
    assert first.json() == again.json()
    assert len(shown()) == 1


async def test_the_same_message_many_times_at_once_is_stored_once(customer):
    answers = await asyncio.gather(*[say(customer) for _ in range(10)])
    assert {answer.status_code for answer in answers} == {202}
    assert len(shown()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "😀👨‍👩‍👧‍👦 🇮🇩",
        "مرحبا، هل عندكم قهوة؟",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "'; DROP TABLE message; --",
        "baris satu\n\n  baris dua",
        "{name} %s %(x)s \\u0000 ${jndi:ldap://x}",
        "x" * 4_000,
        "😀" * 4_000,
    ],
)
async def test_text_is_kept_as_it_was_written(customer, text):
    assert (await say(customer, text)).status_code == 202
    assert shown()[0].body == text


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        ("", "Tulis pesannya dulu, ya.", "Write a message first."),
        ("   \n ", "Tulis pesannya dulu, ya.", "Write a message first."),
        ("x" * 10_000, "10000 karakter, paling banyak 4000", "10000 characters, 4000 at most"),
    ],
)
async def test_what_cannot_be_sent_is_said_in_both_languages(customer, text, indonesian, english):
    for language, expected in (("id", indonesian), ("en", english)):
        answer = await say(customer, text, language=language)
        assert answer.status_code == 422
        assert expected in answer.json()["message"]
    assert shown() == []


async def test_an_unknown_shop(customer):
    answer = await say(customer, shop="toko-hantu")
    assert answer.status_code == 404
    assert (
        answer.json()["message"] == "Toko dengan alamat ini tidak ada. Periksa lagi alamatnya, ya."
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"visitor": 1e999}', b"{}" * 9]
)
async def test_what_is_no_message_at_all(customer, body):
    answer = await customer.post("/chat/kopi-uji/messages", content=body)
    assert answer.status_code == 422
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "sent",
    [
        {"visitor": None},
        {"visitor": ["x"]},
        {"visitor": "\ud800" * 43},
        {"id": {"a": 1}},
        {"id": "a" * 65},
        {"text": {"a": 1}},
        {"text": "\ud800"},
        {"attachment": 1},
        {"attachment": "1.9999999999.abc"},
        {"attachment": {"id": 1}},
    ],
)
async def test_fields_that_no_page_of_ours_sends(customer, sent):
    import json

    raw = json.dumps({"visitor": KEY, "id": "m1", "text": "halo", **sent}).encode()
    answer = await customer.post("/chat/kopi-uji/messages", content=raw)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert shown() == []


async def test_fifty_messages_in_a_second(customer):
    """What is too much is refused with the time to wait, and stored when it comes again."""
    answers = await asyncio.gather(*[say(customer, f"{n}", id=f"m{n}") for n in range(50)])
    accepted = [answer for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (len(accepted), len(refused)) == (20, 30)
    assert len(shown()) == 20
    for answer in refused:
        assert 1 <= int(answer.headers["Retry-After"]) <= 10
        assert "Terlalu cepat" in answer.json()["message"]
    assert (await say(customer, key=OTHER, id="theirs")).status_code == 202


async def test_the_answer_can_be_waited_for(customer, open_shop):
    waiting = asyncio.create_task(
        customer.post(
            "/chat/kopi-uji/messages?wait=5", json={"visitor": KEY, "id": "m1", "text": "halo"}
        )
    )
    while not shown():
        await asyncio.sleep(0.02)
    sari = join(open_shop.business_id)
    await db.run(send_message, sari, shown()[0].conversation_id, "Halo kak", "reply-key-1")
    assert (await waiting).json()["answer"] == "Halo kak"


async def test_waiting_ends(customer):
    for wait in ("0.05", "nan", "-3", "abc"):
        answer = await customer.post(
            f"/chat/kopi-uji/messages?wait={wait}",
            json={"visitor": KEY, "id": "m1", "text": "halo"},
        )
        assert answer.json().get("answer") is None


async def test_a_picture_is_uploaded_and_sent(customer):
    uploaded = await upload(customer, png())
    assert uploaded.status_code == 201
    sent = await say(customer, "", attachment=uploaded.json()["attachment"])
    assert sent.status_code == 202
    (row,) = shown()
    assert (row.kind, row.width, row.height) == ("image", 40, 30)
    picture = await customer.get(row.picture)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")


async def test_somebody_else_s_picture_cannot_be_sent(customer):
    ticket = (await upload(customer, png())).json()["attachment"]
    for attachment in (ticket, ticket.partition(".")[0], int(ticket.partition(".")[0])):
        answer = await say(customer, "punya siapa?", key=OTHER, attachment=attachment)
        assert answer.status_code == 422
        assert "Gambarnya tidak ditemukan" in answer.json()["message"]
    assert shown(OTHER) == []


@pytest.mark.parametrize(
    ("raw", "status", "indonesian", "english"),
    [
        (b"x" * 20 * 1024 * 1024, 413, "Paling besar 8 MB", "8 MB"),
        (b"#!/bin/sh\nrm -rf /", 422, "JPEG, PNG, WebP", "JPEG, PNG, WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", 422, "JPEG", "JPEG"),
        (b"", 422, "JPEG", "JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", 422, "ambar", "picture"),
    ],
)
async def test_what_is_no_picture_of_ours(customer, raw, status, indonesian, english):
    for language, expected in (("id", indonesian), ("en", english)):
        answer = await upload(customer, raw, language=language)
        assert answer.status_code == status
        assert expected in answer.json()["message"]


async def test_a_picture_without_a_visitor(customer):
    answer = await upload(customer, png(), key="")
    assert answer.status_code == 422
    assert answer.json()["error"] == "errors.visitor_key"


async def test_many_pictures_in_a_row(customer):
    answers = [await upload(customer, png()) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert "Retry-After" in answers[-1].headers
