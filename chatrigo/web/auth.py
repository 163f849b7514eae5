"""The session cookie: set for a ticket, removed on leaving. Scripts never see it."""

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import sessions, trusted
from chatrigo.errors import Invalid


async def enter(request: Request) -> Response:
    """`{"ticket"}` → 204 with the cookie, and that of a trusted device if it was asked for."""
    token, device = await db.run(_enter, PUBLIC, await _ticket(request), request)
    answer = _nothing(cookies.written(cookies.SESSION, token, days=sessions.ABSOLUTE.days))
    if device:
        kept = cookies.written(cookies.DEVICE, device, days=trusted.LASTS.days)
        answer.headers.append("Set-Cookie", kept)
    return answer


async def rotate(request: Request) -> Response:
    """`{"ticket"}` → 204 with the session's new token in its cookie."""
    browser = request.cookies.get(cookies.BROWSER, "")
    token = await db.run(sessions.renew, PUBLIC, await _ticket(request), browser)
    return _nothing(cookies.written(cookies.SESSION, token, days=sessions.ABSOLUTE.days))


async def leave(request: Request) -> Response:
    """→ 204; the session is over, in every tab of the browser."""
    await db.run(sessions.leave, PUBLIC, request.cookies.get(cookies.SESSION, ""))
    return _nothing(cookies.erased(cookies.SESSION))


def _enter(session: Session, actor: Actor, ticket: str, request: Request) -> tuple[str, str]:
    """The tokens of the session and of the trusted device; the latter may be empty."""
    user_agent = request.headers.get("user-agent", "")
    address = request.client.host if request.client else ""
    kept = request.cookies.get(cookies.DEVICE, "")
    device = trusted.remember(session, actor, ticket, kept, user_agent=user_agent, address=address)
    token = sessions.enter(
        session,
        actor,
        ticket,
        request.cookies.get(cookies.BROWSER, ""),
        replaces=request.cookies.get(cookies.SESSION, ""),
        user_agent=user_agent,
        address=address,
    )
    return token, device


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
    Route("/auth/rotate", rotate, methods=["POST"]),
    Route("/auth/leave", leave, methods=["POST"]),
]
