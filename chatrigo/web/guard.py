"""
Around the whole app, pages and socket included: who may send what, and how much of it.

* every page tells browsers what they may do on it (`policy`), and gives a browser its name
* a body larger than its path allows is refused, counted as it arrives
* a request that changes something and carries a cookie must come from our own pages
"""

import re
from collections.abc import Iterable
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatrigo import cookies, faults, security
from chatrigo.config import settings
from chatrigo.domain.knowledge.sources import MAX_BYTES
from chatrigo.errors import ChatrigoError, Forbidden
from chatrigo.web import refusals
from chatrigo.web.policy import HEADERS, Policies, of_no_page

MEGABYTE = 1024 * 1024
# What is read and thrown away so that a browser that sends too much still hears why.
READ_AWAY = 64 * MEGABYTE
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BROWSER_DAYS = 400  # the most that browsers keep
UPLOAD = "/knowledge/files"
HOOK_BYTES = 3 * MEGABYTE  # the most that vendors send
_ATTACHMENT = re.compile(r"/chat/[^/]+/attachments")


class TooLarge(ChatrigoError):
    status = 413


def routed(routes: Iterable[BaseRoute]) -> Starlette:
    """Our own routes, with errors told as JSON."""
    return Starlette(routes=list(routes), exception_handlers=refusals.HANDLERS)  # type: ignore[arg-type]


class Guard:
    """ASGI middleware. `built` is the folder of the compiled front end, if there is one."""

    def __init__(self, app: ASGIApp, built: Path | None = None) -> None:
        self._app = app
        self._policies = Policies(built if built and built.is_dir() else None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = Request(scope, receive)
        answer = self._dressed(request, send)
        try:
            check_origin(request)
        except ChatrigoError as error:
            faults.watch(error, request.url.path, address=request.client and request.client.host)
            return await _refuse(request, error, answer)
        return await Body(request).pass_on(self._app, answer)

    def _dressed(self, request: Request, send: Send) -> Send:
        """`send`, adding the headers of every response and those of a page."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                path = request.url.path
                # "Not modified" renews the headers that the browser has kept with the page.
                page = _is_page(headers) or _is_unchanged_page(request, message)
                headers.update(self._policies.of(path) if page else of_no_page(path))
                if page:
                    _name_browser(request, headers)
            await send(message)

        return dressed


class Body:
    """A request's body, counted as it is read."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._most = limit_of(request.url.path)
        self._read = 0
        self._over = False
        self._answering = False

    async def pass_on(self, app: ASGIApp, send: Send) -> None:
        if self._announced() > self._most:
            await self._read_away()
            return await self._refuse(send)

        async def answer(message: Message) -> None:
            # Whatever the app made of a body that was cut short, the reason is ours to tell.
            if not self._over:
                self._answering = True
                await send(message)

        try:
            await app(self._request.scope, self._receive, answer)
        except TooLarge:
            if self._answering:
                raise
        if self._over and not self._answering:
            await self._refuse(send)
        return None

    async def _receive(self) -> Message:
        message = await self._request.receive()
        self._read += len(message.get("body", b""))
        if self._read > self._most:
            self._over = True
            await self._read_away(message)
            raise self._refusal()
        return message

    async def _read_away(self, message: Message | None = None) -> None:
        while message is None or (message.get("more_body") and self._read < READ_AWAY):
            message = await self._request.receive()
            self._read += len(message.get("body", b""))

    def _announced(self) -> int:
        length = self._request.headers.get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() else 0

    def _refusal(self) -> TooLarge:
        return TooLarge("errors.body_too_large", megabytes=self._most // MEGABYTE)

    async def _refuse(self, send: Send) -> None:
        await _refuse(self._request, self._refusal(), send)


def limit_of(path: str) -> int:
    """The most bytes that a request to `path` may have."""
    if path == UPLOAD:
        return MAX_BYTES
    if path.startswith("/hooks/"):
        return HOOK_BYTES
    return settings.attachment_megabytes * MEGABYTE if _ATTACHMENT.fullmatch(path) else MEGABYTE


def check_origin(request: Request) -> None:
    """
    Raises Forbidden for a request of another site's page that would use our cookies.

    Browsers name the page's origin on whatever is not a plain GET; one that does not must say
    that the page is ours, or that there is no page.
    """
    if request.method in SAFE or not _uses_cookies(request):
        return
    origin = request.headers.get("origin")
    if origin in settings.allowed_origins:
        return
    if origin is None and request.headers.get("sec-fetch-site") in {"same-origin", "none"}:
        return
    raise Forbidden("errors.wrong_origin")


def _uses_cookies(request: Request) -> bool:
    return cookies.SESSION in request.cookies or request.url.path.startswith("/auth/")


def _is_page(headers: MutableHeaders) -> bool:
    return headers.get("content-type", "").startswith("text/html")


def _is_unchanged_page(request: Request, message: Message) -> bool:
    return message["status"] == 304 and "text/html" in request.headers.get("accept", "")


def _name_browser(request: Request, headers: MutableHeaders) -> None:
    """Codes and tickets are good only in the browser that asked for them: it needs a name."""
    if request.method != "GET" or request.cookies.get(cookies.BROWSER):
        return
    headers.append("Set-Cookie", cookies.written(cookies.BROWSER, security.token(), BROWSER_DAYS))
    headers["Cache-Control"] = "private, no-cache"


async def _refuse(request: Request, error: ChatrigoError, send: Send) -> None:
    response = await refusals.refused(request, error)
    await response(request.scope, request.receive, send)
