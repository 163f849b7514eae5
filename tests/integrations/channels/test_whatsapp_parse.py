"""WhatsApp's webhooks as events: every shape that Meta documents, and what nobody documents."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatrigo.integrations.channels.port import (
    Account,
    EchoCame,
    Event,
    Ignored,
    Media,
    MessageCame,
    Person,
    PersonChanged,
    ReactionCame,
    StatusCame,
)
from chatrigo.integrations.channels.whatsapp import adapter
from tests.support import graph_shapes as shapes
from tests.support.fake_graph import FakeGraph
from tests.support.graph_shapes import CUSTOMER, NUMBER, USER, change, hook, message, status, text

ACCOUNT = Account("whatsapp", NUMBER, {"app_secret": "secret", "verify_token": "kata"})
SARI = Person("phone:6281234567890", "Sari", phone=CUSTOMER)


def one(body: Any) -> Any:
    [event] = adapter.parse(ACCOUNT, body)
    return event


def came(kind: str, part: Any = None, **more: Any) -> MessageCame:
    event = one(hook(change(message(kind, part, **more))))
    assert isinstance(event, MessageCame)
    return event


@pytest.mark.parametrize(
    ("secret", "body", "mark"),
    [
        ("secret", b"test", "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"),
        (
            "app_secret_for_tests",
            b'{"object":"whatsapp_business_account","entry":[]}',
            "4cf79e76f02e48aee659cf626e0a8a819f6e10a61f37a9ee9c3c6c5a7fb77040",
        ),
    ],
)
def test_1_only_what_the_app_signed_is_taken(secret: str, body: bytes, mark: str):
    account = Account("whatsapp", NUMBER, {"app_secret": secret})
    signed = {"x-hub-signature-256": f"sha256={mark}"}

    assert adapter.verify(account, signed, body)
    assert not adapter.verify(account, signed, body + b" ")
    assert not adapter.verify(account, {"x-hub-signature-256": mark}, body)
    assert not adapter.verify(account, {"x-hub-signature-256": "sha256=é"}, body)
    assert not adapter.verify(account, {}, body)
    assert not adapter.verify(Account("whatsapp", NUMBER), signed, body)


def test_2_a_signature_over_emoji_holds_on_the_raw_bytes_alone():
    graph = shapes.hook(change(text("Kopi ☕ é siap 👍🏽")))
    raw, headers = FakeGraph().signed(graph, "secret")

    assert adapter.verify(ACCOUNT, headers, raw)
    assert not adapter.verify(ACCOUNT, headers, raw.decode().encode("unicode_escape"))


def test_the_handshake_echoes_to_whom_knows_the_token():
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "kata"}

    assert adapter.challenge(ACCOUNT, asked) == "1158201444"
    assert adapter.challenge(ACCOUNT, {**asked, "hub.verify_token": "lain"}) is None
    assert adapter.challenge(ACCOUNT, {**asked, "hub.mode": "unsubscribe"}) is None
    assert adapter.challenge(ACCOUNT, {}) is None
    empty = Account("whatsapp", NUMBER)
    assert adapter.challenge(empty, {**asked, "hub.verify_token": ""}) is None


def test_a_text_with_its_sender_and_time():
    said = came("text", {"body": "Does it come in another color?"})

    assert said == MessageCame(
        "wamid.IN1",
        SARI,
        datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC),
        "Does it come in another color?",
    )


@pytest.mark.parametrize(
    ("kind", "part", "media", "body", "shape"),
    [
        (
            "image",
            {"caption": "Taj Mahal", "mime_type": "image/jpeg", "sha256": "S=", "id": "1003"},
            Media("image", "1003", "image/jpeg"),
            "Taj Mahal",
            "image",
        ),
        (
            "audio",
            {"mime_type": "audio/ogg; codecs=opus", "sha256": "…", "id": "7", "voice": True},
            Media("audio", "7", "audio/ogg; codecs=opus", voice=True),
            "",
            "audio",
        ),
        (
            "document",
            {"filename": "receipt.pdf", "mime_type": "application/pdf", "sha256": "…", "id": "8"},
            Media("document", "8", "application/pdf", "receipt.pdf"),
            "",
            "document",
        ),
        (
            "video",
            {"caption": "lihat", "mime_type": "video/mp4", "id": "9"},
            Media("video", "9", "video/mp4"),
            "lihat",
            "video",
        ),
        (
            "sticker",
            {"mime_type": "image/webp", "animated": True, "id": "10"},
            Media("sticker", "10", "image/webp"),
            "",
            "image",
        ),
    ],
)
def test_files_come_as_references(kind: str, part: Any, media: Media, body: str, shape: str):
    said = came(kind, part)

    assert (said.kind, said.media, said.body) == (shape, (media,), body)


def test_presses_and_choices_say_what_they_answer():
    context = {"from": "15550783881", "id": "wamid.OUR_MESSAGE"}
    button = {"type": "button_reply", "button_reply": {"id": "cancel-button", "title": "Cancel"}}
    row = {"id": "priority_express", "title": "Priority", "description": "Next Day to 2 Days"}

    pressed = came("interactive", button, context=context)
    assert (pressed.kind, pressed.body, pressed.choice) == ("choice", "Cancel", "cancel-button")
    assert pressed.reply_to == "wamid.OUR_MESSAGE"

    chosen = came("interactive", {"type": "list_reply", "list_reply": row}, context=context)
    assert (chosen.body, chosen.choice) == ("Priority", "priority_express")
    assert chosen.about == {"description": "Next Day to 2 Days"}

    answered = came("button", {"payload": "STOP", "text": "Unsubscribe"}, context=context)
    assert (answered.kind, answered.body, answered.choice) == ("choice", "Unsubscribe", "STOP")


def test_a_filled_in_form_keeps_its_answers():
    form = {"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": '{"a":1}'}}

    said = came("interactive", form)

    assert (said.kind, said.body, said.about) == ("choice", "Sent", {"form": '{"a":1}'})


def test_orders_places_and_cards_in_words():
    item = {"product_retailer_id": "di9o", "quantity": 2, "item_price": 30, "currency": "IDR"}
    order = came("order", {"catalog_id": "19", "text": "cepat ya", "product_items": [item]})
    assert (order.kind, order.body) == ("order", "cepat ya\n2 × di9o")
    assert order.about == {
        "catalog": "19",
        "lines": [{"id": "di9o", "quantity": "2", "price": "30", "currency": "IDR"}],
    }

    place = came(
        "location",
        {
            "latitude": 37.44221496582,
            "longitude": -122.16165924072,
            "name": "Philz Coffee",
            "address": "101 Forest Ave",
            "url": "https://philzcoffee.com/",
        },
    )
    assert place.body == "Philz Coffee, 101 Forest Ave"
    assert place.about["latitude"] == "37.4422149658"
    assert came("location", {"latitude": -6.2, "longitude": 106.8}).body == "-6.2, 106.8"

    card = {"name": {"formatted_name": "Budi Santoso"}, "phones": [{"phone": "+62 812-1"}]}
    assert came("contacts", [card]).body == "Budi Santoso +62 812-1"


def test_what_whatsapp_cant_show_is_said_so():
    errors = [{"code": 131051, "title": "Message type unknown"}]

    said = came("unsupported", errors=errors)

    assert (said.kind, said.body, said.about) == ("unsupported", "", {"code": "131051"})


def test_where_a_message_came_from():
    referral = {"source_type": "ad", "source_id": "12", "headline": "Promo", "junk": {"a": 1}}
    product = {"catalog_id": "19", "product_retailer_id": "di9o"}

    said = came(
        "text",
        {"body": "masih ada?"},
        referral=referral,
        context={"referred_product": product, "forwarded": True},
    )

    assert said.about == {
        "product": "di9o",
        "referral": {"source_type": "ad", "source_id": "12", "headline": "Promo"},
        "forwarded": True,
    }


def test_reactions_are_no_messages():
    event = one(hook(change(message("reaction", {"message_id": "wamid.A", "emoji": "👍"}))))

    assert isinstance(event, ReactionCame)
    assert (event.message_id, event.emoji, event.person) == ("wamid.A", "👍", SARI)


def test_7_a_customer_with_a_username_has_an_id_that_is_no_number():
    alone = one(shapes.by_username("kak ready?"))
    both = one(shapes.by_username("ini nomorku", wa_id=CUSTOMER))

    assert alone.person == Person(f"user:{USER}", "Sari", username="sari.kopi")
    assert both.person.id == f"phone:{CUSTOMER}"
    assert both.person.also == (f"user:{USER}",)
    assert both.person.phone == CUSTOMER


def test_somebody_changed_number():
    changed = {
        "type": "user_changed_number",
        "body": "User Sheena changed from 6281234567890 to 12195555358",
        "wa_id": "12195555358",
    }

    event = one(hook(change(message("system", changed), contacts=[])))

    assert isinstance(event, PersonChanged)
    assert event.old == f"phone:{CUSTOMER}"
    assert event.new == Person("phone:12195555358", phone="12195555358")


@pytest.mark.parametrize(
    ("system", "around"),
    [
        ({"previous_user_id": "ID.1", "user_id": "ID.2"}, {}),
        ({"user_id": "ID.2"}, {"from_user_id": "ID.1"}),
        ({"user_id": "ID.2", "body": "User Sari changed from ID.1 to ID.2"}, {}),
    ],
)
def test_somebody_has_another_scoped_id(system: dict[str, str], around: dict[str, str]):
    said = {"id": "w", "timestamp": "1", "type": "system", **around}
    said["system"] = {"type": "user_changed_user_id", **system}  # type: ignore[assignment]

    event = one(hook(change(said, contacts=[])))

    assert isinstance(event, PersonChanged)
    assert (event.old, event.new.id) == ("user:ID.1", "user:ID.2")


def test_statuses_bring_our_key_and_the_reason():
    passed = one(hook(change(statuses=(status("delivered", biz_opaque_callback_data="out:7"),))))
    assert passed == StatusCame(
        "wamid.OUT00000001", "delivered", datetime.fromtimestamp(1750030073, UTC), "out:7"
    )
    assert one(hook(change(statuses=(status("played"),)))).status == "read"

    failed = one(hook(change(statuses=(shapes.failure(131047, "more than 24 hours"),))))
    assert (failed.status, failed.failure.advice) == ("failed", "window")
    assert failed.failure.details == "more than 24 hours"
    assert isinstance(one(hook(change(statuses=(status("warped"),)))), Ignored)


def test_what_the_owner_types_on_the_phone_is_theirs():
    event = one(shapes.echo("sudah saya kirim ya"))

    assert isinstance(event, EchoCame)
    assert (event.person.id, event.body) == (f"phone:{CUSTOMER}", "sudah saya kirim ya")


def test_16_a_batch_is_read_whole_and_for_its_own_number_alone():
    batch = {
        "entry": [
            *hook(change(text("satu", "a")), change(statuses=(status("sent"),)))["entry"],
            *hook(change(text("dua", "b"), text("tiga", "c"), statuses=(status("read"),)))["entry"],
            *hook(change(text("bukan kita", "d"), number="999"), waba="1")["entry"],
        ]
    }

    found = adapter.parse(ACCOUNT, batch)

    assert [told(event) for event in found] == ["satu", "sent", "dua", "tiga", "read", "-"]
    assert adapter.accounts(batch) == [NUMBER, "999"]
    theirs = adapter.parse(Account("whatsapp", "999"), batch)
    assert [told(event) for event in theirs if told(event) != "-"] == ["bukan kita"]


@pytest.mark.parametrize(
    "body",
    [
        hook(change(field="group_participants_update", groups=[{}])),
        hook(change(field="group_participant_update", groups=[{}])),
        hook(change(field="message_template_status_update", event="APPROVED")),
        hook(change(field="next_year", value=[1])),
        hook(change(message("hologram", {"id": "1"}))),
        hook(change(text("di grup", group_id="g1"))),
        hook(change(message("system", {"type": "user_identity_changed"}))),
        hook(change(text("tanpa id", id=""))),
        hook(change(errors=[{"code": 130429}])),
        hook(change({"id": "w", "type": "text", "text": {"body": "siapa?"}}, contacts=[])),
        {"object": "whatsapp_business_account", "entry": []},
        [],
        None,
    ],
)
def test_17_what_is_not_known_is_ignored(body: Any):
    assert [type(event) for event in adapter.parse(ACCOUNT, body)] == [Ignored]


@pytest.mark.parametrize("stamp", ["99999999999", "9" * 40, "kemarin", None, [], "inf"])
def test_a_time_that_cannot_be_is_now(stamp: Any):
    said = one(hook(change(text("halo", timestamp=stamp))))

    assert abs(datetime.now(UTC) - said.at) < timedelta(minutes=1)


def test_half_an_emoji_and_nul_are_cut():
    assert came("text", {"body": "a\x00b\ud83dc"}).body == "abc"


_leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_names = st.sampled_from(
    [
        "entry",
        "changes",
        "value",
        "field",
        "messages",
        "statuses",
        "contacts",
        "metadata",
        "phone_number_id",
        "type",
        "id",
        "from",
        "text",
        "image",
        "order",
        "interactive",
        "system",
        "location",
        "errors",
        "timestamp",
        "context",
        "referral",
        "profile",
    ]
)
_trees = st.recursive(
    _leaves | st.sampled_from(["messages", "text", "image", "order", "system", NUMBER, "failed"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=5),
    max_leaves=30,
)


@given(_trees)
def test_nothing_that_is_sent_can_break_the_parsing(tree: Any):
    for body in (tree, {"entry": [{"changes": [{"field": "messages", "value": tree}]}]}):
        adapter.parse(ACCOUNT, body)
        adapter.accounts(body)


@given(
    _trees,
    st.sampled_from(["text", "image", "contacts", "order", "system", "interactive", "button"]),
)
def test_nothing_inside_a_message_can_break_the_parsing(tree: Any, kind: str):
    adapter.parse(ACCOUNT, hook(change(message(kind, tree, context=tree, referral=tree))))


def told(event: Event) -> str:
    if isinstance(event, MessageCame):
        return event.body
    return event.status if isinstance(event, StatusCame) else "-"
