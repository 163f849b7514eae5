"""Imports in a process of their own, to be killed: `python -m tests.workflows.import_process URL`."""

import asyncio
import sys

from chatrigo import db
from chatrigo.integrations.fetch import Fetcher
from chatrigo.workflows import import_source, queue

WORKFLOWS = (import_source.import_source,)


async def serve(url: str) -> None:
    import_source.fetcher = Fetcher(allow_loopback=True)
    db.open_engine(url)
    await queue.launch(url)
    print("ready", flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
