"""Telegram's updates as events: every shape of its, and none that stops us."""

from datetime import UTC, datetime

import pytest

from chatrigo.integrations.channels.port import (
    Account,
    EchoCame,
    Ignored,
    Media,
    MessageCame,
    Person,
    PersonLeft,
)
from chatrigo.integrations.channels.telegram import adapter

ACCOUNT = Account("telegram", "7000000001", {"token": "7:A", "hook_secret": "Abc_123-xyz"})
BUDI = {"id": 814999112, "is_bot": False, "first_name": "Budi", "username": "budi"}
OWNER = {"id": 5550001, "is_bot": False, "first_name": "Sari"}
CHAT = {"id": 814999112, "type": "private", "first_name": "Budi", "username": "budi"}
PERSON = Person("814999112", "Budi", username="budi")


def read(**update):
    (event,) = adapter.parse(ACCOUNT, {"update_id": 143316393, **update})
    return event


def message(**parts):
    return read(message={"message_id": 30, "from": BUDI, "chat": CHAT, "date": 1672830483, **parts})


def test_12_telegram_with_a_wrong_secret_is_nobody():
    def known(secret: str | None, account: Account = ACCOUNT) -> bool:
        headers = {} if secret is None else {"x-telegram-bot-api-secret-token": secret}
        return adapter.verify(account, headers, b"{}")

    assert known("Abc_123-xyz")
    for wrong in (None, "", "abc_123-xyz", "Abc_123-xyz ", "\udce9"):
        assert not known(wrong)
    assert not known("", Account("telegram", "7", {}))
    assert adapter.challenge(ACCOUNT, {"hub.challenge": "1"}) is None


def test_a_text():
    assert message(text="Hi 😀") == MessageCame(
        "814999112:30", PERSON, datetime.fromtimestamp(1672830483, UTC), "Hi 😀"
    )


def test_the_largest_of_a_photo_and_the_album_it_is_of():
    event = message(
        media_group_id="133",
        caption="ini kak",
        photo=[
            {"file_id": "A", "width": 90, "height": 90},
            {"file_id": "B", "width": 1280, "height": 1280},
            {"file_id": "C", "width": 320, "height": 320},
        ],
    )

    assert (event.kind, event.body) == ("image", "ini kak")
    assert event.media == (Media("image", "B", "image/jpeg"),)
    assert event.about == {"album": "133"}


@pytest.mark.parametrize(
    ("parts", "kind", "media"),
    [
        (
            {"voice": {"file_id": "V", "duration": 3, "mime_type": "audio/ogg"}},
            "audio",
            Media("audio", "V", "audio/ogg", voice=True),
        ),
        (
            {"audio": {"file_id": "M", "mime_type": "audio/mp4", "file_name": "lagu.m4a"}},
            "audio",
            Media("audio", "M", "audio/mp4", "lagu.m4a"),
        ),
        (
            {
                "document": {
                    "file_id": "D",
                    "file_name": "bukti.pdf",
                    "mime_type": "application/pdf",
                }
            },
            "document",
            Media("document", "D", "application/pdf", "bukti.pdf"),
        ),
        (
            {"animation": {"file_id": "G"}, "document": {"file_id": "G"}},
            "video",
            Media("video", "G", "video/mp4"),
        ),
        ({"video_note": {"file_id": "N"}}, "video", Media("video", "N", "video/mp4")),
        (
            {"sticker": {"file_id": "S", "emoji": "👍"}},
            "image",
            Media("sticker", "S", "image/webp"),
        ),
        (
            {"sticker": {"file_id": "S", "is_animated": True, "thumbnail": {"file_id": "T"}}},
            "image",
            Media("sticker", "T"),
        ),
    ],
)
def test_files(parts, kind, media):
    event = message(**parts)

    assert (event.kind, event.media) == (kind, (media,))


def test_a_place_and_a_place_with_a_name():
    bare = message(location={"latitude": -6.2, "longitude": 106.816666})
    named = message(
        location={"latitude": -6.2, "longitude": 106.8},
        venue={"title": "Kopi Uji", "address": "Jl. Melati 3"},
    )

    assert (bare.kind, bare.body) == ("location", "-6.200000, 106.816666")
    assert bare.about == {"latitude": -6.2, "longitude": 106.816666}
    assert named.body == "Kopi Uji, Jl. Melati 3"


def test_a_card_of_another_and_ones_own_number():
    other = message(contact={"phone_number": "+62 812-3456", "first_name": "Ani", "user_id": 9})
    own = message(
        contact={"phone_number": "628123456", "first_name": "Budi", "user_id": BUDI["id"]}
    )

    assert (other.kind, other.body, other.person.phone) == ("contacts", "Ani +628123456", "")
    assert own.person.phone == "628123456"


