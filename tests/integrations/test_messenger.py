"""Messenger and Instagram: their calls as events, and what goes out against a Graph on loopback."""

import re
from datetime import UTC, datetime
from inspect import getsource as source

import pytest

from chatrigo.i18n import translate
from chatrigo.integrations.channels import (
    graph,
    instagram,
    messaging,
    messaging_errors,
    messenger,
    wire,
)
from chatrigo.integrations.channels.port import (
    Account,
    Choice,
    EchoCame,
    File,
    Ignored,
    Media,
    MessageCame,
    Outgoing,
    Person,
    ReactionCame,
    SendFailed,
    StatusCame,
)
from tests.support.fake_messenger import (
    APP_SECRET,
    INSTAGRAM,
    PAGE,
    TOKEN,
    FakeMessenger,
    Trouble,
    error,
    fake_messenger,
    signature,
)

__all__ = ["fake_messenger"]

SECRETS = {"access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": "rahasia"}
ON_PAGE = Account("messenger", PAGE, SECRETS)
ON_INSTAGRAM = Account("instagram", INSTAGRAM, SECRETS)
BUDI = "6100000000000001"
AT = 1458692752478
WHEN = datetime.fromtimestamp(AT / 1000, UTC)


@pytest.fixture(autouse=True)
async def closed():
    yield
    await wire.close()


def body(*said, object_="page", id=PAGE, name="messaging"):
    return {"object": object_, "entry": [{"id": id, "time": AT, name: list(said)}]}


def said(**parts):
    return {"sender": {"id": BUDI}, "recipient": {"id": PAGE}, "timestamp": AT, **parts}


def read(**parts):
    (event,) = messenger.adapter.parse(ON_PAGE, body(said(**parts)))
    return event


def echo(account: Account = ON_PAGE, **message):
    parts = {
        "sender": {"id": PAGE},
        "recipient": {"id": BUDI},
        "timestamp": AT,
        "message": {"mid": "m_echo", "is_echo": True, **message},
    }
    (event,) = messenger.adapter.parse(account, body(parts))
    return event


def test_the_handshake_and_the_signature():
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    raw = '{"object":"page","entry":[],"x":"makasih 😀 é"}'.encode()
    headers = {name.lower(): value for name, value in signature(raw).items()}

    for adapter in (messenger.adapter, instagram.adapter):
        known = adapter.challenge(ON_PAGE, {**query, "hub.verify_token": "rahasia"})
        assert known == "1158201444"
        assert adapter.challenge(ON_PAGE, {**query, "hub.verify_token": "x"}) is None
        assert adapter.verify(ON_PAGE, headers, raw)
        assert not adapter.verify(ON_PAGE, headers, raw + b" ")
        assert not adapter.verify(ON_PAGE, {}, raw)


def test_a_text_and_a_quick_reply():
    mid = "m_1457764197618:41d102a3e1ae206a38"
    plain = read(message={"mid": mid, "text": "hello, world!"})
    chosen = read(message={"mid": mid, "text": "Ya", "quick_reply": {"payload": "DEV_PAYLOAD"}})

    assert plain == MessageCame(mid, Person(BUDI), WHEN, "hello, world!")
    assert (chosen.kind, chosen.choice, chosen.body) == ("choice", "DEV_PAYLOAD", "Ya")


def test_a_picture_on_instagram():
    url = "https://lookaside.fbsbx.com/x"
    parts = said(message={"mid": "aWdf", "attachments": [image(url)]})
    parts["recipient"] = {"id": INSTAGRAM}
    call = body(parts, object_="instagram", id=INSTAGRAM)

    (event,) = instagram.adapter.parse(ON_INSTAGRAM, call)

    assert (event.kind, event.media) == ("image", (Media("image", url),))
    assert isinstance(messenger.adapter.parse(ON_PAGE, call)[0], Ignored)


def image(url: str):
    return {"type": "image", "payload": {"url": url}}


