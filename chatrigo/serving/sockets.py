"""
Open sockets and the sessions they were opened with.

A socket carries the cookie of the moment it connected. When that session ends, here or in
another process, the tab is sent to the sign-in page and its socket is closed; when what the
person may do has changed, the socket is dropped, and the tab connects and loads anew by itself.
"""

import asyncio
import logging
from collections import defaultdict
from typing import Any

import reflex as rx
from reflex_base.event import Event

from chatrigo import cookies, db, security
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import open_sessions
from chatrigo.events import NOBODY, Fact, Inbox, Missed, SessionsChanged, SessionsEnded, hub

log = logging.getLogger(__name__)

NAMESPACE = "/_event"
# Time for what the page itself does on signing out, and for a new cookie to arrive.
BREATH_SECONDS = 0.3
NEW_COOKIE_SECONDS = 1.0
SWEEP_SECONDS = 60.0
GO = """
document.querySelectorAll('form[data-dirty]').forEach((form) => form.removeAttribute('data-dirty'));
location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
"""


async def watch(app: rx.App) -> None:
    """
    Close sockets for as long as the application serves.

    A session may also end by itself, idle or grown old, and then there is no fact: every minute
    the database is asked about all of them.
    """
    with hub.subscribe(NOBODY) as news:
        closing: set[asyncio.Task[None]] = set()
        while True:
            for fact in await _next(news):
                task = asyncio.create_task(_hear(app, fact))
                closing.add(task)
                task.add_done_callback(closing.discard)


async def _next(news: Inbox) -> list[Fact]:
    try:
        async with asyncio.timeout(SWEEP_SECONDS):
            return await news.batch()
    except TimeoutError:
        return [Missed(NOBODY)]


async def _hear(app: rx.App, fact: Fact) -> None:
    try:
        if isinstance(fact, SessionsEnded):
            await asyncio.sleep(BREATH_SECONDS)
            await _send_away(app, set(fact.token_hashes))
        elif isinstance(fact, SessionsChanged):
            await asyncio.sleep(NEW_COOKIE_SECONDS)
            await _drop(app, set(fact.token_hashes))
        elif isinstance(fact, Missed):
            await _send_away_whose_session_is_over(app)
    except Exception:
        log.exception("sockets could not be closed")


async def _send_away_whose_session_is_over(app: rx.App) -> None:
    """Ask the database about every open socket."""
    held = list(_by_token(app))
    over = await db.run(open_sessions.which_are_over, PUBLIC, held) if held else set()
    await _send_away(app, over)


async def _send_away(app: rx.App, token_hashes: set[str]) -> None:
    by_token = _by_token(app)
    sids = [sid for hash in token_hashes for sid in by_token.get(hash, ())]
    (go,) = Event.from_event_type(rx.call_script(GO))
    for sid in sids:
        await app.event_namespace.emit("event", rx.state.StateUpdate(events=[go]), to=sid)
    for sid in sids:
        eio_sid = _eio_sid(app, sid)
        await app.event_namespace.disconnect(sid)
        await _close(app, eio_sid)


async def _drop(app: rx.App, token_hashes: set[str]) -> None:
    by_token = _by_token(app)
    for hash in token_hashes:
        for sid in by_token.get(hash, ()):
            await _close(app, _eio_sid(app, sid))


async def _close(app: rx.App, eio_sid: str | None) -> None:
    """Down to the connection: asking a websocket's client to close is not enough."""
    assert app.sio is not None
    socket = app.sio.eio.sockets.get(eio_sid)
    if socket is None:
        return
    await socket.close(wait=False)
    await socket.queue.put(None)  # its writer takes this as the end, and closes


def _by_token(app: rx.App) -> dict[str, list[str]]:
    """The sids of the sockets in this process, by the hash of the session token they brought."""
    found: dict[str, list[str]] = defaultdict(list)
    if app.sio is None:
        return found
    for sid, _ in list(app.sio.manager.get_participants(NAMESPACE, None)):
        environ: dict[str, Any] = app.sio.get_environ(sid, NAMESPACE) or {}
        token = cookies.read(environ.get("HTTP_COOKIE", ""), cookies.SESSION)
        if token:
            found[security.digest(token)].append(sid)
    return found


def _eio_sid(app: rx.App, sid: str) -> str | None:
    assert app.sio is not None
    return app.sio.manager.eio_sid_from_sid(sid, NAMESPACE)
