"""Telegram against a Bot API on loopback: what goes out, what failures mean, how a bot is."""

import asyncio
import io
import re
import time
from inspect import getsource as source

import pytest
from PIL import Image

from chatrigo.config import settings
from chatrigo.i18n import translate
from chatrigo.integrations.channels import telegram, telegram_api, wire
from chatrigo.integrations.channels.port import Account, Choice, File, Media, Outgoing, SendFailed
from chatrigo.integrations.channels.telegram import adapter
from tests.support.fake_telegram import BOT_ID, TOKEN, FakeTelegram, Trouble, fake_telegram

__all__ = ["fake_telegram"]

ACCOUNT = Account("telegram", str(BOT_ID), {"token": TOKEN, "hook_secret": "Abc_123-xyz"})
BUDI = "814999112"


@pytest.fixture(autouse=True)
async def closed():
    yield
    await wire.close()


@pytest.fixture
def over_https(monkeypatch):
    monkeypatch.setitem(settings.__dict__, "origin", "https://chat.example")


def picture(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height)).save(out, "PNG")
    return out.getvalue()


async def failure(outgoing: Outgoing, account: Account = ACCOUNT) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await adapter.send(account, outgoing)
    return caught.value


def text(body: str = "Halo kak", **more) -> Outgoing:
    return Outgoing("k1", BUDI, body, **more)


async def test_a_text_goes_out_as_it_was_written(fake_telegram: FakeTelegram):
    body = "Harga <b>Rp45.000</b> _promo_ *hari ini* 😀 https://kopi.example"

    sent = await adapter.send(ACCOUNT, text(body, reply_to=f"{BUDI}:30"))

    call = fake_telegram.sent[-1]
    assert call.method == "sendMessage"
    assert call.values == {
        "chat_id": 814999112,
        "text": body,
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {"message_id": 30, "allow_sending_without_reply": True},
    }
    assert sent.message_id == f"{BUDI}:101"


async def test_buttons_stand_under_the_text(fake_telegram: FakeTelegram):
    choices = (Choice("order:12:confirm", "Ya"), Choice("human", "Bicara admin"))

    await adapter.send(ACCOUNT, text("Lanjut?", choices=choices))

    assert fake_telegram.sent[-1].values["reply_markup"]["inline_keyboard"] == [
        [{"text": "Ya", "callback_data": "order:12:confirm"}],
        [{"text": "Bicara admin", "callback_data": "human"}],
    ]


async def test_a_button_whose_id_is_too_long_is_refused_before_sending(fake_telegram: FakeTelegram):
    found = await failure(text(choices=(Choice("é" * 33, "Ya"),)))

    assert (found.advice, found.key) == ("refused", "channels_telegram.failed_choices")
    assert not fake_telegram.calls


async def test_an_empty_text_is_refused_before_sending(fake_telegram: FakeTelegram):
    assert (await failure(text(" \n"))).advice == "refused"
    assert not fake_telegram.calls


async def test_in_the_owners_own_chats_the_answer_goes_through_their_connection(
    fake_telegram: FakeTelegram,
):
    sent = await adapter.send(ACCOUNT, Outgoing("k", f"{BUDI}@bc-1", "Ready kak"))

    assert fake_telegram.sent[-1].values["business_connection_id"] == "bc-1"
    assert fake_telegram.sent[-1].values["chat_id"] == 814999112
    assert sent.message_id == f"{BUDI}@bc-1:101"


@pytest.mark.parametrize(
    ("file", "method"),
    [
        (File("image", picture(), "image/png", "qris.png"), "sendPhoto"),
        (File("image", picture(2100, 100), "image/png"), "sendDocument"),
        (File("image", picture(9000, 2000), "image/png"), "sendDocument"),
        (File("image", b"not a picture", "image/png"), "sendDocument"),
        (File("image", picture() + b"\0" * (10 * 1024 * 1024), "image/png"), "sendDocument"),
        (File("audio", b"OggS", "audio/ogg; codecs=opus"), "sendVoice"),
        (File("audio", b"ID3", "audio/mpeg"), "sendAudio"),
        (File("audio", b"RIFF", "audio/wav"), "sendDocument"),
        (File("video", b"mp4", "video/mp4"), "sendVideo"),
        (File("document", b"%PDF", "application/pdf", "Menü — kopi.pdf"), "sendDocument"),
    ],
)
async def test_a_file_goes_out_by_its_bytes(fake_telegram: FakeTelegram, file: File, method: str):
    await adapter.send(ACCOUNT, Outgoing("k", BUDI, "Ini kak", file=file))

    call = fake_telegram.sent[-1]
    assert call.method == method
    (name, _, content), *_ = call.files.values()
    assert content == file.content
    assert name
    assert call.values == {"chat_id": BUDI, "caption": "Ini kak"}