@pytest.mark.parametrize(
    ("attachments", "kind", "text"),
    [
        ([{"type": "audio", "payload": {"url": "https://x.fbcdn.net/a"}}], "audio", ""),
        ([{"type": "video", "payload": {"url": "https://x.fbcdn.net/a"}}], "video", ""),
        ([{"type": "file", "payload": {"url": "https://x.fbcdn.net/a"}}], "document", ""),
        ([{"type": "image", "payload": {"url": "https://x", "sticker_id": 3}}], "image", ""),
        ([{"type": "share", "payload": {"url": "https://ig/p/1"}}], "text", "https://ig/p/1"),
        (
            [{"type": "ig_post", "payload": {"title": "Promo", "url": "https://ig/p/1"}}],
            "text",
            "Promo\nhttps://ig/p/1",
        ),
        (
            [{"type": "story_mention", "payload": {"url": "https://x.fbcdn.net/s"}}],
            "unsupported",
            "",
        ),
        ([{"type": "fallback"}], "unsupported", ""),
        ([{"type": "appointment_booking", "payload": {}}], "unsupported", ""),
    ],
)
def test_attachments(attachments, kind, text):
    event = read(message={"mid": "m_1", "attachments": attachments})

    assert (event.kind, event.body) == (kind, text)


def test_replies_to_a_message_and_to_a_story():
    plain = read(message={"mid": "m_2", "text": "yang ini", "reply_to": {"mid": "m_1"}})
    story = {"id": "1", "url": "https://x.fbcdn.net/s"}
    to_story = read(message={"mid": "m_2", "text": "harga?", "reply_to": {"story": story}})

    assert plain.reply_to == "m_1"
    assert to_story.about == {"story": "https://x.fbcdn.net/s"}


def test_a_pressed_button():
    event = read(
        postback={"mid": "m_p", "title": "Mulai", "payload": "START", "referral": {"a": 1}}
    )

    assert (event.kind, event.choice, event.body) == ("choice", "START", "Mulai")
    assert event.about == {"referral": {"a": 1}}
    assert read(postback={"payload": "START"}).message_id == f"postback:{BUDI}:{AT}"


def test_13_an_echo_from_another_app_is_a_take_over_and_our_own_is_ignored():
    assert echo(text="Sebentar ya kak", app_id=263902037430900) == EchoCame(
        "m_echo", Person(BUDI), WHEN, "Sebentar ya kak"
    )
    assert echo(text="Halo", metadata="chatrigo:k1") == Ignored("our own echo")
    ours = Account("messenger", PAGE, SECRETS, {"app_id": "77"})
    assert echo(ours, text="Halo", app_id=77) == Ignored("our own echo")
    assert isinstance(echo(ours, text="Halo", app_id=78), EchoCame)


def test_statuses_reactions_and_edits():
    (one, two) = messenger.adapter.parse(
        ON_PAGE, body(said(delivery={"mids": ["m_a", "m_b"], "watermark": AT}))
    )

    assert (one, two) == (
        StatusCame("m_a", "delivered", WHEN),
        StatusCame("m_b", "delivered", WHEN),
    )
    assert read(read={"mid": "m_a"}) == StatusCame("m_a", "read", WHEN)
    assert isinstance(read(read={"watermark": AT}), Ignored)
    assert isinstance(read(delivery={"watermark": AT}), Ignored)
    liked = {"mid": "m_a", "action": "react", "emoji": "❤"}
    assert read(reaction=liked) == ReactionCame(Person(BUDI), "m_a", "❤", WHEN)
    assert read(reaction={**liked, "action": "unreact"}).emoji == ""
    assert read(message_edit={"mid": "m_a", "text": "2 ya", "num_edit": 1}).edits == "m_a"


@pytest.mark.parametrize(
    "call",
    [
        None,
        [],
        {"object": "page"},
        {"object": "page", "entry": [None]},
        body(said(message={"mid": "m"}), id="999"),
        body(said(message={"mid": "m", "is_deleted": True})),
        body(said(message={"text": "tanpa mid"})),
        body(said(message=None)),
        body(said(message={"mid": "m", "text": "x"}, timestamp="kemarin")),
        body(said(optin={})),
        body(said(pass_thread_control={})),
        body(None),
        body(said(message={"mid": "m", "text": "x"}), name="standby"),
        body({"field": "comments", "value": {"text": "harga?"}}, name="changes"),
    ],
)
def test_17_what_is_unknown_broken_or_not_ours_is_ignored(call):
    events = messenger.adapter.parse(ON_PAGE, call)

    assert events
    assert all(isinstance(event, Ignored) for event in events)


