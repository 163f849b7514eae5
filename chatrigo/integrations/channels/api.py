"""
Any other system as a channel: it posts messages with a key, and hears replies by a signed call.

Without an address to call, replies are taken by `?wait=` in the response to the message.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from chatrigo.config import settings
from chatrigo.integrations.channels.port import (
    Account,
    Connecting,
    Event,
    Field,
    Health,
    Ignored,
    Limits,
    Media,
    Outgoing,
    SendFailed,
    Sent,
)
from chatrigo.integrations.fetch import Fetcher, FetchRefused

SECONDS = 15.0
SIGNATURE = "X-Chatrigo-Signature-256"


class ApiChannel:
    kind = "api"
    limits = Limits(text=0)
    connecting = Connecting(
        fields=(
            Field("callback_url", optional=True),
            Field("callback_secret", secret=True, made=True, shown=True),
        ),
        steps=("key", "post", "callback"),
        checks=("callback",),
    )

    def __init__(self, fetcher: Fetcher | None = None) -> None:
        self._fetcher = fetcher or Fetcher(allow_loopback=settings.dev, seconds=SECONDS)

    def verify(self, account: Account, headers: Mapping[str, str], body: bytes) -> bool:
        return False

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        return None

    def parse(self, account: Account, body: Any) -> list[Event]:
        return [Ignored("messages come by /api/v1")]

    async def subscribe(self, account: Account, address: str) -> None:
        return None

    async def send(self, account: Account, outgoing: Outgoing) -> Sent:
        """The receiver knows a repeat by `id`, so what may have arrived is sent again."""
        url = str(account.settings.get("callback_url") or "")
        if not url:
            return Sent("")
        body = _body(outgoing)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": outgoing.key,
            SIGNATURE: f"sha256={signature(account.secrets.get('callback_secret', ''), body)}",
        }
        try:
            found = await self._fetcher.request("POST", url, headers=headers, content=body)
        except FetchRefused as refused:
            lasting = refused.key in ("fetch.address", "fetch.private")
            raise SendFailed(
                "refused" if lasting else "retry", "channels.failed_callback", code=refused.key
            ) from None
        if found.status >= 300:
            passing = found.status in (408, 425, 429) or found.status >= 500
            raise SendFailed(
                "retry" if passing else "refused",
                "channels.failed_callback",
                code=str(found.status),
            )
        return Sent("")

    async def fetch(self, account: Account, media: Media, most: int) -> bytes:
        raise SendFailed("refused", "channels.failed_file")

    async def seen(self, account: Account, to: str, message_id: str, *, typing: bool) -> None:
        return None

    async def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        return None

    async def check(self, account: Account) -> Health:
        """Whether somebody answers at the address at all."""
        url = str(account.settings.get("callback_url") or "")
        if not url:
            return Health({"callback": ""})
        try:
            await self._fetcher.request("HEAD", url)
        except FetchRefused:
            return Health({"callback": "channels.failed_callback"})
        return Health({"callback": ""})


def signature(secret: str, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256 of the raw body, for the receiver to compare."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _body(outgoing: Outgoing) -> bytes:
    said = {
        "id": outgoing.key,
        "contact": {"id": outgoing.to},
        "text": outgoing.body,
        "by": "person" if outgoing.by_person else "assistant",
    }
    return json.dumps(said, ensure_ascii=False).encode()


adapter = ApiChannel()
