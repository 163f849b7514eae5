"""What Telegram tells us: whether it is Telegram, and its updates as events."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chatrigo.integrations.channels.port import (
    Account,
    EchoCame,
    Event,
    Ignored,
    Media,
    MediaKind,
    MessageCame,
    Person,
    PersonLeft,
)

CALLBACK = "callback:"
HEADER = "x-telegram-bot-api-secret-token"
# What setWebhook and getUpdates ask for; everything else is never sent to us.
UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "business_connection",
    "business_message",
    "edited_business_message",
    "my_chat_member",
)
Said = Mapping[str, Any]
# A parameter of a message, and what a file under it is to us.
FILES: tuple[tuple[str, MediaKind, str], ...] = (
    ("voice", "audio", "audio/ogg"),
    ("audio", "audio", "audio/mpeg"),
    ("animation", "video", "video/mp4"),  # before document: Telegram sends both
    ("video", "video", "video/mp4"),
    ("video_note", "video", "video/mp4"),
    ("document", "document", ""),
)
# What people send that we can't read; a message with none of all this is about the chat itself.
UNREADABLE = ("poll", "dice", "game", "story", "paid_media", "invoice", "giveaway", "checklist")


def verify(account: Account, headers: Mapping[str, str]) -> bool:
    """Whether the call has the secret that we gave to setWebhook. No secret: nobody is believed."""
    wanted, given = account.secrets.get("hook_secret", ""), headers.get(HEADER, "")
    return bool(wanted) and hmac.compare_digest(wanted.encode(), given.encode(errors="replace"))


def read(update: Any) -> Event:
    """Never raises: what is not understood is Ignored, and its raw body is kept by the caller."""
    if not isinstance(update, dict):
        return Ignored("not an update")
    for name, reader in READERS.items():
        if name in update:
            try:
                return reader(update[name])
            except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
                return Ignored(f"{name} not understood: {type(error).__name__}")
    return Ignored(f"unknown update: {', '.join(sorted(set(update) - {'update_id'}))[:100]}")


def _message(said: Said) -> Event:
    if why := _not_for_us(said):
        return Ignored(why)
    return _came(said, _person(said["from"], said["chat"], ""))


def _edited_message(said: Said) -> Event:
    if why := _not_for_us(said):
        return Ignored(why)
    return _edited(said, _person(said["from"], said["chat"], ""))


def _business_message(said: Said) -> Event:
    person = _customer(said)
    if isinstance(person, Ignored):
        return person
    if said["from"]["id"] == said["chat"]["id"]:
        return _came(said, person)
    _, body, media, _ = _content(said)
    return EchoCame(_name(person, said), person, _moment(said["date"]), body, media)


def _edited_business_message(said: Said) -> Event:
    person = _customer(said)
    if isinstance(person, Ignored):
        return person
    if said["from"]["id"] != said["chat"]["id"]:
        return Ignored("the owner edited a message of their own")
    return _edited(said, person)


def _customer(said: Said) -> Person | Ignored:
    """With whom the owner talks: whoever writes, a private chat is called after the customer."""
    if said["chat"].get("type") != "private":
        return Ignored("not a private chat")
    if said.get("sender_business_bot"):
        return Ignored("our own message")
    if said["from"].get("is_bot"):
        return Ignored("from a bot")
    return _person(said["chat"], said["chat"], said["business_connection_id"])


def _callback_query(said: Said) -> Event:
    if said["from"].get("is_bot"):
        return Ignored("from a bot")
    message = said.get("message")
    if not message or message["chat"].get("type", "private") != "private":
        return Ignored("a button outside a private chat")
    person = _person(said["from"], message["chat"], message.get("business_connection_id", ""))
    chosen = str(said.get("data", ""))
    return MessageCame(
        message_id=f"{CALLBACK}{said['id']}",
        person=person,
        # Telegram gives no time of the press, only that of the message with the button.
        at=datetime.now(UTC),
        body=_title(message, chosen),
        kind="choice",
        choice=chosen,
        reply_to=_name(person, message),
    )


def _my_chat_member(said: Said) -> Event:
    if said["chat"].get("type") != "private":
        return Ignored("not a private chat")
    left = said["new_chat_member"]["status"] in ("kicked", "left")
    return PersonLeft(_person(said["from"], said["chat"], ""), left, _moment(said["date"]))


def _business_connection(said: Said) -> Event:
    return Ignored(f"business connection {'on' if said.get('is_enabled') else 'off'}")


READERS = {
    "message": _message,
    "edited_message": _edited_message,
    "callback_query": _callback_query,
    "business_message": _business_message,
    "edited_business_message": _edited_business_message,
    "business_connection": _business_connection,
    "my_chat_member": _my_chat_member,
}


def _not_for_us(said: Said) -> str:
    if said["chat"].get("type") != "private":
        return "not a private chat"
    if "from" not in said or said["from"].get("is_bot"):
        return "from a bot"
    return ""


def _came(said: Said, person: Person) -> Event:
    kind, body, media, about = _content(said)
    if not kind:
        return Ignored("about the chat itself")
    if said.get("media_group_id"):
        about = {**about, "album": str(said["media_group_id"])}
    contact = said.get("contact") or {}
    if contact.get("user_id") and contact["user_id"] == said["from"]["id"]:
        person = _with_phone(person, contact["phone_number"])
    replied = said.get("reply_to_message")
    return MessageCame(
        message_id=_name(person, said),
        person=person,
        at=_moment(said["date"]),
        body=body,
        kind=kind,
        media=media,
        reply_to=_name(person, replied) if replied else "",
        about=about,
    )


def _edited(said: Said, person: Person) -> Event:
    body = said.get("text") or said.get("caption") or ""
    if not body:
        return Ignored("an edit without a text")  # a live location moves by edits
    name, edited = _name(person, said), said.get("edit_date") or said["date"]
    return MessageCame(
        message_id=f"{name}:{edited}",
        person=person,
        at=_moment(edited),
        body=body,
        edits=name,
    )


def _content(said: Said) -> tuple[str, str, tuple[Media, ...], Said]:
    """Kind, words, files and what else there is to know; an empty kind is nothing for us."""
    caption = said.get("caption", "")
    if "text" in said:
        return "text", *_start(said["text"])
    if photos := said.get("photo"):
        largest = max(photos, key=lambda photo: photo.get("width", 0) * photo.get("height", 0))
        return "image", caption, (Media("image", largest["file_id"], "image/jpeg"),), {}
    if "sticker" in said:
        return "image", said["sticker"].get("emoji", ""), _sticker(said["sticker"]), {}
    for name, kind, mime in FILES:
        if name in said:
            return kind, caption, (_file(said[name], name, kind, mime),), {}
    if "contact" in said:
        return "contacts", *_contact(said["contact"])
    if "location" in said:
        return "location", *_place(said["location"], said.get("venue") or {})
    return ("unsupported" if any(name in said for name in UNREADABLE) else ""), caption, (), {}


def _start(text: str) -> tuple[str, tuple[Media, ...], Said]:
    """The button that opens a chat with a bot sends `/start`, and what its link carried."""
    if text == "/start" or text.startswith("/start "):
        return "/start", (), {"start": text.removeprefix("/start").strip()}
    return text, (), {}


def _file(file: Said, name: str, kind: MediaKind, mime: str) -> Media:
    return Media(
        kind,
        file["file_id"],
        file.get("mime_type") or mime,
        file.get("file_name", ""),
        voice=name == "voice",
    )


def _sticker(sticker: Said) -> tuple[Media, ...]:
    """A moving sticker is of a format of Telegram's own: then its still picture."""
    if not (sticker.get("is_animated") or sticker.get("is_video")):
        return (Media("sticker", sticker["file_id"], "image/webp"),)
    still = sticker.get("thumbnail") or {}
    return (Media("sticker", still["file_id"]),) if "file_id" in still else ()


