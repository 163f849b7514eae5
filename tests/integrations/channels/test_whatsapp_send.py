"""What goes out to WhatsApp, tried against a Graph API that refuses what Meta refuses."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from chatrigo.config import ROOT
from chatrigo.i18n import translate
from chatrigo.integrations.channels import graph as graph_calls
from chatrigo.integrations.channels import whatsapp_errors, wire
from chatrigo.integrations.channels.port import (
    Account,
    Choice,
    File,
    Media,
    Outgoing,
    SendFailed,
    Template,
)
from chatrigo.integrations.channels.whatsapp import adapter
from tests.support.fake_graph import FakeGraph, Scripted, drop, error, error_inside, hang
from tests.support.graph_shapes import APP_SECRET, CUSTOMER, NUMBER, TOKEN, USER, VERIFY_TOKEN, WABA

SECRETS = {"access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN}
ACCOUNT = Account("whatsapp", NUMBER, SECRETS, {"waba_id": WABA})
HELLO = Outgoing("out:1", f"phone:{CUSTOMER}", "Halo kak, stok masih ada ya")
PICTURE = File("image", b"\x89PNG...", "image/png", "qris.png")
FOUR = tuple(Choice(f"r{n}", f"Baris {n}", "Rp45.000") for n in range(4))


@pytest.fixture
async def graph(setting: Callable[..., None]) -> AsyncIterator[FakeGraph]:
    with FakeGraph() as fake:
        setting(graph_base=fake.base)
        yield fake
        await wire.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_calls, "SECONDS", 0.2)


async def failure_of(outgoing: Outgoing = HELLO, account: Account = ACCOUNT) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await adapter.send(account, outgoing)
    return caught.value


async def test_a_text_goes_out_with_our_key(graph: FakeGraph):
    sent = await adapter.send(ACCOUNT, replace(HELLO, reply_to="wamid.IN1"))

    assert sent.message_id.startswith("wamid.OUT")
    assert graph.sent == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": CUSTOMER,
            "biz_opaque_callback_data": "out:1",
            "context": {"message_id": "wamid.IN1"},
            "type": "text",
            "text": {"body": "Halo kak, stok masih ada ya", "preview_url": False},
        }
    ]


@pytest.mark.parametrize(("field", "other"), [("recipient", "to"), ("to", "recipient")])
async def test_7_a_customer_without_a_number_is_answered_by_their_id(
    graph: FakeGraph, setting: Callable[..., None], field: str, other: str
):
    setting(whatsapp_user_field=field)
    if field == "to":
        graph.script.append(Scripted(200, {"messages": [{"id": "wamid.1"}]}))

    await adapter.send(ACCOUNT, replace(HELLO, to=f"user:{USER}"))

    body = graph.asked("/messages")[0].body
    assert body[field] == USER
    assert other not in body


@pytest.mark.parametrize(
    ("kind", "mime"),
    [
        ("image", "image/png"),
        ("audio", "audio/ogg; codecs=opus"),
        ("video", "video/mp4"),
        ("document", "application/pdf"),
        ("sticker", "image/webp"),
    ],
)
async def test_files_are_uploaded_first(graph: FakeGraph, kind: Any, mime: str):
    says = "" if kind in ("audio", "sticker") else "QRIS Rp275.000"
    file = File(kind, b"isi berkas", mime, "nota.pdf" if kind == "document" else "")

    await adapter.send(ACCOUNT, replace(HELLO, body=says, file=file))

    [sent], [(id, content)] = graph.sent, graph.uploads.items()
    assert content == b"isi berkas"
    wanted = {"id": id, **({"caption": says} if says else {})}
    assert sent[kind] == {**wanted, **({"filename": "nota.pdf"} if kind == "document" else {})}


async def test_a_file_that_meta_lost_is_uploaded_again_once(graph: FakeGraph):
    graph.script.append(error(131053))
    await adapter.send(ACCOUNT, replace(HELLO, file=PICTURE))
    assert len(graph.uploads) == 2
    assert len(graph.sent) == 1

    graph.script += [error(131053), error(131053)]
    failure = await failure_of(replace(HELLO, file=PICTURE))
    assert (failure.advice, failure.key) == ("refused", "channels_whatsapp.failed_upload")
    assert len(graph.sent) == 1


async def test_an_upload_without_an_answer_has_sent_nothing(graph: FakeGraph, impatient: None):
    graph.upload_script.append(Scripted(delay=2, drop=True))

    assert (await failure_of(replace(HELLO, file=PICTURE))).advice == "retry"

    graph.upload_script.append(Scripted(502, b"<html>bad gateway</html>"))
    assert (await failure_of(replace(HELLO, file=PICTURE))).advice == "retry"
    assert graph.asked("/messages") == []


async def test_buttons_lists_and_a_picture_above_buttons(graph: FakeGraph):
    two = (Choice("yes", "Ya"), Choice("human", "Bicara admin"))

    await adapter.send(ACCOUNT, replace(HELLO, choices=two, file=PICTURE))
    await adapter.send(ACCOUNT, replace(HELLO, choices=FOUR, list_button="Lihat"))

    buttons, rows = (sent["interactive"] for sent in graph.sent)
    assert buttons["type"] == "button"
    assert buttons["header"]["image"] == {"id": next(iter(graph.uploads))}
    assert [b["reply"]["title"] for b in buttons["action"]["buttons"]] == ["Ya", "Bicara admin"]
    assert rows["action"]["button"] == "Lihat"
    assert rows["action"]["sections"][0]["rows"][3] == {
        "id": "r3",
        "title": "Baris 3",
        "description": "Rp45.000",
    }


async def test_a_template_with_all_its_variables(graph: FakeGraph):
    template = Template(
        "order_update",
        "id",
        body=("Budi", "INV-12"),
        buttons=("0:quick_reply:confirm", "1:url:inv-12"),
        header_media=PICTURE,
    )

    await adapter.send(ACCOUNT, replace(HELLO, body="", template=template))

    assert graph.sent[0]["template"] == {
        "name": "order_update",
        "language": {"code": "id"},
        "components": [
            {
                "type": "header",
                "parameters": [{"type": "image", "image": {"id": next(iter(graph.uploads))}}],
            },
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "Budi"},
                    {"type": "text", "text": "INV-12"},
                ],
            },
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "confirm"}],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "1",
                "parameters": [{"type": "text", "text": "inv-12"}],
            },
        ],
    }


ELEVEN = tuple(Choice(f"r{n}", f"Baris {n}") for n in range(11))
TOO_MUCH = {
    "text": replace(HELLO, body="a" * 4097),
    "empty": replace(HELLO, body=" "),
    "key": replace(HELLO, key="k" * 513),
    "rows": replace(HELLO, choices=ELEVEN),
    "choices": replace(HELLO, choices=(Choice("a", "Dua puluh satu huruf!"),)),
    "body": replace(HELLO, body="a" * 1025, choices=FOUR),
    "list_file": replace(HELLO, choices=FOUR, file=PICTURE),
    "caption": replace(HELLO, body="a" * 1025, file=PICTURE),
    "file_size": replace(HELLO, file=replace(PICTURE, content=b"a" * (5 * 1024 * 1024 + 1))),
    "file_kind": replace(HELLO, file=replace(PICTURE, mime="image/gif")),
    "itself": replace(HELLO, to="siapa?"),
    "template_count": replace(HELLO, template=Template("a", "id", body=("",))),
    "template_format": replace(HELLO, template=Template("a", "id", body=("a\nb",))),
    "template_long": replace(HELLO, template=Template("a", "id", body=("a" * 1025,))),
    "template_missing": replace(HELLO, template=Template("", "id")),
}
MORE_CHOICES = [
    (Choice("a" * 257, "Ya"),),
    (Choice("a", "Ya"), Choice("a", "Tidak")),
    (Choice("", "Ya"),),
    (Choice("a", " "),),
    (Choice("a", "Ya", "k" * 73),),
    (*FOUR, Choice("x", "Dua puluh lima huruf !!!!")),
    (*FOUR, Choice("a" * 201, "Ya")),
]


@pytest.mark.parametrize("word", TOO_MUCH)
async def test_14_what_meta_would_refuse_is_refused_before_sending(graph: FakeGraph, word: str):
    failure = await failure_of(TOO_MUCH[word])

    assert (failure.advice, failure.key) == ("refused", f"channels_whatsapp.failed_{word}")
    assert graph.calls == []


@pytest.mark.parametrize("choices", MORE_CHOICES)
async def test_14_choices_are_measured(graph: FakeGraph, choices: tuple[Choice, ...]):
    assert (await failure_of(replace(HELLO, choices=choices))).key.endswith("failed_choices")
    assert graph.calls == []


async def test_the_longest_that_is_allowed_goes_out(graph: FakeGraph):
    await adapter.send(ACCOUNT, replace(HELLO, body="a" * 4096))
    await adapter.send(ACCOUNT, replace(HELLO, body="a" * 1024, choices=ELEVEN[:10]))
    await adapter.send(ACCOUNT, replace(HELLO, body="a" * 1024, file=PICTURE))

    assert len(graph.sent) == 3


@pytest.mark.parametrize("code", sorted(set(whatsapp_errors.TABLE) - set(range(201, 299))))
async def test_6_every_error_of_metas_is_a_sentence_and_an_advice(graph: FakeGraph, code: int):
    """In the answer and in a status alike; the window's (131047) asks for a template."""
    advice, _, wait = whatsapp_errors.TABLE[code]
    if code == 131053:
        graph.script.append(error(code))
    graph.script.append(error(code))

    failure = await failure_of(replace(HELLO, file=PICTURE if code == 131053 else None))
    later = whatsapp_errors.from_status([{"code": code, "error_data": {"details": "d"}}])

    for each in (failure, later):
        assert (each.advice, each.retry_after, each.code) == (advice, wait, str(code))
        for locale in ("id", "en"):
            assert translate(each.key, locale) != each.key
    assert whatsapp_errors.TABLE[131047][0] == "window"


