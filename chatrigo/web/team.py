"""Working in another of one's businesses."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatrigo import cookies, db
from chatrigo.domain.accounts import businesses, sessions
from chatrigo.errors import Invalid
from chatrigo.web import signed


async def switch(request: Request) -> Response:
    """`{"business"}` → 204 with the session's new token; every tab of the browser works there now."""
    try:
        sent = await request.json()
    except ValueError:
        raise Invalid("errors.bad_json") from None
    wanted = sent.get("business") if isinstance(sent, dict) else None
    # Also out of a business that is closed, so not by `signed.do`.
    actor = (await signed.person(request)).actor
    token = await db.run(businesses.switch_business, actor, wanted)
    cookie = cookies.written(cookies.SESSION, token, days=sessions.ABSOLUTE.days)
    return Response(status_code=204, headers={"Set-Cookie": cookie, "Cache-Control": "no-store"})


routes = [Route("/auth/switch", switch, methods=["POST"])]
