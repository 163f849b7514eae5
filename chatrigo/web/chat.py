"""
The customer's side over HTTP: messages and pictures, stored before they are acknowledged.

A message travels by POST with a key that the browser made, and is sent again until it is
acknowledged; answers reach the page over its socket. `?wait=` is for clients without one.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain import attachments
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.receive import Received
from chatrigo.domain.conversations.rows import MessageRow
from chatrigo.errors import Invalid
from chatrigo.events import Inbox, MessageAdded, hub
from chatrigo.i18n import known
from chatrigo.integrations import images, storage

LONGEST_WAIT = 60


async def post_message(request: Request) -> JSONResponse:
    """
    `{"visitor", "id", "text", "locale"?, "attachment"?}` → 202 `{"id", "conversation"}`;
    `attachment` is what uploading the picture answered.

    The same id is stored once; a repeat is acknowledged like the first. With `?wait=SECONDS`
    the response also has `answer`: the text that followed, or null when the time is over.
    """
    sent = await _json(request)
    slug = request.path_params["shop"]
    seconds = _seconds(request.query_params.get("wait"))
    if not seconds:
        received = await _write(request, slug, sent)
        return JSONResponse(_acknowledged(received), status_code=202)
    business_id = await db.run(visitor.business_of, PUBLIC, slug)
    with hub.subscribe(business_id) as news:
        received = await _write(request, slug, sent)
        news.only(received.conversation_id)
        answer = await _answer_to(news, received, seconds)
    return JSONResponse(
        _acknowledged(received) | {"answer": answer.body if answer else None}, status_code=202
    )


async def post_attachment(request: Request) -> JSONResponse:
    """A picture as the raw body; the visitor's key in `X-Visitor` → 201 `{"attachment"}`."""
    slug = request.path_params["shop"]
    key = request.headers.get("x-visitor", "")
    await db.run(visitor.allow_attachment, PUBLIC, slug, key)
    picture = await asyncio.to_thread(images.inspect, await _picture(request))
    sha256 = await storage.put(picture.bytes)
    ticket = await db.run(
        attachments.add_of_visitor,
        PUBLIC,
        slug,
        key,
        attachments.Picture(
            sha256, picture.mime, len(picture.bytes), picture.width, picture.height
        ),
    )
    return JSONResponse({"attachment": ticket}, status_code=201)


async def _picture(request: Request) -> bytes:
    """The body, given up as soon as it is too big. Raises Invalid."""
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > settings.attachment_megabytes * 1024 * 1024:
            raise Invalid("errors.attachment_too_big", limit=settings.attachment_megabytes)
    return bytes(raw)


async def _write(request: Request, slug: str, sent: dict[str, Any]) -> Received:
    return await db.run(
        visitor.write,
        PUBLIC,
        slug,
        sent.get("visitor"),
        address=request.client.host if request.client else "",
        message_id=sent.get("id"),
        body=sent.get("text"),
        locale=known(str(sent.get("locale", "id"))),
        ticket=sent.get("attachment"),
    )


async def _answer_to(news: Inbox, received: Received, seconds: float) -> MessageRow | None:
    """The first reply after the message, by the assistant or a person."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                for fact in await news.batch():
                    if (
                        isinstance(fact, MessageAdded)
                        and fact.conversation_id == received.conversation_id
                        and fact.message.author in ("ai", "human")
                        and visitor.visible(fact.message)
                        and fact.message.id > received.message_id
                    ):
                        return fact.message
    except TimeoutError:
        return None


def _acknowledged(received: Received) -> dict[str, Any]:
    return {"id": received.message_id, "conversation": received.conversation_id}


async def _json(request: Request) -> dict[str, Any]:
    try:
        sent = await request.json()
    except ValueError:
        raise Invalid("errors.bad_json") from None
    if not isinstance(sent, dict):
        raise Invalid("errors.bad_json")
    return sent


def _seconds(asked: str | None) -> float:
    try:
        return min(max(float(asked or 0), 0), LONGEST_WAIT)
    except ValueError:
        return 0


routes = [
    Route("/chat/{shop}/messages", post_message, methods=["POST"]),
    Route("/chat/{shop}/attachments", post_attachment, methods=["POST"]),
]
