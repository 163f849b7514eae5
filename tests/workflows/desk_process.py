"""A front desk in a process of its own, to be killed: `python -m tests.workflows.desk_process URL`."""

import asyncio
import sys

from chatrigo import db
from chatrigo.workflows import answer, queue

WORKFLOWS = (answer.answer,)


async def serve(url: str) -> None:
    db.open_engine(url)
    await queue.launch(url)
    print("ready", flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
