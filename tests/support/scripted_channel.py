"""A channel whose vendor does as a test says: a real adapter, over no network."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chatrigo.integrations.channels.port import (
    Account,
    Connecting,
    EchoCame,
    Event,
    Field,
    Health,
    Ignored,
    Limits,
    Media,
    MessageCame,
    Outgoing,
    Person,
    PersonChanged,
    PersonLeft,
    ReactionCame,
    SendFailed,
    Sent,
    StatusCame,
)

KIND = "scripted"
SECRET = "scripted-secret"


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


@dataclass
class ScriptedChannel:
    """`script` holds what each send does next: a SendFailed, an exception, or None to take it."""

    kind: str = KIND
    limits: Limits = field(default_factory=lambda: Limits(text=200, window=24))
    connecting: Connecting = field(
        default_factory=lambda: Connecting(
            fields=(Field("external_id"), Field("token", secret=True)), checks=("token",)
        )
    )
    script: list[BaseException | None] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    marked: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    delay: float = 0
    health: Health = field(default_factory=lambda: Health({"token": ""}))

    def verify(self, account: Account, headers: Mapping[str, str], body: bytes) -> bool:
        expected = hmac.new(account.secrets["token"].encode(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(headers.get("x-signature", ""), expected)

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        return query["challenge"] if query.get("token") == account.secrets["token"] else None

    def parse(self, account: Account, body: Any) -> list[Event]:
        return [_event(each) for each in body.get("events", [])]

    async def subscribe(self, account: Account, address: str) -> None:
        return None

    async def send(self, account: Account, outgoing: Outgoing) -> Sent:
        if self.delay:
            await asyncio.sleep(self.delay)
        what = self.script.pop(0) if self.script else None
        if what is not None:
            raise what
        self.sent.append(outgoing)
        return Sent(f"sent-{len(self.sent)}")

    async def fetch(self, account: Account, media: Media, most: int) -> bytes:
        if media.reference not in self.files:
            raise SendFailed("refused", "channels.failed_file")
        return self.files[media.reference]

    async def seen(self, account: Account, to: str, message_id: str, *, typing: bool) -> None:
        self.marked.append(message_id)

    async def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        self.asked.append(outgoing.key)
        known = self.found.get(outgoing.key)
        return Sent(known) if known else None

    async def check(self, account: Account) -> Health:
        return self.health


def call(*events: dict[str, Any]) -> bytes:
    return json.dumps({"events": events}, ensure_ascii=False).encode()


def wrote(id: str, body: str = "halo", who: str = "budi", **more: Any) -> dict[str, Any]:
    return {"type": "message", "id": id, "who": who, "body": body, **more}


def _event(said: dict[str, Any]) -> Event:
    at = datetime.fromtimestamp(said.get("at", datetime.now(UTC).timestamp()), UTC)
    who = said.get("who", "budi")
    person = Person(who, said.get("name", who.title()), tuple(said.get("also", ())))
    match said.get("type"):
        case "message":
            media = tuple(Media(kind, ref) for kind, ref in said.get("media", ()))
            kind = said.get("kind", media[0].kind if media else "text")
            return MessageCame(
                said["id"], person, at, said["body"], kind, media, edits=said.get("edits", "")
            )
        case "echo":
            return EchoCame(said["id"], person, at, said["body"])
        case "status":
            failure = None
            if said["status"] == "failed":
                failure = SendFailed(said.get("advice", "refused"), "channels.failed_window")
            return StatusCame(said["id"], said["status"], at, said.get("key", ""), failure)
        case "reaction":
            return ReactionCame(person, said["id"], said["emoji"], at)
        case "changed":
            return PersonChanged(said["old"], person, at)
        case "left":
            return PersonLeft(person, said["left"], at)
    return Ignored(f"unknown type {said.get('type')}")
