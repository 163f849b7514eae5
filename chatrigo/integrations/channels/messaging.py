"""
Messenger and Instagram by one adapter: they differ in what they take, not in how they are spoken to.

An account's `external_id` is the page's id or that of the Instagram account; `secrets` has
access_token (the page's), app_secret and verify_token; `settings["app_id"]` tells our own echoes
apart where the vendor does not repeat our mark.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from chatrigo.config import settings
from chatrigo.integrations.channels import graph, messaging_events
from chatrigo.integrations.channels.graph import Refusal, Silence, TooLarge
from chatrigo.integrations.channels.messaging_errors import failed, from_refusal, is_window
from chatrigo.integrations.channels.port import (
    Account,
    Connecting,
    Event,
    Field,
    File,
    Health,
    Limits,
    Media,
    Outgoing,
    SendFailed,
    Sent,
)

MEGABYTE = 1024 * 1024
SUBSCRIBED = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "message_edits",
)
TYPES = {
    "image": "image",
    "sticker": "image",
    "audio": "audio",
    "video": "video",
    "document": "file",
}
MOST_PAYLOAD = 1000


class Messaging:
    connecting = Connecting(
        fields=(
            Field("access_token", secret=True),
            Field("app_secret", secret=True),
            Field("app_id", optional=True),
            Field("verify_token", secret=True, made=True, shown=True),
        ),
        steps=("app", "page", "token", "webhook"),
        checks=("token", "account", "webhook"),
        webhook=True,
    )

    def __init__(self, kind: str, object_: str, limits: Limits, image_bytes: int) -> None:
        self.kind, self.limits = kind, limits
        self._object, self._image_bytes = object_, image_bytes

    def verify(self, account: Account, headers: Mapping[str, str], body: bytes) -> bool:
        return graph.signed(account.secrets.get("app_secret", ""), headers, body)

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        return graph.challenge(account.secrets.get("verify_token", ""), query)

    def parse(self, account: Account, body: Any) -> list[Event]:
        return messaging_events.read(account, body, self._object)

    async def subscribe(self, account: Account, address: str) -> None:
        """The address itself is set in the app; the page is told whether the app hears of it."""
        try:
            if address:
                fields = {"subscribed_fields": ",".join(SUBSCRIBED)}
                await graph.post(_token(account), "me/subscribed_apps", fields)
            else:
                await graph.delete(_token(account), "me/subscribed_apps")
        except Refusal as refusal:
            raise from_refusal(refusal) from None
        except Silence:
            raise failed("retry", "unreachable") from None

    async def send(self, account: Account, outgoing: Outgoing) -> Sent:
        """A picture and its words are two messages here: no attachment has a caption."""
        messages: list[dict[str, Any]] = []
        if outgoing.file:
            messages.append({"attachment": await self._upload(account, outgoing.file)})
        if outgoing.body.strip():
            messages.append({"text": outgoing.body})
        if not messages:
            raise failed("refused", "empty")
        if outgoing.choices:
            messages[-1]["quick_replies"] = _quick_replies(outgoing)
        if outgoing.reply_to and self.kind == "messenger":
            messages[0]["reply_to"] = {"mid": outgoing.reply_to}
        sent = await self._post(account, outgoing, messages[0])
        for message in messages[1:]:
            try:
                sent = await self._post(account, outgoing, message)
            except SendFailed as failure:  # the picture is there; all anew would double it
                raise failed("unknown", "half", failure.code) from None
        return sent

    async def fetch(self, account: Account, media: Media, most: int) -> bytes:
        try:
            return await graph.download(_token(account), media.reference, most)
        except TooLarge:
            raise failed("refused", "too_big", "too_big") from None
        except Silence:
            raise failed("retry", "unreachable") from None
        except Refusal as refusal:
            again = refusal.status >= 500
            code = refusal.status or ""
            raise failed("retry" if again else "refused", "no_file", code) from None

    async def seen(self, account: Account, to: str, message_id: str, *, typing: bool) -> None:
        for action in ("mark_seen", "typing_on") if typing else ("mark_seen",):
            with suppress(Refusal, Silence):
                body = {"recipient": {"id": to}, "sender_action": action}
                await graph.post(_token(account), "me/messages", body)

    async def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """The echo of a message may still tell; asking can't."""
        return None

    async def check(self, account: Account) -> Health:
        steps = dict.fromkeys(self.connecting.checks, "")
        token = _token(account)
        try:
            page = await graph.get(
                token, "me", fields="id,name,instagram_business_account{id,username}"
            )
        except (Refusal, Silence) as problem:
            return Health({**steps, "token": _key(problem)})
        about = self._about(page)
        if not about["external_id"]:
            steps["account"] = "channels_messenger.no_instagram"
        elif account.external_id and about["external_id"] != account.external_id:
            # Not to be taken for a new name of the account: its customers belong to the old one.
            about["external_id"] = account.external_id
            steps["account"] = "channels_messenger.other_account"
        try:
            apps = await graph.get(token, "me/subscribed_apps")
        except (Refusal, Silence) as problem:
            return Health({**steps, "webhook": _key(problem)}, about)
        heard = {field for app in _listed(apps) for field in app.get("subscribed_fields") or ()}
        if "messages" not in heard:
            steps["webhook"] = "channels_messenger.not_subscribed"
        return Health(steps, about)

    def _about(self, page: Mapping[str, Any]) -> dict[str, str]:
        name = str(page.get("name", ""))[:120]
        if self.kind == "messenger":
            return {"external_id": str(page.get("id", "")), "name": name}
        account = page.get("instagram_business_account") or {}
        return {
            "external_id": str(account.get("id", "")),
            "name": str(account.get("username") or name),
        }

    async def _post(self, account: Account, outgoing: Outgoing, message: dict[str, Any]) -> Sent:
        if self.kind == "messenger":
            message = {**message, "metadata": f"{messaging_events.OURS}{outgoing.key}"}
        body = {"recipient": {"id": outgoing.to}, "message": message}
        try:
            answer = await self._answer(account, outgoing, body)
        except Refusal as refusal:
            raise from_refusal(refusal) from None
        except Silence as silence:
            if silence.reached:
                raise failed("unknown", "silent") from None
            raise failed("retry", "unreachable") from None
        id = answer.get("message_id")
        if not isinstance(id, str) or not id:
            raise failed("unknown", "silent")
        return Sent(id)

    async def _answer(
        self, account: Account, outgoing: Outgoing, body: dict[str, Any]
    ) -> graph.Answer:
        """A person may answer for seven days, if Meta has approved that; the assistant may not."""
        token = _token(account)
        try:
            response = {**body, "messaging_type": "RESPONSE"}
            return await graph.post(token, "me/messages", response)
        except Refusal as refusal:
            if not (is_window(refusal) and outgoing.by_person and settings.meta_human_agent):
                raise
        tagged = {**body, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        return await graph.post(token, "me/messages", tagged)

    async def _upload(self, account: Account, file: File) -> dict[str, Any]:
        """Until here nothing has gone to the customer: whatever is amiss may be tried again."""
        most = self._image_bytes if file.kind == "image" else self.limits.file_bytes
        if len(file.content) > most:
            raise failed("refused", "too_big")
        if file.kind == "document" and self.kind == "instagram":
            raise failed("refused", "documents")
        kind = TYPES[file.kind]
        fields = {"message": json.dumps({"attachment": {"type": kind, "payload": {}}})}
        if self.kind == "instagram":
            fields["platform"] = "instagram"
        try:
            answer = await graph.upload(
                _token(account),
                "me/message_attachments",
                fields,
                file.name or f"{kind}.{file.mime.partition('/')[2] or 'bin'}",
                file.content,
                file.mime,
                part="filedata",
            )
        except Refusal as refusal:
            failure = from_refusal(refusal)
            raise failed("retry", "meta") if failure.advice == "unknown" else failure from None
        except Silence:
            raise failed("retry", "unreachable") from None
        id = answer.get("attachment_id")
        if not id:
            raise failed("retry", "meta")
        return {"type": kind, "payload": {"attachment_id": str(id)}}


def _quick_replies(outgoing: Outgoing) -> list[dict[str, str]]:
    if any(not 1 <= len(choice.id) <= MOST_PAYLOAD for choice in outgoing.choices):
        raise failed("refused", "choices")
    return [
        {"content_type": "text", "title": choice.title, "payload": choice.id}
        for choice in outgoing.choices
    ]


def _token(account: Account) -> str:
    return account.secrets.get("access_token", "")


def _listed(answer: graph.Answer) -> list[dict[str, Any]]:
    found = answer.get("data")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _key(problem: Refusal | Silence) -> str:
    if isinstance(problem, Silence):
        return failed("retry", "unreachable").key
    return from_refusal(problem).key
