"""
The one way for a route to act for the person whose session the request carries.

The cookie is all that is believed, and only from our own pages: a link on another site brings it
along too, and browsers say so.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from starlette.requests import Request

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from chatrigo.domain.accounts.sessions import SignedIn
from chatrigo.domain.operator import support
from chatrigo.errors import Forbidden, SignedOut, Suspended

R = TypeVar("R")

OURS = (None, "same-origin", "none")


async def person(request: Request) -> SignedIn:
    """Whose request this is. Raises SignedOut, Forbidden."""
    if request.headers.get("sec-fetch-site") not in OURS:
        raise Forbidden("errors.wrong_origin")
    found = await db.run(sessions.find, PUBLIC, request.cookies.get(cookies.SESSION, ""))
    if found is None:
        raise SignedOut
    return found


async def do(request: Request, fn: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """
    Run a domain function as that person; what they may is decided there, and what our support
    looks at is noted. Raises Suspended for the people of a business that is closed.
    """
    found = await person(request)
    if found.suspended and not found.actor.support_id:
        raise Suspended
    if found.actor.support_id:
        writer = replace(found.actor, support_id=0)
        await db.run(support.note_look, writer, fn.__name__, request.url.path)
    return await db.run(fn, found.actor, *args, **kwargs)
