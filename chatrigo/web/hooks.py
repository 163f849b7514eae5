"""
Where vendors call: checked, kept as it came, acknowledged; all else is a duty.

The address names one channel by a random word. What the vendor signed is verified on the raw
bytes before anything is read.
"""

import json
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.channels import accounts, inbound
from chatrigo.domain.channels.accounts import OpenedChannel
from chatrigo.errors import Forbidden
from chatrigo.integrations.channels import registry
from chatrigo.integrations.channels.port import Adapter


async def shake_hands(request: Request) -> Response:
    """The vendor asks whether the address is ours."""
    adapter, kind, hook = _called(request)
    channel = await db.run(_find, PUBLIC, kind, hook)
    answer = adapter.challenge(registry.account_of(channel), dict(request.query_params))
    if answer is None:
        raise Forbidden("errors.wrong_signature")
    return PlainTextResponse(answer)


async def take_call(request: Request) -> Response:
    """200 as soon as it is kept; 403 for a wrong signature, 404 for an address of nobody."""
    adapter, kind, hook = _called(request)
    body = await request.body()
    verified = partial(_verified, adapter, dict(request.headers), body)
    await db.run(inbound.take_call, PUBLIC, kind, hook, body, verified, _is_json(body))
    return PlainTextResponse("")


def _called(request: Request) -> tuple[Adapter, str, str]:
    kind, hook = request.path_params["kind"], request.path_params["hook"]
    return registry.adapter_of(kind), kind, hook


def _find(session: object, actor: object, kind: str, hook: str) -> OpenedChannel:
    return accounts.find_by_hook(session, kind, hook)  # type: ignore[arg-type]


def _verified(
    adapter: Adapter, headers: dict[str, str], body: bytes, channel: OpenedChannel
) -> bool:
    return adapter.verify(registry.account_of(channel), headers, body)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


routes = [
    Route("/hooks/{kind}/{hook}", shake_hands, methods=["GET"]),
    Route("/hooks/{kind}/{hook}", take_call, methods=["POST"]),
]
