"""A client of the live socket that sends whatever it likes: what an attacker has."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import websockets

NAMESPACE = "/_event"


class Knocker:
    """One open socket. `heard` is everything that the server ever sent, as text."""

    def __init__(self, wire: Any) -> None:
        self._wire = wire
        self.heard = ""

    async def send(self, handler: str, payload: dict[str, Any], router: dict[str, Any]) -> None:
        event = {"name": handler, "payload": payload, "router_data": router}
        await self._wire.send("42" + NAMESPACE + "," + json.dumps(["event", event]))

    async def listen(self, seconds: float) -> None:
        """Take in all that comes within this time."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    packet = await self._wire.recv()
                    if packet == "2":
                        await self._wire.send("3")
                    self.heard += str(packet)
        except TimeoutError:
            return


@asynccontextmanager
async def knocker(origin: str, cookie: str = "") -> AsyncIterator[Knocker]:
    """Connect as a browser would; `cookie` is the whole header."""
    address = origin.replace("http", "ws") + f"/_event/?EIO=4&transport=websocket&token={uuid4()}"
    headers = {"Cookie": cookie} if cookie else {}
    async with websockets.connect(
        address,
        additional_headers=headers,
        origin=origin,
        max_size=None,  # type: ignore[arg-type]
    ) as wire:
        await wire.recv()
        await wire.send("40" + NAMESPACE + ",")
        await wire.recv()
        yield Knocker(wire)
