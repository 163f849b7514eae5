"""
Requests to vendors: one pool of connections for each event loop, and a word for what went wrong.

What failed before it was on its way may be tried again; what failed later may have gone out.
"""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from chatrigo.integrations.channels.port import SendFailed

CONNECT_SECONDS = 5.0
# A vendor closes idle connections; one that is closed while we write looks like a lost answer.
IDLE_SECONDS = 15.0

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()


async def ask(method: str, url: str, *, seconds: float, **parts: Any) -> httpx.Response:
    """The vendor's answer, whatever its status; SendFailed `retry` or `unknown` without one."""
    try:
        async with asyncio.timeout(seconds):
            return await client().request(method, url, timeout=_limits(seconds), **parts)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise SendFailed("retry", "", code="unreached", details=type(error).__name__) from None
    except (httpx.HTTPError, TimeoutError) as error:
        raise SendFailed("unknown", "", code="silent", details=type(error).__name__) from None


async def download(url: str, most: int, *, seconds: float, **parts: Any) -> bytes:
    """A file, or SendFailed: `refused` with the code `too_big` when it is larger than `most`."""
    try:
        async with (
            asyncio.timeout(seconds),
            client().stream("GET", url, timeout=_limits(seconds), **parts) as response,
        ):
            return await _body(response, most)
    except (httpx.HTTPError, TimeoutError) as error:
        raise SendFailed("retry", "", code="silent", details=type(error).__name__) from None


def client() -> httpx.AsyncClient:
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        limits = httpx.Limits(max_connections=200, keepalive_expiry=IDLE_SECONDS)
        _clients[loop] = httpx.AsyncClient(limits=limits, trust_env=False)
    return _clients[loop]


async def close() -> None:
    """Close what this event loop has open."""
    open_one = _clients.pop(asyncio.get_running_loop(), None)
    if open_one:
        await open_one.aclose()


def _limits(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))


async def _body(response: httpx.Response, most: int) -> bytes:
    if response.status_code != httpx.codes.OK:
        again = response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
        raise SendFailed("retry" if again else "refused", "", code=str(response.status_code))
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > most:
            raise SendFailed("refused", "", code="too_big")
        parts.append(part)
    return b"".join(parts)