def _contact(card: Said) -> tuple[str, tuple[Media, ...], Said]:
    name = f"{card.get('first_name', '')} {card.get('last_name', '')}".strip()
    phone = f"+{_digits(card['phone_number'])}"
    return (
        f"{name} {phone}".strip(),
        (),
        {"contacts": [{"name": name, "phones": [phone]}]},
    )


def _place(place: Said, venue: Said) -> tuple[str, tuple[Media, ...], Said]:
    about = {"latitude": float(place["latitude"]), "longitude": float(place["longitude"])}
    named = ", ".join(part for part in (venue.get("title"), venue.get("address")) if part)
    if named:
        about |= {"name": venue.get("title", ""), "address": venue.get("address", "")}
    return named or f"{about['latitude']:.6f}, {about['longitude']:.6f}", (), about


def _person(said: Said, chat: Said, connection: str) -> Person:
    name = f"{said.get('first_name', '')} {said.get('last_name', '')}".strip()
    to = f"{chat['id']}@{connection}" if connection else str(chat["id"])
    return Person(to, name, username=said.get("username", ""))


def _with_phone(person: Person, phone: str) -> Person:
    """They pressed "share my number": a card with their own user id is theirs."""
    return Person(person.id, person.name, person.also, _digits(phone), person.username)


def _title(message: Said, chosen: str) -> str:
    rows: Sequence[Sequence[Said]] = (message.get("reply_markup") or {}).get("inline_keyboard", ())
    titles = (
        button.get("text", "")
        for row in rows
        for button in row
        if button.get("callback_data") == chosen
    )
    return next(titles, "") or chosen


def _name(person: Person, said: Said) -> str:
    return f"{person.id}:{said['message_id']}"


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdecimal())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
