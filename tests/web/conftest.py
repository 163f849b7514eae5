"""Our HTTP, called in the same process."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from chatrigo.config import settings
from chatrigo.web import auth, export, team
from chatrigo.web.guard import Guard, routed


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse("<h1>Halo</h1>")


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def crash(request: Request) -> PlainTextResponse:
    raise RuntimeError("the password is hunter2")


ROUTES = [
    *auth.routes,
    *export.routes,
    *team.routes,
    Route("/page", page),
    Route("/c/kopi", page),
    Route("/echo", echo, methods=["POST"]),
    Route("/crash", crash),
    Route("/chat/{shop}/attachments", echo, methods=["POST"]),
]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client whose requests come from our own pages, as a browser would send them."""
    transport = httpx.ASGITransport(Guard(routed(ROUTES)), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.origin, headers={"Origin": settings.origin}
    ) as client:
        yield client
