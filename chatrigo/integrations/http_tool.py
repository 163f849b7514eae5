"""Sending a request of an owner's tool to their server: one answer, or a word why there is none."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from chatrigo.integrations.fetch import Fetcher, FetchRefused

# What is read of an answer; the model is told far less.
MOST_BYTES = 256 * 1024
# Nothing had reached the server when it failed with one of these.
NOT_SENT = frozenset({"fetch.address", "fetch.private", "fetch.unknown", "fetch.unreachable"})
SHOWN_KINDS = ("application/json", "text/plain", "text/csv", "")


@dataclass(frozen=True, slots=True)
class Answer:
    """
    `status` 0 is no answer, and `why` a key of the area `fetch` that says why; then `reached`
    tells whether the server may have got the request. `body` is JSON or text; empty for another
    kind of content.
    """

    status: int
    body: str
    kind: str
    milliseconds: int
    why: str = ""
    reached: bool = True


async def send(
    method: str, url: str, headers: Mapping[str, str], content: bytes, seconds: float
) -> Answer:
    """Redirects are answers like any other: they are not followed."""
    started = time.monotonic()
    try:
        found = await fetcher(seconds).request(method, url, headers=headers, content=content)
    except FetchRefused as refusal:
        reached = refusal.key not in NOT_SENT
        return Answer(0, "", "", _since(started), refusal.key, reached)
    shown = found.kind in SHOWN_KINDS or found.kind.endswith("+json")
    body = found.body.decode("utf-8", "replace") if shown else ""
    return Answer(found.status, body, found.kind, _since(started))


def fetcher(seconds: float) -> Fetcher:
    return Fetcher(seconds=seconds, most_bytes=MOST_BYTES)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