def test_every_sentence_that_is_named_in_the_code_is_written():
    words = {word for _, word, _ in whatsapp_errors.TABLE.values()} | set(TOO_MUCH)
    for word in words:
        assert translate(f"channels_whatsapp.failed_{word}", "id")
    for path in (ROOT / "chatrigo/integrations/channels").glob("whatsapp*.py"):
        for key in path.read_text().split('"'):
            if key.startswith("channels_whatsapp.") and "{" not in key:
                assert translate(key, "id") != key


async def test_8_too_fast_says_how_long_to_wait(graph: FakeGraph):
    graph.script.append(error(130429, status=429))
    busy = await failure_of()
    assert (busy.advice, busy.retry_after) == ("wait", 5)

    slower = error(130429, status=429)
    slower.headers["Retry-After"] = "17"
    graph.script += [slower, error(131056)]
    assert (await failure_of()).retry_after == 17
    assert (await failure_of()).retry_after == 6
    assert graph.sent == []


@pytest.mark.parametrize("script", [hang(2), drop()])
async def test_9_silence_after_sending_is_unknown_and_nothing_is_repeated(
    graph: FakeGraph, impatient: None, script: Scripted
):
    graph.script.append(script)

    failure = await failure_of()

    assert (failure.advice, failure.key) == ("unknown", "channels_whatsapp.failed_unknown")
    assert len(graph.sent) == len(graph.asked("/messages")) == 1
    assert await adapter.find(ACCOUNT, HELLO) is None


