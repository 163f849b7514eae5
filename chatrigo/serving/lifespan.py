"""What runs for as long as the application serves: the database and the keeping of duties."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatrigo import db
from chatrigo.config import settings
from chatrigo.events import hub
from chatrigo.integrations import embeddings, llm
from chatrigo.integrations.channels import wire
from chatrigo.relay import Relay
from chatrigo.serving import database
from chatrigo.workflows import ask_telegram, queue, vectors

DUTIES_SECONDS = 2  # what is cut short is taken up again at the next start


@asynccontextmanager
async def lifespan() -> AsyncIterator[None]:
    url = await asyncio.to_thread(database.address)
    db.open_engine(url)
    relay = Relay(hub, settings.redis_url.get_secret_value()) if settings.redis_url else None
    if relay:
        await relay.start()
    await queue.launch(url)
    missing = asyncio.create_task(vectors.promise_missing())
    asking = asyncio.create_task(ask_telegram.keep_asking())
    try:
        yield
    finally:
        missing.cancel()
        asking.cancel()
        await asyncio.wait([asking])
        await queue.stop(DUTIES_SECONDS)
        if relay:
            await relay.stop()
        await llm.close()
        await embeddings.close()
        await wire.close()
        db.close_engine()
