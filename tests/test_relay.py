import asyncio
import pickle

import pytest
from redis.asyncio import Redis

from chatrigo.events import DraftGrew, Fact, Hub, Missed
from chatrigo.relay import CHANNEL, Relay
from tests.support.redis_server import redis_server


@pytest.fixture
def redis_url():
    with redis_server() as url:
        yield url


@pytest.fixture
async def processes(redis_url):
    """Two hubs as two processes have them, joined by Redis."""
    hubs = Hub(), Hub()
    relays = [Relay(hub, redis_url) for hub in hubs]
    for relay in relays:
        await relay.start()
    for relay in relays:
        await asyncio.wait_for(relay.listening.wait(), 5)
    yield hubs
    for relay in relays:
        await relay.stop()


async def test_a_fact_reaches_the_other_process_once(processes):
    here, there = processes
    with here.subscribe(1) as near, there.subscribe(1) as far, there.subscribe(2) as stranger:
        here.publish(DraftGrew(1, 5, "Halo"))
        assert await asyncio.wait_for(far.batch(), 2) == [DraftGrew(1, 5, "Halo")]
        await asyncio.sleep(0.1)
        assert near.waiting() == [DraftGrew(1, 5, "Halo")]
        assert far.waiting() == []
        assert stranger.waiting() == []


async def test_nonsense_on_the_line_is_passed_over(processes, redis_url):
    here, there = processes
    async with Redis.from_url(redis_url) as redis:
        await redis.publish(CHANNEL, b"nonsense")
        await redis.publish(CHANNEL, pickle.dumps("x")[:-2])
    with there.subscribe(1) as far:
        here.publish(Fact(1))
        assert await asyncio.wait_for(far.batch(), 2) == [Fact(1)]


async def test_screens_load_again_when_redis_comes_back():
    hub = Hub()
    with redis_server() as url:
        relay = Relay(hub, url)
        with hub.subscribe(1) as inbox:
            await relay.start()
            assert await asyncio.wait_for(inbox.batch(), 5) == [Missed(1)]
            await relay.stop()