def test_16_a_batch_is_read_whole_past_what_is_broken():
    call = {"object": "page", "entry": [{"id": PAGE, "messaging": [said(message=None)]}]}
    for number in range(3):
        said_ = said(message={"mid": f"m_{number}", "text": "x"})
        call["entry"].append({"id": PAGE, "messaging": [said_, said(read={"mid": "m_o"})]})

    events = messenger.adapter.parse(ON_PAGE, call)

    assert [event.message_id for event in events if isinstance(event, MessageCame)] == [
        "m_0",
        "m_1",
        "m_2",
    ]
    assert sum(isinstance(event, StatusCame) for event in events) == 3


async def failure(outgoing: Outgoing, adapter=messenger.adapter, account=ON_PAGE) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await adapter.send(account, outgoing)
    return caught.value


async def test_a_text_with_buttons_goes_out(fake_messenger: FakeMessenger):
    choices = (Choice("yes", "Ya"), Choice("human", "Bicara admin"))

    sent = await messenger.adapter.send(ON_PAGE, Outgoing("k1", BUDI, "Lanjut?", choices=choices))

    (out,) = fake_messenger.sent
    assert out["recipient"] == {"id": BUDI}
    assert out["messaging_type"] == "RESPONSE"
    assert out["message"] == {
        "text": "Lanjut?",
        "metadata": "chatrigo:k1",
        "quick_replies": [
            {"content_type": "text", "title": "Ya", "payload": "yes"},
            {"content_type": "text", "title": "Bicara admin", "payload": "human"},
        ],
    }
    assert sent.message_id == "m_ours_1"


async def test_a_picture_goes_by_its_bytes_and_its_words_after_it(fake_messenger: FakeMessenger):
    file = File("image", b"png", "image/png", "qris.png")

    sent = await instagram.adapter.send(ON_INSTAGRAM, Outgoing("k", BUDI, "QRIS kak", file=file))

    picture, words = fake_messenger.sent
    id = picture["message"]["attachment"]["payload"]["attachment_id"]
    assert fake_messenger.uploads[id][1] == b"png"
    assert words["message"] == {"text": "QRIS kak"}
    assert sent.message_id == "m_ours_2"


async def test_words_that_fail_after_their_picture_are_not_sent_again(fake_messenger):
    fake_messenger.will(Trouble(), error(2, 500))
    file = File("image", b"png", "image/png")

    found = await failure(Outgoing("k", BUDI, "QRIS kak", file=file))

    assert (found.advice, found.key) == ("unknown", "channels_messenger.failed_half")


async def test_instagram_takes_no_documents(fake_messenger: FakeMessenger):
    file = File("document", b"%PDF", "application/pdf")

    found = await failure(Outgoing("k", BUDI, file=file), instagram.adapter, ON_INSTAGRAM)

    assert found.key == "channels_messenger.failed_documents"
    assert not fake_messenger.uploads


@pytest.mark.parametrize(
    ("trouble", "advice", "word"),
    [
        (error(190, 401), "auth", "token"),
        (error(190, 200), "auth", "token"),
        (error(200, 403), "auth", "permission"),
        (error(10, message="(#10) App is not the thread owner"), "refused", "owner"),
        (
            error(10, message="(#10) This message is sent outside of allowed window."),
            "window",
            "window",
        ),
        (error(10, subcode=2018278), "window", "window"),
        (error(551), "person", "person"),
        (error(100, subcode=2018001), "person", "person"),
        (error(100), "refused", "refused"),
        (error(368), "account", "restricted"),
        (error(613), "wait", "busy"),
        (error(2, 500), "retry", "meta"),
        (error(99999), "refused", "refused"),
        (Trouble(502, b"<html>"), "unknown", "silent"),
        (Trouble(429, b""), "wait", "busy"),
        (Trouble(drop=True), "unknown", "silent"),
    ],
)
async def test_what_a_failure_asks_of_us(fake_messenger, trouble, advice, word):
    fake_messenger.will(trouble)

    found = await failure(Outgoing("k", BUDI, "Halo"))

    assert (found.advice, found.key) == (advice, f"channels_messenger.failed_{word}")


