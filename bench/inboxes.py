"""
Twenty tabs of the owner with the inbox open, and how soon all of them show a new message.

Each is a real socket of the kind the front end opens (Engine.IO 4 over WebSocket, Socket.IO 5),
with the owner's cookie. A message counts as visible when its text has arrived in a change of
the tab's state.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import count
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from bench import shop
from bench.load import Door, percentile, send
from bench.processes import BenchFailed

INBOXES = 20
MESSAGES = 20
PAUSE_SECONDS = 0.4
MISSING_SECONDS = 5
OPENING_SECONDS = 30
NAMESPACE = "/_event"
EVENT = f"42{NAMESPACE},"
PING, PONG, OPEN = "2", "3", "0"


@dataclass(slots=True)
class Watch:
    """One text that all inboxes wait for."""

    text: str
    left: int
    seen_by_all: asyncio.Event = field(default_factory=asyncio.Event)
    last_at: float = 0

    def see(self, frame: str) -> bool:
        if self.text not in frame:
            return False
        self.left -= 1
        self.last_at = time.perf_counter()
        if not self.left:
            self.seen_by_all.set()
        return True


@dataclass(slots=True)
class Seen:
    """Milliseconds from the POST to the last of the inboxes; `missed` never reached them all."""

    times: list[float] = field(default_factory=list)
    missed: int = 0
    bytes_each: int = 0

    @property
    def p50(self) -> float:
        return percentile(self.times, 50)

    @property
    def p95(self) -> float:
        return percentile(self.times, 95)


class Inbox:
    """One tab. It reads for as long as it is open."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._watches: list[Watch] = []
        self.received = 0

    def watch(self, watch: Watch) -> None:
        self._watches = [watch]

    async def read(self) -> None:
        async for frame in self._socket:
            assert isinstance(frame, str)
            if frame == PING:
                await self._socket.send(PONG)
            elif frame.startswith(EVENT):
                self.received += len(frame)
                self._watches = [watch for watch in self._watches if not watch.see(frame)]


async def measure(door: Door, numbers: "count[int]") -> Seen:
    """`door` answers at once that a message is stored; raises BenchFailed when no inbox opens."""
    seen = Seen()
    async with AsyncExitStack() as stack:
        inboxes = [
            await stack.enter_async_context(_inbox(door.port, number)) for number in range(INBOXES)
        ]
        await _until_all_follow(door, numbers, inboxes)
        before = sum(inbox.received for inbox in inboxes)
        for _ in range(MESSAGES):
            took = await _one(door, next(numbers), inboxes, MISSING_SECONDS)
            seen.missed += took is None
            seen.times += [took] if took is not None else []
            await asyncio.sleep(PAUSE_SECONDS)
        received = sum(inbox.received for inbox in inboxes) - before
        seen.bytes_each = received // INBOXES // MESSAGES
    return seen


async def _one(door: Door, number: int, inboxes: list[Inbox], seconds: float) -> float | None:
    watch = Watch(marked(door, number), len(inboxes))
    for inbox in inboxes:
        inbox.watch(watch)
    sent_at = time.perf_counter()
    await send(door, number)
    try:
        await asyncio.wait_for(watch.seen_by_all.wait(), seconds)
    except TimeoutError:
        return None
    return (watch.last_at - sent_at) * 1000


async def _until_all_follow(door: Door, numbers: "count[int]", inboxes: list[Inbox]) -> None:
    """The first message that reaches all of them shows that they have loaded and listen."""
    deadline = time.perf_counter() + OPENING_SECONDS
    while time.perf_counter() < deadline:
        if await _one(door, next(numbers), inboxes, 2) is not None:
            return
    raise BenchFailed("no message reached all the inboxes; does /inbox load for the owner?")


def marked(door: Door, number: int) -> str:
    """The text of the n-th message, as it stands in a frame."""
    return json.dumps(door.body(number)["text"])[1:-1]


@asynccontextmanager
async def _inbox(port: int, number: int) -> AsyncIterator[Inbox]:
    address = f"ws://127.0.0.1:{port}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid4()}"
    async with connect(
        address,
        origin=f"http://localhost:{port}",  # type: ignore[arg-type]
        additional_headers={"Cookie": f"chatrigo_session={shop.session_token(number)}"},
        subprotocols=[version("reflex")],  # type: ignore[list-item]
        max_size=None,
    ) as socket:
        opened = await socket.recv()
        assert str(opened).startswith(OPEN)
        await socket.send(f"40{NAMESPACE}," + json.dumps({"event": _page_opened()}))
        inbox = Inbox(socket)
        reading = asyncio.create_task(inbox.read())
        try:
            yield inbox
        finally:
            reading.cancel()


def _page_opened() -> dict[str, object]:
    """What the front end sends first: load the state and this page."""
    from reflex.state import State

    return {
        "name": f"{State.get_full_name()}.hydrate_and_load",
        "payload": {},
        "router_data": {"pathname": "/inbox", "asPath": "/inbox"},
    }