async def test_a_file_above_what_telegram_takes_is_refused_before_sending(
    fake_telegram: FakeTelegram,
):
    file = File("document", bytes(50 * 1024 * 1024 + 1), "application/pdf")

    assert (await failure(text("", file=file))).key == "channels_telegram.failed_too_big"
    assert not fake_telegram.calls


async def test_8_telegram_429_waits_the_time_it_names_and_nothing_is_doubled(
    fake_telegram: FakeTelegram,
):
    fake_telegram.will(Trouble(status=429, retry_after=14))

    found = await failure(text())

    assert (found.advice, found.retry_after) == ("wait", 14)
    assert not fake_telegram.sent
    await adapter.send(ACCOUNT, text())
    assert len(fake_telegram.sent) == 1


@pytest.mark.parametrize(
    ("trouble", "advice", "key"),
    [
        (Trouble(403, "Forbidden: bot was blocked by the user"), "person", "blocked"),
        (Trouble(403, "Forbidden: user is deactivated"), "person", "deleted"),
        (
            Trouble(403, "Forbidden: bot can't initiate conversation with a user"),
            "person",
            "never_wrote",
        ),
        (Trouble(400, "Bad Request: chat not found"), "person", "unknown_person"),
        (Trouble(400, "Bad Request: BUSINESS_CONNECTION_INVALID"), "person", "business_ended"),
        (Trouble(400, "Bad Request: BUSINESS_PEER_USAGE_MISSING"), "window", "business_window"),
        (Trouble(400, "Bad Request: something new"), "refused", "refused"),
        (Trouble(401, "Unauthorized"), "auth", "token"),
        (Trouble(500, "Internal Server Error"), "retry", "trouble"),
        (Trouble(502, "Bad Gateway"), "retry", "trouble"),
        (Trouble(429, retry_after=3, inside_200=True), "wait", "too_fast"),
        (Trouble(401, "Unauthorized", inside_200=True), "auth", "token"),
        (Trouble(nonsense=True), "unknown", "nonsense"),
        (Trouble(drop=True), "unknown", "silent"),
    ],
)
async def test_what_a_failure_asks_of_us(
    fake_telegram: FakeTelegram, trouble: Trouble, advice: str, key: str
):
    fake_telegram.will(trouble)

    found = await failure(text())

    assert (found.advice, found.key) == (advice, f"channels_telegram.failed_{key}")


async def test_9_no_answer_after_sending_is_unknown(fake_telegram: FakeTelegram, monkeypatch):
    monkeypatch.setattr("chatrigo.integrations.channels.telegram_api.SECONDS", 0.2)
    fake_telegram.will(Trouble(hang=5))

    assert (await failure(text())).advice == "unknown"
    assert len(fake_telegram.sent) == 1
    assert await adapter.find(ACCOUNT, text()) is None


async def test_what_never_left_may_be_sent_again(setting):
    setting(telegram_base="http://127.0.0.1:9")

    assert (await failure(text())).advice == "retry"


async def test_a_token_revoked_in_mid_send_is_told_apart(fake_telegram: FakeTelegram):
    await adapter.send(ACCOUNT, text())
    fake_telegram.revoke()

    found = await failure(text())

    assert (found.advice, found.code) == ("auth", "401")
    assert TOKEN not in f"{found} {found.details}"


async def test_what_is_no_token_is_sent_nowhere(fake_telegram: FakeTelegram):
    account = Account("telegram", "1", {"token": "../../x"})

    assert (await failure(text(), account)).advice == "auth"
    assert not fake_telegram.calls


async def test_a_chat_with_a_new_id_is_followed(fake_telegram: FakeTelegram):
    fake_telegram.will(Trouble(status=400, migrate_to=-100123))

    await adapter.send(ACCOUNT, text())

    assert [call.values["chat_id"] for call in fake_telegram.sent] == [-100123]


async def test_seen_shows_typing_and_answers_a_pressed_button(fake_telegram: FakeTelegram):
    await adapter.seen(ACCOUNT, f"{BUDI}@bc-1", "callback:4382", typing=True)
    await adapter.seen(ACCOUNT, BUDI, f"{BUDI}:30", typing=False)

    assert [call.values for call in fake_telegram.calls] == [
        {"callback_query_id": "4382"},
        {"chat_id": 814999112, "business_connection_id": "bc-1", "action": "typing"},
    ]
    fake_telegram.revoke()
    await adapter.seen(ACCOUNT, BUDI, "callback:1", typing=True)  # and says nothing of it


