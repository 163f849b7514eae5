"""
The lines to model servers: one client for each endpoint and key, kept while it is used.

A business's own endpoint is somebody else's choice of an address: it is resolved by us at each
connection, every address it has must be public, and the connection goes to what was checked.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from chatrigo.config import settings
from chatrigo.integrations.fetch import FetchRefused, public_address
from chatrigo.integrations.llm_turns import ModelFailed
from chatrigo.language_model import Model

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, AsyncStream

CONNECT_SECONDS = 5.0
# How many are kept; those of businesses that have been quiet longest go first.
MOST_LINES = 60

Way = tuple[str, str, bool, int]


@dataclass(eq=False)
class Line:
    """The client for an endpoint and a key, and the places on it."""

    client: "AsyncOpenAI"
    places: asyncio.Semaphore
    counts_usage: bool = True
    callers: int = 0

    @asynccontextmanager
    async def place(self, seconds: float) -> AsyncIterator[None]:
        self.callers += 1
        try:
            try:
                async with asyncio.timeout(seconds):
                    await self.places.acquire()
            except TimeoutError:
                raise ModelFailed("overloaded") from None
            try:
                yield
            finally:
                self.places.release()
        finally:
            self.callers -= 1

    async def ask(self, body: dict[str, Any]) -> "AsyncStream[object]":
        """Open the stream; a server that knows no `stream_options` is asked without, for good."""
        from openai import BadRequestError, UnprocessableEntityError

        if not self.counts_usage:
            return await self._post(body)
        try:
            return await self._post({**body, "stream_options": {"include_usage": True}})
        except (BadRequestError, UnprocessableEntityError):
            chunks = await self._post(body)
            self.counts_usage = False
            return chunks

    async def _post(self, body: dict[str, Any]) -> "AsyncStream[object]":
        from openai import AsyncStream

        return await self.client.post(
            "/chat/completions",
            body=body,
            cast_to=object,
            stream=True,
            stream_cls=AsyncStream[object],
        )


# A connection belongs to an event loop. The app has one; every test has its own.
_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Way, Line]] = WeakKeyDictionary()


async def line_to(model: Model) -> Line:
    loop = asyncio.get_running_loop()
    if loop not in _lines:
        await asyncio.to_thread(import_module, "openai")  # takes a third of a second
    lines = _lines.setdefault(loop, {})
    way = (model.endpoint, model.key, model.own, settings.llm_concurrency)
    line = lines.pop(way, None) or Line(_client(model), asyncio.Semaphore(settings.llm_concurrency))
    lines[way] = line  # the latest stands last
    await _let_go_of_the_quiet(lines)
    return line


async def close() -> None:
    """Let go of the connections of this event loop."""
    for line in _lines.pop(asyncio.get_running_loop(), {}).values():
        await line.client.close()


async def _let_go_of_the_quiet(lines: dict[Way, Line]) -> None:
    if len(lines) <= MOST_LINES:
        return
    *quiet, _latest = [way for way, line in lines.items()]
    quiet = [way for way in quiet if not lines[way].callers]
    for way in quiet[: len(lines) - MOST_LINES]:
        await lines.pop(way).client.close()


def _client(model: Model) -> "AsyncOpenAI":
    import httpx2
    from openai import AsyncOpenAI

    # Waiting for tokens is limited in llm._advance: bytes that keep a connection alive are no tokens.
    timeout = httpx2.Timeout(None, connect=CONNECT_SECONDS, write=CONNECT_SECONDS)
    limits = httpx2.Limits(
        max_connections=settings.llm_concurrency,
        max_keepalive_connections=settings.llm_concurrency,
        keepalive_expiry=30,
    )
    if model.own:
        http = httpx2.AsyncClient(timeout=timeout, transport=_guarded(limits), trust_env=False)
    else:
        http = httpx2.AsyncClient(timeout=timeout, limits=limits)
    return AsyncOpenAI(
        base_url=model.endpoint,
        api_key=model.key or "none",  # local servers want no key
        max_retries=0,
        http_client=http,
    )


def _guarded(limits: "httpx2.Limits") -> "httpx2.AsyncHTTPTransport":
    import httpx2

    class Guarded(httpx2.AsyncHTTPTransport):
        """Connects to an address that was checked; the name goes into `Host` and into TLS."""

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            url = request.url
            port = url.port or (443 if url.scheme == "https" else 80)
            loopback = settings.models_on_loopback
            name = url.raw_host.decode("ascii")
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    address = await public_address(name, port, allow_loopback=loopback)
            except (FetchRefused, TimeoutError) as refused:
                why = refused.key if isinstance(refused, FetchRefused) else "no address in time"
                raise httpx2.ConnectError(why, request=request) from None
            if url.scheme != "https" and not (loopback and address.is_loopback):
                raise httpx2.ConnectError("not https", request=request)
            request.url = url.copy_with(host=str(address))
            request.extensions = {**request.extensions, "sni_hostname": name}
            return await super().handle_async_request(request)

    return Guarded(trust_env=False, limits=limits)
