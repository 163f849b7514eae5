"""The outbox: order, pace, splitting, trouble, sending again."""

import pytest
from sqlalchemy import update

from chatrigo import db
from chatrigo.domain.channels import connecting, outbox
from chatrigo.domain.channels.splitting import split
from chatrigo.domain.conversations.reply import send_message
from chatrigo.integrations.channels.port import SendFailed
from chatrigo.models.account import OutgoingMail
from chatrigo.models.columns import now
from chatrigo.models.conversation import Conversation
from tests.channels.conftest import until
from tests.support.browser import join
from tests.support.scripted_channel import wrote


@pytest.fixture
async def conversation(channel, http, duties):
    await channel.came(http, wrote("a", "mau bicara dengan orang"))
    await until(lambda: [row for row in channel.outbox() if row.state == "sent"])
    return channel.conversations()[0].id


@pytest.fixture
def person(shop):
    return join(shop.business_id)


async def say(person, conversation, text, key="a-key-of-staff"):
    return await db.run(send_message, person, conversation, text, key)


def of(channel, row):
    return next(m for m in channel.messages() if m.id == row.id)


async def test_long_texts_go_out_in_parts_before_what_follows(
    channel, adapter, conversation, person
):
    adapter.sent.clear()
    long = "Ini satu kalimat yang cukup panjang. " * 12
    await say(person, conversation, long, "key-long")
    await say(person, conversation, "Selesai.", "key-short")
    await until(lambda: [r for r in adapter.sent if r.body == "Selesai."])
    *parts, last = [each.body for each in adapter.sent]
    assert last == "Selesai."
    assert len(parts) > 1
    assert all(len(part) <= 200 and part.endswith(".") for part in parts)
    assert " ".join(parts) == long.strip()


@pytest.mark.parametrize("advice", ["retry", "wait"])
async def test_trouble_of_the_vendor_is_tried_again(
    channel, adapter, conversation, person, advice, monkeypatch
):
    monkeypatch.setattr(outbox, "GAPS_SECONDS", (0.1, 0.1, 0.1, 0.1))
    adapter.sent.clear()
    adapter.script = [SendFailed(advice, "channels.failed_other", retry_after=0.2)]
    row = await say(person, conversation, "halo")
    assert row.delivery == "queued"
    await until(lambda: of(channel, row).delivery == "sent")
    assert [each.body for each in adapter.sent] == ["halo"]
    assert channel.outbox()[-1].tries == 2


async def test_what_the_vendor_refuses_says_why_and_can_be_sent_again(
    channel, adapter, conversation, person
):
    adapter.script = [SendFailed("refused", "channels.failed_other", code="7")]
    row = await say(person, conversation, "halo")
    await until(lambda: of(channel, row).delivery == "failed")
    assert of(channel, row).generation["failed"] == "channels.failed_other"
    await db.run(outbox.send_again, person, row.id)
    await until(lambda: of(channel, row).delivery == "sent")
    assert "failed" not in of(channel, row).generation
    assert [each.body for each in adapter.sent].count("halo") == 1


async def test_an_unknown_fate_that_the_vendor_knows(channel, adapter, conversation, person):
    adapter.script = [RuntimeError("the line broke")]
    number = len(channel.outbox())
    row = await say(person, conversation, "halo")
    await until(lambda: of(channel, row).delivery == "unknown")
    key = channel.outbox()[number].key
    assert adapter.asked == [key]
    adapter.found = {key: "theirs"}
    await db.run(outbox.send_again, person, row.id)
    await until(lambda: of(channel, row).delivery == "sent")


async def test_a_dead_token_rests_the_channel_tells_the_owner_and_loses_nothing(
    channel, adapter, conversation, person
):
    join(channel.shop.business_id, "owner", "pemilik@kopi.example")
    adapter.sent.clear()
    adapter.script = [SendFailed("auth", "channels.failed_other")]
    first = await say(person, conversation, "satu", "key-0001")
    await until(lambda: channel.channel().state == "broken")
    second = await say(person, conversation, "dua", "key-0002")
    assert {of(channel, row).delivery for row in (first, second)} == {"queued"}
    assert await db.run(connecting.list_broken, channel.shop) == ["Uji"]
    assert len(channel.rows(OutgoingMail)) >= 1
    assert await db.run(connecting.note_check, channel.shop, channel.id, {"token": ""}, {})
    await until(lambda: of(channel, second).delivery == "sent")
    assert [each.body for each in adapter.sent] == ["satu", "dua"]


async def test_a_closed_window_is_found_before_the_vendor_is_asked(
    channel, adapter, conversation, person
):
    adapter.sent.clear()
    with db.transaction(channel.shop) as session:
        session.execute(update(Conversation).values(window_closes_at=now()))
    row = await say(person, conversation, "halo")
    await until(lambda: of(channel, row).delivery == "failed")
    assert adapter.sent == []


async def test_a_paused_channel_waits(channel, adapter, conversation, person):
    await db.run(connecting.pause, channel.shop, channel.id)
    row = await say(person, conversation, "halo")
    assert of(channel, row).delivery == "queued"
    await db.run(connecting.resume, channel.shop, channel.id)
    await until(lambda: of(channel, row).delivery == "sent")


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("", 10, [""]),
        ("halo", 10, ["halo"]),
        ("halo kak", 0, ["halo kak"]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
        ("Satu dua. Tiga empat.", 12, ["Satu dua.", "Tiga empat."]),
        ("satu dua tiga", 9, ["satu dua", "tiga"]),
    ],
)
def test_split(text, most, parts):
    assert split(text, most) == parts


def test_14_a_text_of_4097_characters_is_split():
    assert [len(part) for part in split("x" * 4097, 4096)] == [4096, 1]
