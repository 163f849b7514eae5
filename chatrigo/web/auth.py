"""The session cookie: set for a ticket, removed on leaving. Scripts never see it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from chatrigo.errors import Invalid


async def enter(request: Request) -> Response:
    """`{"ticket"}` → 204 with the cookie."""
    token = await db.run(
        sessions.enter,
        PUBLIC,
        await _ticket(request),
        request.cookies.get(cookies.BROWSER, ""),
        replaces=request.cookies.get(cookies.SESSION, ""),
        user_agent=request.headers.get("user-agent", ""),
        address=request.client.host if request.client else "",
    )
    return _nothing(cookies.written(cookies.SESSION, token, days=sessions.ABSOLUTE.days))


async def leave(request: Request) -> Response:
    """→ 204; the session is over, in every tab of the browser."""
    await db.run(sessions.leave, PUBLIC, request.cookies.get(cookies.SESSION, ""))
    return _nothing(cookies.erased(cookies.SESSION))


async def _ticket(request: Request) -> str:
    try:
        sent = await request.json()
    except ValueError:
        raise Invalid("errors.bad_json") from None
    ticket = sent.get("ticket") if isinstance(sent, dict) else None
    if not isinstance(ticket, str):
        raise Invalid("errors.bad_json")
    return ticket


def _nothing(cookie: str) -> Response:
    return Response(status_code=204, headers={"Set-Cookie": cookie, "Cache-Control": "no-store"})


routes = [
    Route("/auth/enter", enter, methods=["POST"]),
    Route("/auth/leave", leave, methods=["POST"]),
]