async def test_9_no_answer_after_sending_is_unknown(fake_messenger, monkeypatch):
    monkeypatch.setattr(graph, "SECONDS", 0.3)
    fake_messenger.will(Trouble(hang=5))

    assert (await failure(Outgoing("k", BUDI, "Halo"))).advice == "unknown"
    assert len(fake_messenger.sent) == 1


async def test_after_24_hours_only_a_person_with_metas_approval_may_write(fake_messenger, setting):
    fake_messenger.window_closed = True
    by_person = Outgoing("k", BUDI, "Kami lanjutkan ya kak", by_person=True)
    assert (await failure(by_person)).advice == "window"
    setting(meta_human_agent=True)

    await messenger.adapter.send(ON_PAGE, by_person)

    assert (await failure(Outgoing("k", BUDI, "Halo"))).advice == "window"
    (out,) = fake_messenger.sent
    assert (out["messaging_type"], out["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


async def test_14_limits_of_texts_are_those_of_the_channel(fake_messenger: FakeMessenger):
    for kind, adapter in (("page", messenger.adapter), ("instagram", instagram.adapter)):
        fake_messenger.object = kind
        most = adapter.limits.text
        await adapter.send(ON_PAGE, Outgoing("k", BUDI, "a" * most))
        found = await failure(Outgoing("k", BUDI, "a" * (most + 1)), adapter)
        assert found.advice == "refused"


async def test_seen_and_typing(fake_messenger: FakeMessenger):
    await messenger.adapter.seen(ON_PAGE, BUDI, "m_1", typing=True)

    assert [each["sender_action"] for each in fake_messenger.actions] == ["mark_seen", "typing_on"]
    fake_messenger.token = "another"
    await messenger.adapter.seen(ON_PAGE, BUDI, "m_1", typing=True)  # and says nothing of it


async def test_a_file_is_fetched_from_metas_servers_alone(fake_messenger: FakeMessenger):
    fake_messenger.files["/cdn/a.jpg"] = b"jpeg"

    media = Media("image", f"{fake_messenger.url}/cdn/a.jpg")
    assert await messenger.adapter.fetch(ON_PAGE, media, 100) == b"jpeg"
    for reference, most in ((media.reference, 3), ("https://evil.example/a", 100)):
        with pytest.raises(SendFailed) as caught:
            await messenger.adapter.fetch(ON_PAGE, Media("image", reference), most)
        assert caught.value.advice == "refused"


async def test_how_a_page_and_an_account_are(fake_messenger: FakeMessenger):
    for adapter, account in ((messenger.adapter, ON_PAGE), (instagram.adapter, ON_INSTAGRAM)):
        await adapter.subscribe(account, "https://chat.example/hooks/x")
        health = await adapter.check(account)
        assert health.well
        assert health.about["external_id"] == account.external_id
        await adapter.subscribe(account, "")
        health = await adapter.check(account)
        assert health.steps["webhook"] == "channels_messenger.not_subscribed"
    fake_messenger.instagram = {}
    health = await instagram.adapter.check(ON_INSTAGRAM)
    assert health.steps["account"] == "channels_messenger.no_instagram"
    health = await messenger.adapter.check(Account("messenger", "1", SECRETS))
    assert health.steps["account"] == "channels_messenger.other_account"
    assert health.about["external_id"] == "1"
    fake_messenger.token = "another"
    health = await messenger.adapter.check(ON_PAGE)
    assert health.steps["token"] == "channels_messenger.failed_token"


def test_every_failure_has_its_sentence():
    words = {word for _, word, _ in messaging_errors.TABLE.values()}
    words |= set(re.findall(r'failed\("\w+", "(\w+)"', source(messaging)))
    for word in {"token", "window", "silent", "no_file"} | words:
        assert translate(f"channels_messenger.failed_{word}", "id")