def test_an_answer_to_an_earlier_message():
    event = message(text="yang ini", reply_to_message={"message_id": 12, "chat": CHAT})

    assert event.reply_to == "814999112:12"


def test_start_keeps_what_its_link_carried():
    event = message(text="/start promo-juli")

    assert (event.body, event.about) == ("/start", {"start": "promo-juli"})


def test_a_pressed_button_is_a_choice_in_the_words_of_the_button():
    press = {
        "id": "4382bfdwdsb323b2d9",
        "from": BUDI,
        "chat_instance": "-123",
        "data": "order:12:confirm",
        "message": {
            "message_id": 32,
            "chat": {"id": 814999112, "type": "private"},
            "date": 1672830491,
            "text": "Pilih",
            "reply_markup": {
                "inline_keyboard": [[{"text": "Ya, lanjut", "callback_data": "order:12:confirm"}]]
            },
        },
    }

    event = read(callback_query=press)

    assert (event.kind, event.choice, event.body) == ("choice", "order:12:confirm", "Ya, lanjut")
    assert event.message_id == "callback:4382bfdwdsb323b2d9"
    assert event.reply_to == "814999112:32"
    del press["message"]["reply_markup"]
    assert read(callback_query=press).body == "order:12:confirm"


def test_an_edit_names_what_it_replaces():
    event = read(
        edited_message={
            "message_id": 30,
            "from": BUDI,
            "chat": CHAT,
            "date": 1672830483,
            "edit_date": 1672830500,
            "text": "2 ya, bukan 1",
        }
    )

    assert (event.edits, event.message_id) == ("814999112:30", "814999112:30:1672830500")
    assert event.body == "2 ya, bukan 1"


def owners(sender, **parts):
    return read(
        business_message={
            "business_connection_id": "bc-1",
            "message_id": 7,
            "from": sender,
            "chat": CHAT,
            "date": 1672830483,
            "text": "Halo",
            **parts,
        }
    )


def test_a_customer_in_the_owners_chat_is_answered_there():
    event = owners(BUDI)

    assert isinstance(event, MessageCame)
    assert event.person == Person("814999112@bc-1", "Budi", username="budi")
    assert event.message_id == "814999112@bc-1:7"


def test_what_the_owner_types_in_their_own_chat_is_a_take_over():
    event = owners(OWNER, text="Sebentar ya kak")

    assert event == EchoCame(
        "814999112@bc-1:7",
        Person("814999112@bc-1", "Budi", username="budi"),
        datetime.fromtimestamp(1672830483, UTC),
        "Sebentar ya kak",
    )


def test_what_we_wrote_there_ourselves_is_not():
    event = owners(OWNER, sender_business_bot={"id": 7000000001, "is_bot": True})

    assert event == Ignored("our own message")


def test_who_blocks_the_bot_and_who_comes_back():
    def member(status: str):
        return read(
            my_chat_member={
                "chat": CHAT,
                "from": BUDI,
                "date": 1672830483,
                "old_chat_member": {"status": "member"},
                "new_chat_member": {"status": status},
            }
        )

    at = datetime.fromtimestamp(1672830483, UTC)
    assert member("kicked") == PersonLeft(PERSON, True, at)
    assert member("member") == PersonLeft(PERSON, False, at)


def test_what_people_send_and_we_can_not_read():
    assert message(poll={"id": "1"}).kind == "unsupported"


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"message": None},
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "from": BUDI, "chat": CHAT, "date": "kemarin", "text": "x"}},
        {"message": {"message_id": 1, "from": BUDI, "chat": CHAT, "date": 10**30, "text": "x"}},
        {"message": {"message_id": 1, "from": BUDI, "chat": CHAT, "date": 1, "photo": [{}]}},
        {"message": {"message_id": 1, "from": BUDI, "chat": CHAT, "date": 1, "pinned_message": {}}},
        {"message": {"from": {**BUDI, "is_bot": True}, "chat": CHAT, "text": "x"}},
        {"message": {"from": BUDI, "chat": {"id": -5, "type": "group"}, "text": "x"}},
        {"edited_message": {"from": BUDI, "chat": CHAT, "message_id": 3, "location": {}}},
        {"callback_query": {"id": "1", "from": BUDI, "data": "x"}},
        {"business_connection": {"id": "bc-1", "is_enabled": True}},
        {"chat_boost": {"x": 1}},
        {"poll": []},
    ],
)
def test_17_telegrams_unknown_and_broken_updates_are_ignored(update):
    assert isinstance(read(**update), Ignored)


@pytest.mark.parametrize("body", [None, [], "x", 3, [{"message": {}}]])
def test_17_what_is_no_update_at_all_is_ignored(body):
    (event,) = adapter.parse(ACCOUNT, body)

    assert isinstance(event, Ignored)
