"""
The API channel: any other system gives a customer's message and gets the reply.

`Authorization: Bearer` carries a key that was made on the screen of channels. A reply comes by a
signed call to the channel's address, or in this response with `?wait=SECONDS`.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chatrigo import db
from chatrigo.domain.access import PUBLIC, as_id
from chatrigo.domain.channels import api_keys
from chatrigo.domain.conversations.receive import Received
from chatrigo.errors import Invalid, SignedOut
from chatrigo.events import Inbox, MessageAdded, hub

LONGEST_WAIT = 30.0
# After the first reply, another bubble that belongs to it is waited for this long.
BREATH_SECONDS = 0.3


async def post_message(request: Request) -> JSONResponse:
    """202 `{"id", "conversation", "again"}`; with `?wait=` also `replies`, empty if none came."""
    token = _token(request)
    channel_id = as_id(request.path_params["channel_id"])
    sent = await _json(request)
    key = request.headers.get("idempotency-key", "")
    seconds = _seconds(request.query_params.get("wait"))
    if not seconds:
        received = await db.run(api_keys.write, PUBLIC, token, channel_id, sent, key)
        return JSONResponse(_acknowledged(received), status_code=202)
    business_id = await db.run(api_keys.business_of, PUBLIC, token, channel_id)
    with hub.subscribe(business_id) as news:
        received = await db.run(api_keys.write, PUBLIC, token, channel_id, sent, key)
        news.only(received.conversation_id)
        replies = [] if received.again else await _replies(news, received, seconds)
    return JSONResponse(_acknowledged(received) | {"replies": replies}, status_code=202)


async def _replies(news: Inbox, received: Received, seconds: float) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    due = loop.time() + seconds
    try:
        while True:
            async with asyncio.timeout_at(due):
                facts = await news.batch()
            for fact in facts:
                if isinstance(fact, MessageAdded) and _answers(fact, received):
                    row = fact.message
                    by = "assistant" if row.author == "ai" else "person"
                    found.append({"id": f"m:{row.id}", "text": row.body, "by": by, "at": row.at})
                    due = min(due, loop.time() + BREATH_SECONDS)
    except TimeoutError:
        return found


def _answers(fact: MessageAdded, received: Received) -> bool:
    row = fact.message
    return (
        fact.conversation_id == received.conversation_id
        and row.author in ("ai", "human")
        and row.kind in ("text", "image")
        and row.id > received.message_id
    )


def _acknowledged(received: Received) -> dict[str, Any]:
    return {
        "id": received.message_id,
        "conversation": received.conversation_id,
        "again": received.again,
    }


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise SignedOut("errors.api_key")
    return token.strip()


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
    Route("/api/v1/channels/{channel_id}/messages", post_message, methods=["POST"]),
]