async def test_a_file_of_a_customers_is_fetched(fake_telegram: FakeTelegram):
    fake_telegram.files["A"] = b"nota" * 1000

    assert await adapter.fetch(ACCOUNT, Media("image", "A"), 10_000) == b"nota" * 1000


@pytest.mark.parametrize(
    ("name", "most", "key"),
    [("A", 100, "too_big"), ("B", 1000, "file"), ("C", 30 * 1024 * 1024, "too_big")],
)
async def test_a_file_that_we_do_not_take(fake_telegram: FakeTelegram, name, most, key):
    fake_telegram.files["A"] = bytes(101)
    fake_telegram.files["C"] = bytes(21 * 1024 * 1024)

    with pytest.raises(SendFailed) as caught:
        await adapter.fetch(ACCOUNT, Media("image", name), most)

    assert caught.value.advice == "refused"
    assert caught.value.key == f"channels_telegram.failed_{key}"


async def test_connecting_with_https_has_telegram_call_us(fake_telegram: FakeTelegram, over_https):

    await adapter.subscribe(ACCOUNT, "https://chat.example/hooks/7f3c")

    assert fake_telegram.webhook["url"] == "https://chat.example/hooks/7f3c"
    assert fake_telegram.webhook["secret_token"] == "Abc_123-xyz"
    assert "callback_query" in fake_telegram.webhook["allowed_updates"]
    health = await adapter.check(ACCOUNT)
    assert health.well
    assert health.about["external_id"] == str(BOT_ID)
    assert health.about["username"] == "kopi_uji_bot"
    await adapter.subscribe(ACCOUNT, "")
    assert not fake_telegram.webhook
    assert (await adapter.check(ACCOUNT)).steps["webhook"] == "channels_telegram.webhook_missing"


async def test_without_https_updates_are_asked_for(fake_telegram: FakeTelegram):
    await adapter.subscribe(ACCOUNT, "http://localhost:3000/hooks/7f3c")
    fake_telegram.wait(first := fake_telegram.wrote("Halo"))
    fake_telegram.wait(second := fake_telegram.wrote("Ready kak?"))

    assert await adapter.updates(ACCOUNT, 0, 5) == [first, second]
    assert await adapter.updates(ACCOUNT, first["update_id"], 5) == [second]
    assert (await adapter.check(ACCOUNT)).well
    started = time.monotonic()
    asking = asyncio.create_task(adapter.updates(ACCOUNT, second["update_id"], 5))
    await asyncio.sleep(0.05)
    fake_telegram.wait(third := fake_telegram.wrote("Halo?"))
    assert await asking == [third]
    assert time.monotonic() - started < 3


async def test_a_webhook_elsewhere_is_told(fake_telegram: FakeTelegram):
    fake_telegram.webhook = {"url": "https://other.example/x", "secret_token": "x"}

    assert (await adapter.check(ACCOUNT)).steps["webhook"] == "channels_telegram.webhook_elsewhere"
    with pytest.raises(SendFailed) as caught:
        await adapter.updates(ACCOUNT, 0, 0)
    assert caught.value.key == "channels_telegram.failed_elsewhere"


async def test_a_webhook_that_fails_is_told(fake_telegram: FakeTelegram, over_https):
    await adapter.subscribe(ACCOUNT, "https://chat.example/hooks/7f3c")
    fake_telegram.last_error = "Wrong response from the webhook: 502 Bad Gateway"

    health = await adapter.check(ACCOUNT)

    assert health.steps["webhook"] == "channels_telegram.webhook_fails"
    assert "502" in health.about["last_error"]


async def test_a_dead_token_is_told_by_the_check(fake_telegram: FakeTelegram):
    fake_telegram.revoke()

    health = await adapter.check(ACCOUNT)

    assert health.steps == {"token": "channels_telegram.failed_token"}


def test_every_failure_has_its_sentence():
    """A key is put together in telegram_api.failed; so each must be in the catalogue."""
    keys = {key for _, _, key in telegram_api.WORDS} | set(
        re.findall(r'failed\(\s*"\w+",\s*"(\w+)"', source(telegram_api) + source(telegram))
    )

    assert {"token", "too_fast", "empty", "nonsense"} <= keys
    for key in (*keys, "unreached", "silent", "no_file"):
        assert translate(f"channels_telegram.failed_{key}", "id")
