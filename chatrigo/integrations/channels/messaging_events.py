"""What Messenger and Instagram tell us: the entries of `messaging[]`, which both have alike."""

from collections.abc import Iterator, Mapping
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
    ReactionCame,
    StatusCame,
)

Said = Mapping[str, Any]
# What we send is marked so, for Messenger repeats it in the echo.
OURS = "chatrigo:"
FILES: dict[str, MediaKind] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "document",
}
SHARED = frozenset({"share", "post", "ig_post", "reel", "ig_reel", "fallback"})


def read(account: Account, body: Any, object_: str) -> list[Event]:
    """Never raises: what is not understood is Ignored, and its raw body is kept by the caller."""
    if not isinstance(body, dict) or body.get("object") != object_:
        return [Ignored("not of this channel")]
    entries = body.get("entry")
    if not isinstance(entries, list):
        return [Ignored("no entries")]
    return [event for entry in entries for event in _of_entry(account, entry)]


def _of_entry(account: Account, entry: Any) -> Iterator[Event]:
    if not isinstance(entry, dict):
        yield Ignored("not an entry")
        return
    if str(entry.get("id", "")) != account.external_id:
        yield Ignored("for another account")
        return
    for name in ("standby", "changes"):
        if entry.get(name):
            yield Ignored(f"{name}: not ours to answer")
    said = entry.get("messaging")
    for each in said if isinstance(said, list) else ():
        try:
            yield from _events(account, each)
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
            yield Ignored(f"not understood: {type(error).__name__}")


def _events(account: Account, said: Said) -> Iterator[Event]:
    for name, reader in READERS.items():
        if name in said:
            yield from reader(account, said, said[name])
            return
    known = {"sender", "recipient", "timestamp"}
    yield Ignored(f"unknown: {', '.join(sorted(set(said) - known))[:100]}")


def _message(account: Account, said: Said, message: Said) -> Iterator[Event]:
    if message.get("is_echo"):
        yield _echo(account, said, message)
    elif message.get("is_deleted"):
        yield Ignored("the customer took it back")
    elif said["sender"]["id"] == account.external_id:
        yield Ignored("from ourselves")
    else:
        yield _came(said, message)


def _came(said: Said, message: Said) -> Event:
    body, media, about = _content(message)
    chosen = str((message.get("quick_reply") or {}).get("payload", ""))
    replied = message.get("reply_to") or {}
    if story := replied.get("story"):
        about["story"] = str(story.get("url", ""))
    if chosen:
        kind = "choice"
    elif media:
        kind = "image" if media[0].kind == "sticker" else media[0].kind
    else:
        kind = "text" if body else "unsupported"
    return MessageCame(
        message_id=message["mid"],
        person=Person(str(said["sender"]["id"])),
        at=_moment(said["timestamp"]),
        body=body,
        kind=kind,
        media=media,
        choice=chosen,
        reply_to=str(replied.get("mid", "")),
        about=about,
    )


def _echo(account: Account, said: Said, message: Said) -> Event:
    """What a person of the shop writes in the vendor's app, or our own, which we know apart."""
    app = str(account.settings.get("app_id") or "")
    if str(message.get("metadata", "")).startswith(OURS):
        return Ignored("our own echo")
    if app and str(message.get("app_id", "")) == app:
        return Ignored("our own echo")
    if message.get("is_deleted"):
        return Ignored("taken back in the vendor's app")
    body, media, _ = _content(message)
    person = Person(str(said["recipient"]["id"]))
    return EchoCame(message["mid"], person, _moment(said["timestamp"]), body, media)


def _content(message: Said) -> tuple[str, tuple[Media, ...], dict[str, Any]]:
    lines = [message["text"]] if message.get("text") else []
    media: list[Media] = []
    about: dict[str, Any] = {}
    for file in message.get("attachments") or ():
        payload = file.get("payload") or {}
        url, kind = str(payload.get("url") or ""), file.get("type")
        if kind in FILES and url:
            sticker = kind == "image" and payload.get("sticker_id")
            media.append(Media("sticker" if sticker else FILES[kind], url, voice=kind == "audio"))
        elif kind == "story_mention":
            about["story"] = url
        elif kind in SHARED:
            shared = [payload.get("title") or file.get("title"), url or file.get("url")]
            lines += [str(part) for part in shared if part and str(part) not in lines]
    return "\n".join(lines), tuple(media), about


def _postback(account: Account, said: Said, postback: Said) -> Iterator[Event]:
    sender = str(said["sender"]["id"])
    referral = postback.get("referral")
    yield MessageCame(
        message_id=postback.get("mid") or f"postback:{sender}:{said['timestamp']}",
        person=Person(sender),
        at=_moment(said["timestamp"]),
        body=str(postback.get("title") or postback.get("payload") or ""),
        kind="choice",
        choice=str(postback.get("payload") or ""),
        about={"referral": dict(referral)} if referral else {},
    )


def _edit(account: Account, said: Said, edit: Said) -> Iterator[Event]:
    yield MessageCame(
        message_id=f"{edit['mid']}:{edit.get('num_edit', said['timestamp'])}",
        person=Person(str(said["sender"]["id"])),
        at=_moment(said["timestamp"]),
        body=str(edit["text"]),
        edits=edit["mid"],
    )


def _reaction(account: Account, said: Said, reaction: Said) -> Iterator[Event]:
    emoji = reaction.get("emoji", "") if reaction.get("action") == "react" else ""
    person = Person(str(said["sender"]["id"]))
    yield ReactionCame(person, reaction["mid"], emoji, _moment(said["timestamp"]))


def _delivery(account: Account, said: Said, delivery: Said) -> Iterator[Event]:
    """Messenger may name only a moment up to which all is delivered: that names no message."""
    mids = delivery.get("mids") or ()
    at = _moment(delivery.get("watermark") or said["timestamp"])
    yield from (StatusCame(mid, "delivered", at) for mid in mids)
    if not mids:
        yield Ignored("delivered up to a moment")


def _read(account: Account, said: Said, read_: Said) -> Iterator[Event]:
    if read_.get("mid"):
        yield StatusCame(read_["mid"], "read", _moment(said["timestamp"]))
    else:
        yield Ignored("read up to a moment")


READERS = {
    "message": _message,
    "postback": _postback,
    "message_edit": _edit,
    "reaction": _reaction,
    "delivery": _delivery,
    "read": _read,
}


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
