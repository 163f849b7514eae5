"""A customer on Telegram, from their message to the answer: called by Telegram, and asked for."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.channels.accounts import lock_secrets
from chatrigo.integrations.channels import wire
from chatrigo.models.channel import InboundEvent
from chatrigo.models.conversation import Channel
from chatrigo.workflows import ask_telegram
from tests.channels.conftest import Line, until
from tests.support.fake_telegram import BOT_ID, TOKEN, FakeTelegram, Trouble, fake_telegram

__all__ = ["fake_telegram"]

SECRET = "Abc_123-xyz"
HOOK = "hook-of-the-telegram-bot"
BUDI = "814999112"


@pytest.fixture
async def bot(front_desk, shop: Actor, fake_telegram: FakeTelegram) -> AsyncIterator[Line]:
    with db.transaction(shop) as session:
        row = Channel(
            business_id=shop.business_id,
            kind="telegram",
            name="Bot",
            external_id=str(BOT_ID),
            hook=HOOK,
        )
        session.add(row)
        session.flush()
        lock_secrets(row, {"token": TOKEN, "hook_secret": SECRET})
        assert row.id
        id = row.id
    yield Line(shop, id)
    await wire.close()


async def call(http, update: dict, secret: str = SECRET):
    return await http.post(
        f"/hooks/telegram/{HOOK}",
        content=json.dumps(update).encode(),
        headers={"X-Telegram-Bot-Api-Secret-Token": secret},
    )


async def test_a_customer_asks_and_is_answered(bot, http, duties, fake_telegram):
    assert (await call(http, fake_telegram.wrote("Halo"))).status_code == 200

    await until(lambda: [row for row in bot.outbox() if row.state == "sent"])

    (sent,) = fake_telegram.sent
    assert sent.values["chat_id"] == int(BUDI)
    assert sent.values["text"] == bot.messages("ai")[0].body
    assert bot.outbox()[0].provider_message_id.startswith(f"{BUDI}:")


async def test_12_a_wrong_secret_is_403_and_a_repeated_update_is_one(
    bot, http, duties, fake_telegram
):
    update = fake_telegram.wrote("Halo")
    for wrong in ("", "wrong"):
        assert (await call(http, update, wrong)).status_code == 403
    assert not bot.calls()

    answers = [await call(http, update) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    await until(lambda: [row for row in bot.outbox() if row.state == "sent"])
    assert len(bot.calls()) == len(bot.messages("contact")) == len(fake_telegram.sent) == 1


async def test_8_a_429_is_waited_out_and_sent_once(bot, http, duties, fake_telegram):
    fake_telegram.will(Trouble(status=429, retry_after=2))
    start = asyncio.get_running_loop().time()

    await call(http, fake_telegram.wrote("Halo"))

    await until(lambda: [row for row in bot.outbox() if row.state == "sent"])
    assert asyncio.get_running_loop().time() - start >= 2
    assert len(fake_telegram.sent) == 1


async def test_a_revoked_token_rests_the_channel_and_keeps_the_answer(
    bot, http, duties, fake_telegram
):
    fake_telegram.revoke()

    await call(http, fake_telegram.wrote("Halo"))

    await until(lambda: bot.channel().state == "broken")
    assert bot.channel().problem == "channels_telegram.failed_token"


async def test_17_an_unknown_update_is_200_and_kept(bot, http, duties, fake_telegram):
    assert (await call(http, fake_telegram.update(chat_boost={"x": 1}))).status_code == 200

    (kept,) = await until(lambda: bot.rows(InboundEvent) and bot.rows(InboundEvent))
    await until(lambda: bot.calls()[0].done_at)
    assert "chat_boost" in kept.body


async def test_a_picture_comes_and_a_button_is_pressed(bot, http, duties, fake_telegram):
    from tests.web.test_chat import png

    fake_telegram.files["B"] = png((12, 10))
    photo = [{"file_id": "B", "width": 12, "height": 10}]
    update = fake_telegram.wrote("x", photo=photo, caption="ini kak")
    del update["message"]["text"]
    await call(http, update)
    await until(lambda: [m for m in bot.messages("contact") if m.attachment_id])
    press = {
        "id": "77",
        "from": {"id": int(BUDI), "is_bot": False, "first_name": "Budi"},
        "data": "yes",
        "message": {"message_id": 5, "chat": {"id": int(BUDI), "type": "private"}, "date": 1},
    }

    await call(http, fake_telegram.update(callback_query=press))

    await until(lambda: "yes" in [m.body for m in bot.messages("contact")])


async def test_without_https_updates_are_asked_for_kept_and_answered(
    bot, duties, fake_telegram, monkeypatch
):
    monkeypatch.setattr(ask_telegram, "WAIT_SECONDS", 1.0)
    asking = asyncio.create_task(ask_telegram.keep_asking())
    other = asyncio.create_task(ask_telegram.keep_asking())  # of another process: it stands by
    try:
        fake_telegram.wait(fake_telegram.wrote("Halo"))
        await until(lambda: [row for row in bot.outbox() if row.state == "sent"])
        assert len(fake_telegram.sent) == 1
        await until(lambda: not fake_telegram.waiting)
        fake_telegram.wait(fake_telegram.wrote("Terima kasih"))
        await until(lambda: len(bot.messages("contact")) == 2)
        fake_telegram.revoke()
        await until(lambda: bot.channel().state == "broken")
    finally:
        for task in (asking, other):
            task.cancel()
        await asyncio.wait([asking, other])
    assert len(bot.calls()) == 2
