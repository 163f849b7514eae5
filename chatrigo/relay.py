"""
Carries facts between processes, through Redis, when there are several (REDIS_URL is set).

Every process hands its facts on and delivers what the others hand on, so a message taken by one
is seen in the inboxes held by another. Redis is not the truth: a fact that gets lost is found in
the database at the next load, so a subscriber that missed some is told to load again.
"""

import asyncio
import contextlib
import logging
import pickle
from collections.abc import Awaitable, Callable
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chatrigo.events import Fact, Hub

log = logging.getLogger(__name__)

CHANNEL = "chatrigo:facts"
RETRY_SECONDS = 1.0
TIMEOUT_SECONDS = 5.0
BACKLOG = 10_000


class Relay:
    """One process's end of the line."""

    def __init__(self, hub: Hub, url: str) -> None:
        self._hub = hub
        self._name = uuid4().hex
        self._redis = Redis.from_url(url, socket_connect_timeout=TIMEOUT_SECONDS)
        self._outgoing: asyncio.Queue[Fact] = asyncio.Queue(BACKLOG)
        self._tasks: list[asyncio.Task[None]] = []
        self.listening = asyncio.Event()

    async def start(self) -> None:
        self._hub.hand_on = self._hand_on
        self._tasks = [
            asyncio.create_task(self._for_ever(self._send)),
            asyncio.create_task(self._for_ever(self._listen)),
        ]

    async def stop(self) -> None:
        self._hub.hand_on = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    def _hand_on(self, fact: Fact) -> None:
        # With Redis away for long the oldest news is worth least: every screen will load again.
        if self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(fact)

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (RedisError, OSError) as error:
                self.listening.clear()
                log.warning("Redis does not answer (%s); trying again", type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _send(self) -> None:
        while True:
            fact = await self._outgoing.get()
            await self._redis.publish(CHANNEL, pickle.dumps((self._name, fact)))

    async def _listen(self) -> None:
        async with self._redis.pubsub() as line:
            await line.subscribe(CHANNEL)
            # Whatever was said before we listened is in the database.
            self._hub.reload_everybody()
            self.listening.set()
            async for packet in line.listen():
                if packet["type"] == "message":
                    self._take_in(packet["data"])

    def _take_in(self, data: bytes) -> None:
        # Only our own processes write here; Reflex keeps its states in the same Redis in the same way.
        with contextlib.suppress(pickle.UnpicklingError, AttributeError, EOFError):
            name, fact = pickle.loads(data)  # noqa: S301
            if name != self._name:
                self._hub.deliver(fact)
