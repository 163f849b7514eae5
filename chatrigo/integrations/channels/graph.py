"""
Meta's Graph API as all of its channels use it: signed calls from them, calls with a token to them.

A call has a time limit and is made once. What it says about a message is the caller's to judge:
`Refusal` is an answer of Meta's that says no, `Silence` is none at all.
"""

import asyncio
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from chatrigo.config import settings
from chatrigo.integrations.channels import wire

SECONDS = 20.0
# Where Meta keeps the files that customers send. Our token goes nowhere else.
HOMES = (".facebook.com", ".fbsbx.com", ".fbcdn.net", ".whatsapp.net", ".cdninstagram.com")

Answer = dict[str, Any]


@dataclass(eq=False)
class Refusal(Exception):
    """
    Meta said no. `code` 0 with `status` above 0 is an answer without Meta's own error in it.

    transient    Meta says itself that it may be tried again
    retry_after  seconds, where a header named them
    """

    code: int
    status: int
    subcode: int = 0
    message: str = ""
    details: str = ""
    transient: bool = False
    retry_after: float = 0
    from_meta: bool = True


@dataclass(eq=False)
class Silence(Exception):
    """No answer. `reached` tells whether the request may have been read all the same."""

    reached: bool


class TooLarge(Exception):
    """A file is larger than wanted, by its own word or by what came."""


def signed(secret: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """Whether `X-Hub-Signature-256` is the app's own signature of these bytes."""
    given = headers.get("x-hub-signature-256", "")
    if not secret:
        return False
    expected = "sha256=" + hmac.new(secret.encode(), raw, "sha256").hexdigest()
    return hmac.compare_digest(expected.encode(), given.encode(errors="replace"))


def challenge(token: str, query: Mapping[str, str]) -> str | None:
    """The handshake: what to echo to Meta, if it knows the verify token; else None."""
    given = query.get("hub.verify_token", "").encode(errors="replace")
    known = hmac.compare_digest(token.encode(), given)
    if not token or not known or query.get("hub.mode") != "subscribe":
        return None
    return query.get("hub.challenge") or None


async def get(token: str, path: str, **query: str) -> Answer:
    """Raises Refusal, Silence."""
    return await _call("GET", token, path, params=query)


async def post(token: str, path: str, body: Mapping[str, Any]) -> Answer:
    """Raises Refusal, Silence."""
    return await _call("POST", token, path, json=dict(body))


async def delete(token: str, path: str) -> Answer:
    """Raises Refusal, Silence."""
    return await _call("DELETE", token, path)


async def upload(
    token: str,
    path: str,
    fields: Mapping[str, str],
    name: str,
    content: bytes,
    mime: str,
    *,
    part: str = "file",
) -> Answer:
    """A file, as a form. Raises Refusal, Silence."""
    files = {part: (name, content, mime)}
    return await _call("POST", token, path, data=dict(fields), files=files)


async def download(token: str, url: str, most: int) -> bytes:
    """A file from where Meta says it lies. Raises Refusal, Silence, TooLarge."""
    if not trusted(url):
        raise Refusal(0, 0, message="a file outside of Meta's own servers", from_meta=False)
    try:
        async with (
            asyncio.timeout(SECONDS),
            wire.client().stream("GET", url, headers=_bearer(token), timeout=_limits()) as r,
        ):
            if r.status_code >= 300:
                raise refusal_of(r.status_code, r.headers, await r.aread())
            return await _at_most(r, most)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise Silence(reached=False) from None
    except (httpx.HTTPError, TimeoutError):
        raise Silence(reached=True) from None


def trusted(url: str) -> bool:
    """Whether the token may go there: to Meta, over TLS, or to where GRAPH_BASE points."""
    parts, base = urlsplit(url), urlsplit(settings.graph_base)
    if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
        return True
    return parts.scheme == "https" and f".{parts.hostname or ''}".endswith(HOMES)


async def _call(method: str, token: str, path: str, **request: Any) -> Answer:
    url = f"{settings.graph_base.rstrip('/')}/{settings.graph_version}/{path}"
    try:
        async with asyncio.timeout(SECONDS):
            response = await wire.client().request(
                method, url, headers=_bearer(token), timeout=_limits(), **request
            )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise Silence(reached=False) from None
    except (httpx.HTTPError, TimeoutError):
        raise Silence(reached=True) from None
    answer = _decoded(response.content)
    if response.status_code >= 300 or "error" in answer:
        raise refusal_of(response.status_code, response.headers, response.content)
    return answer


def refusal_of(status: int, headers: Mapping[str, str], raw: bytes) -> Refusal:
    """What an answer that says no says; also one with 200 and an error inside."""
    found = _decoded(raw).get("error")
    wait = _seconds(headers.get("retry-after", ""))
    if not isinstance(found, dict):
        return Refusal(0, status, retry_after=wait, from_meta=False)
    more = found.get("error_data")
    return Refusal(
        code=_number(found.get("code")),
        status=status,
        subcode=_number(found.get("error_subcode")),
        message=str(found.get("message") or "")[:300],
        details=str(more.get("details") or "")[:300] if isinstance(more, dict) else "",
        transient=found.get("is_transient") is True,
        retry_after=wait,
    )


async def _at_most(response: httpx.Response, most: int) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise TooLarge
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def _decoded(raw: bytes) -> Answer:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0


def _seconds(value: str) -> float:
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _limits() -> httpx.Timeout:
    return httpx.Timeout(SECONDS, connect=wire.CONNECT_SECONDS)
