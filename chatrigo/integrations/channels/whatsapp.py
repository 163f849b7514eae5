"""
The WhatsApp Cloud API.

An account's `external_id` is the phone number id; `settings["waba_id"]` the WhatsApp Business
account; `secrets` has access_token, app_secret and verify_token.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from chatrigo.integrations.channels import graph, whatsapp_health, whatsapp_limits, whatsapp_parse
from chatrigo.integrations.channels.graph import Refusal, Silence, TooLarge
from chatrigo.integrations.channels.port import (
    Account,
    Connecting,
    Event,
    Field,
    File,
    Health,
    Media,
    Outgoing,
    SendFailed,
    Sent,
)
from chatrigo.integrations.channels.whatsapp_errors import (
    BAD_UPLOAD,
    failed,
    from_refusal,
    from_silence,
)
from chatrigo.integrations.channels.whatsapp_send import body_of

log = logging.getLogger(__name__)

NAMES = {
    "image/jpeg": "gambar.jpg",
    "image/png": "gambar.png",
    "image/webp": "stiker.webp",
    "application/pdf": "dokumen.pdf",
    "video/mp4": "video.mp4",
    "audio/ogg": "suara.ogg",
}


class WhatsApp:
    kind = "whatsapp"
    limits = whatsapp_limits.LIMITS
    connecting = Connecting(
        fields=(
            Field("external_id"),
            Field("waba_id"),
            Field("access_token", secret=True),
            Field("app_secret", secret=True),
            Field("verify_token", secret=True, made=True, shown=True),
        ),
        steps=("app", "number", "token", "secret"),
        checks=whatsapp_health.STEPS,
        webhook=True,
    )

    def verify(self, account: Account, headers: Mapping[str, str], body: bytes) -> bool:
        return graph.signed(account.secrets.get("app_secret", ""), headers, body)

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        return graph.challenge(account.secrets.get("verify_token", ""), query)

    def parse(self, account: Account, body: Any) -> list[Event]:
        return whatsapp_parse.events(account, body)

    def accounts(self, body: Any) -> list[str]:
        """All numbers of ours that one call may speak of: an app of Meta's has one address."""
        return whatsapp_parse.numbers(body)

    async def subscribe(self, account: Account, address: str) -> None:
        """Have calls about the Business account come to `address`, or to nowhere."""
        path = f"{_waba(account)}/subscribed_apps"
        token = account.secrets.get("verify_token", "")
        try:
            if not address:
                await graph.delete(_token(account), path)
                return
            body = {"override_callback_uri": address, "verify_token": token}
            await graph.post(_token(account), path, body)
        except Refusal as refusal:
            raise from_refusal(refusal) from None
        except Silence:
            raise failed("retry", "unreachable") from None

    async def send(self, account: Account, outgoing: Outgoing) -> Sent:
        whatsapp_limits.check(outgoing)
        body_of(outgoing, "checked")
        file = outgoing.template.header_media if outgoing.template else outgoing.file
        media_id = await self._upload(account, file) if file else ""
        try:
            return await self._post(account, outgoing, media_id)
        except Refusal as refusal:
            if not file or refusal.code != BAD_UPLOAD:
                raise from_refusal(refusal) from None
        # Meta lost the file: nothing went out, and a new upload mends it. Once.
        media_id = await self._upload(account, file)
        try:
            return await self._post(account, outgoing, media_id)
        except Refusal as refusal:
            raise from_refusal(refusal) from None

    async def fetch(self, account: Account, media: Media, most: int) -> bytes:
        """Its address is good for five minutes, and so asked for anew each time."""
        try:
            found = await graph.get(_token(account), _path(media.reference))
            size = str(found.get("file_size") or "")
            if size.isdigit() and int(size) > most:
                raise TooLarge
            return await graph.download(_token(account), str(found.get("url") or ""), most)
        except TooLarge:
            raise failed("refused", "file_large", "limit") from None
        except Silence:
            raise failed("retry", "unreachable") from None
        except Refusal as refusal:
            if refusal.status >= 500:
                raise failed("retry", "meta", refusal.code or refusal.status) from None
            raise from_refusal(refusal) from None

    async def seen(self, account: Account, to: str, message_id: str, *, typing: bool) -> None:
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message_id,
        }
        if typing:
            body["typing_indicator"] = {"type": "text"}
        with suppress(Refusal, Silence, SendFailed):
            await graph.post(_token(account), f"{_path(account.external_id)}/messages", body)

    async def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """WhatsApp can't be asked what was sent; a status with our key may still tell."""
        return None

    async def check(self, account: Account) -> Health:
        return await whatsapp_health.check(account)

    async def _post(self, account: Account, outgoing: Outgoing, media_id: str) -> Sent:
        """Raises Refusal; SendFailed for anything else."""
        path = f"{_path(account.external_id)}/messages"
        try:
            answer = await graph.post(_token(account), path, body_of(outgoing, media_id))
        except Silence as silence:
            raise from_silence(silence) from None
        match answer.get("messages"):
            case [{"id": str(id)}, *_] if id:
                return Sent(id)
        log.warning("WhatsApp took a message and named no id for it")
        raise failed("unknown", "unknown")

    async def _upload(self, account: Account, file: File) -> str:
        """Until here nothing has gone to the customer: whatever is amiss may be tried again."""
        mime = file.mime.partition(";")[0].strip().lower()
        name = file.name or NAMES.get(mime, "berkas")
        fields = {"messaging_product": "whatsapp", "type": file.mime}
        path = f"{_path(account.external_id)}/media"
        try:
            answer = await graph.upload(
                _token(account), path, fields, name, file.content, file.mime
            )
        except Silence:
            raise failed("retry", "unreachable") from None
        except Refusal as refusal:
            failure = from_refusal(refusal)
            raise _again(failure) if failure.advice == "unknown" else failure from None
        id = answer.get("id")
        if not isinstance(id, str) or not id:
            raise failed("retry", "meta")
        return id


def _again(failure: SendFailed) -> SendFailed:
    return failed("retry", "meta", failure.code)


def _token(account: Account) -> str:
    return account.secrets.get("access_token", "")


def _waba(account: Account) -> str:
    return _path(str(account.settings.get("waba_id", "")))


def _path(id: str) -> str:
    """An id as a part of an address: what is none leads nowhere."""
    if not id.isascii() or not id.replace("_", "").isalnum():
        raise failed("refused", "wrong", "limit", details="not an id of Meta's")
    return id


adapter = WhatsApp()
