"""
A server's duties in a process of their own, to be killed in the middle of sending.

`python -m tests.channels.desk_process URL LOG`: every message that the vendor takes is a line of
LOG, written before our call is answered, which takes its time.
"""

import asyncio
import sys
from pathlib import Path

from chatrigo import db
from chatrigo.integrations.channels import registry
from chatrigo.integrations.channels.port import Account, Outgoing, Sent
from chatrigo.workflows import answer, deliver, queue, take_in
from tests.support.scripted_channel import ScriptedChannel

WORKFLOWS = (answer.answer, deliver.deliver, take_in.take_in)
SLOW_SECONDS = 0.25


class WrittenDown(ScriptedChannel):
    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    async def send(self, account: Account, outgoing: Outgoing) -> Sent:
        with self._log.open("a") as log:
            log.write(f"{outgoing.key}\n")
        await asyncio.sleep(SLOW_SECONDS)
        return Sent(f"vendor-{outgoing.key}")


async def serve(url: str, log: str) -> None:
    registry.add(WrittenDown(Path(log)))
    db.open_engine(url)
    await queue.launch(url)
    print("ready", flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:3]))