async def test_no_server_is_no_message(setting: Callable[..., None]):
    setting(graph_base="http://127.0.0.1:9")

    assert (await failure_of()).advice == "retry"
    await wire.close()


@pytest.mark.parametrize(
    ("script", "advice"),
    [
        (error_inside(131056), "wait"),
        (error_inside(131047), "window"),
        (Scripted(200, {"messages": []}), "unknown"),
        (Scripted(200, b"<html>"), "unknown"),
        (Scripted(502, b"<html>bad gateway</html>"), "unknown"),
        (Scripted(429, b""), "wait"),
        (Scripted(401, b""), "auth"),
        (Scripted(404, b""), "refused"),
        (error(131000, status=500), "retry"),
        (error(999999, is_transient=True), "retry"),
        (error(999999, status=503), "retry"),
        (error(999999), "refused"),
        (error(200, status=403), "auth"),
        (Scripted(400, {"error": {"code": "aneh"}}), "auth"),
        (Scripted(400, {"error": "tidak"}), "refused"),
    ],
)
async def test_answers_that_say_no_in_other_ways(graph: FakeGraph, script: Scripted, advice: str):
    graph.script.append(script)

    assert (await failure_of()).advice == advice


async def test_a_revoked_token_is_told_apart(graph: FakeGraph):
    graph.tokens.clear()

    failure = await failure_of()

    assert (failure.advice, failure.code) == ("auth", "190")


