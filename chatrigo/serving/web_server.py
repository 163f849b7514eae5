"""One process serves it all: pages, socket, and our own HTTP, on one port."""

import asyncio
import errno
import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import uvicorn
from reflex_base.constants import Env
from reflex_base.environment import environment
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatrigo.config import settings
from chatrigo.serving import CannotStart
from chatrigo.serving.front_end import STATIC

GRACE_SECONDS = 4
SOCKET_MESSAGE_BYTES = 1_048_576
# A socket that died in silence (a tunnel, a flat battery) is noticed after both together, here
# and in the browser, which then connects anew.
PING_EVERY = timedelta(seconds=15)
PONG_WITHIN = timedelta(seconds=20)
FOREVER = "public, max-age=31536000, immutable"  # the name holds a hash of the content
AN_HOUR = "public, max-age=3600"
ALWAYS_ASK = "no-cache"

log = logging.getLogger("chatrigo.http")


def claim_port() -> socket.socket:
    """The listening socket, claimed before anything slow is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    claimed = socket.socket(family, socket.SOCK_STREAM)
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind((settings.host, settings.port))
        claimed.listen(2048)
    except OSError as error:
        claimed.close()
        raise CannotStart(_why_not(error)) from None
    return claimed


def _why_not(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {settings.port} is taken by another program; "
            f"choose another, as in: PORT={settings.port % 65535 + 1} make demo"
        )
    if error.errno == errno.EACCES:
        return f"port {settings.port} is not open to this user; choose one above 1023."
    return f"cannot listen on {settings.host} port {settings.port}: {error.strerror}."


def load() -> ASGIApp:
    """The whole application, with the front end that is already built."""
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    environment.REFLEX_SOCKET_INTERVAL.set(PING_EVERY)
    environment.REFLEX_SOCKET_TIMEOUT.set(PONG_WITHIN)
    from chatrigo.chatrigo import app

    return AccessLog(Pages(app(), STATIC))


def serve(app: ASGIApp, listening: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; open sockets get a few seconds to end."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws_max_size=SOCKET_MESSAGE_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config, on_ready)
    with suppress(SystemExit):  # the signal that ended it, raised again once all is closed
        server.run(sockets=[listening])
    if not server.started:
        raise CannotStart("the application did not start; the log above says why.")


class Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            await asyncio.to_thread(self._on_ready)


class Pages:
    """
    Lets browsers keep what cannot change, and spares them a redirect for each page.

    `/inbox` is a folder on disk, which the static files would answer with a redirect to
    `/inbox/`.
    """

    def __init__(self, app: ASGIApp, static_dir: Path) -> None:
        self._app = app
        self._folders = {
            f"/{page.parent.relative_to(static_dir)}"
            for page in static_dir.rglob("index.html")
            if page.parent != static_dir
        }
        self._files = {
            f"/{path.relative_to(static_dir)}" for path in static_dir.rglob("*") if path.is_file()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return await self._app(scope, receive, send)
        path = scope["path"]
        if path in self._folders:
            scope = {**scope, "path": f"{path}/", "raw_path": scope["raw_path"] + b"/"}

        async def kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "cache-control" not in headers and (rule := self._rule(path, headers)):
                    headers["cache-control"] = rule
            await send(message)

        return await self._app(scope, receive, kept)

    def _rule(self, path: str, headers: MutableHeaders) -> str | None:
        if headers.get("content-type", "").startswith("text/html"):
            return ALWAYS_ASK
        if path not in self._files:
            return None
        return FOREVER if path.startswith("/assets/") else AN_HOUR


class AccessLog:
    """A line per request; never the query, which carries tokens."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/assets/"):
            return await self._app(scope, receive, send)
        status = 500
        start = time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            log.info(
                "request",
                extra={
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "ms": round((time.perf_counter() - start) * 1000, 1),
                },
            )
        return None