async def test_read_and_typing_never_fail(graph: FakeGraph, setting: Callable[..., None]):
    await adapter.seen(ACCOUNT, f"phone:{CUSTOMER}", "wamid.IN1", typing=True)
    await adapter.seen(ACCOUNT, f"phone:{CUSTOMER}", "wamid.IN1", typing=False)

    read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN1"}
    assert graph.seen == [{**read, "typing_indicator": {"type": "text"}}, read]

    graph.tokens.clear()
    await adapter.seen(ACCOUNT, f"phone:{CUSTOMER}", "wamid.IN1", typing=True)
    await adapter.seen(Account("whatsapp", "../x"), "phone:1", "wamid.IN1", typing=True)
    setting(graph_base="http://127.0.0.1:9")
    await adapter.seen(ACCOUNT, f"phone:{CUSTOMER}", "wamid.IN1", typing=True)


async def test_files_are_fetched_in_two_steps_with_the_token(graph: FakeGraph):
    graph.files["1003"] = (b"gambar", "image/jpeg")

    got = await adapter.fetch(ACCOUNT, Media("image", "1003"), 100)

    assert got == b"gambar"
    assert [call.headers["authorization"] for call in graph.calls] == [f"Bearer {TOKEN}"] * 2


async def test_files_are_fetched_no_larger_than_wanted(graph: FakeGraph):
    graph.files["1003"] = (b"x" * 101, "image/jpeg")

    with pytest.raises(SendFailed, match="refused"):
        await adapter.fetch(ACCOUNT, Media("image", "1003"), 100)
    assert len(graph.calls) == 1
    for lost in ("404404", "../1003"):
        with pytest.raises(SendFailed, match="refused"):
            await adapter.fetch(ACCOUNT, Media("image", lost), 100)


def test_the_token_goes_to_meta_alone(setting: Callable[..., None]):
    setting(graph_base="https://graph.facebook.com")

    assert graph_calls.trusted("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1")
    assert graph_calls.trusted("https://graph.facebook.com/x")
    for other in (
        "http://lookaside.fbsbx.com/x",
        "https://fbsbx.com.jahat.example/x",
        "https://jahatfbsbx.com/x",
        "http://169.254.169.254/",
        "",
    ):
        assert not graph_calls.trusted(other), other


async def test_a_healthy_number(graph: FakeGraph):
    await adapter.subscribe(ACCOUNT, "https://toko.example/hooks/whatsapp/abc")

    health = await adapter.check(ACCOUNT)

    assert health.well
    assert list(health.steps) == ["token", "number", "webhook", "quality", "limits"]
    assert health.about == {
        "number": "+62 811-1111-1111",
        "name": "Kopi Uji",
        "quality": "GREEN",
        "status": "CONNECTED",
        "limit": "TIER_2K",
        "external_id": NUMBER,
    }
    assert graph.subscribed == {WABA: "https://toko.example/hooks/whatsapp/abc"}
    await adapter.subscribe(ACCOUNT, "")
    assert graph.subscribed == {}


async def test_each_step_of_the_check_fails_by_itself(graph: FakeGraph):
    async def failing(account: Account = ACCOUNT) -> set[str]:
        return {name for name, key in (await adapter.check(account)).steps.items() if key}

    assert await failing() == {"webhook"}
    graph.subscribed[WABA] = ""
    graph.numbers[NUMBER] |= {"quality_rating": "RED", "status": "FLAGGED"}
    assert await failing() == {"quality", "limits"}
    assert await failing(replace(ACCOUNT, external_id="1")) == {"number"}
    assert await failing(replace(ACCOUNT, external_id="../1")) == {"number"}
    assert "webhook" in await failing(replace(ACCOUNT, settings={}))
    graph.tokens.clear()
    assert await failing() == {"token"}


async def test_many_at_once_share_their_connections(graph: FakeGraph):
    started = time.perf_counter()

    await asyncio.gather(
        *(adapter.send(ACCOUNT, replace(HELLO, key=f"out:{n}")) for n in range(160))
    )

    assert len({body["biz_opaque_callback_data"] for body in graph.sent}) == 160
    assert time.perf_counter() - started < 20
