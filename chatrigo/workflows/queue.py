"""
The queues, and how they are looked at the moment something is enqueued.

DBOS polls a queue at an interval: a short one burns the processor of an idle machine, a long
one keeps customers waiting. So its own worker loop runs here on an event that a commit can
poke; the interval stays as the safety net. docs/decisions/ tells what that costs and saves.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from dbos import DBOS, DBOSConfig
from dbos._dbos import _get_dbos_instance
from dbos._queue import queue_worker_thread

from chatrigo import db, duties
from chatrigo.config import settings
from chatrigo.domain.assistant.testing.runs import TESTS
from chatrigo.domain.knowledge.sources import IMPORTS
from chatrigo.workflows import chores

ANSWERS = "answers"
MAILS = "mails"
# Of channels: what vendors sent, what goes out to them, files still to be fetched.
INBOUND, OUTBOX, FILES = "inbound", "outbox", "files"
# How many duties of each queue are kept at once: an import may have a process of its own, and a
# mail server that hangs keeps no customer waiting.
AT_ONCE = {ANSWERS: 64, IMPORTS: 2, MAILS: 32, TESTS: 4, INBOUND: 32, OUTBOX: 256, FILES: 8}
SAFETY_NET_SECONDS = {ANSWERS: 1.0, IMPORTS: 5.0, MAILS: 5.0, TESTS: 5.0} | dict.fromkeys(
    (INBOUND, OUTBOX, FILES), 2.0
)
BREATH_SECONDS = 0.025
DATABASE_CONNECTIONS = 6


class Poked(threading.Event):
    """
    A stop event whose wait also ends early, as if time were up, when it is poked.

    The first poke is heard at once; those that follow within BREATH_SECONDS are heard together,
    so that under load one look at the queue takes several duties.
    """

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Event()
        self._next_look = 0.0

    def poke(self) -> None:
        self._news.set()

    def set(self) -> None:
        super().set()
        self._news.set()

    def wait(self, timeout: float | None = None) -> bool:
        self._news.wait(timeout)
        super().wait(max(0, self._next_look - time.monotonic()))
        self._news.clear()
        self._next_look = time.monotonic() + BREATH_SECONDS
        return self.is_set()


@dataclass(frozen=True, slots=True)
class _Worker:
    stop: Poked
    thread: threading.Thread
    forget: Callable[[], None]


_workers: list[_Worker] = []


async def launch(url: str) -> None:
    """
    Start keeping duties: recover what a crash left, then take new ones.

    Call it inside the running event loop: workflows run there.
    """
    config = DBOSConfig(
        name="chatrigo",
        system_database_url=db.driver_url(url),
        application_version="1",
        executor_id=settings.process_name,
        run_admin_server=False,
        sys_db_pool_size=DATABASE_CONNECTIONS,
        # A connection that has gone stale is found by the statement that fails, and DBOS repeats it.
        db_engine_kwargs={"pool_pre_ping": False},
        # Nothing of ours sends events or messages; the default looks for them 100 times a second.
        notification_coalesce_sec=1.0,
        console_log_level="WARNING",
    )
    DBOS(config=config)
    DBOS.listen_queues([])
    DBOS.launch()
    for name, most in AT_ONCE.items():
        queue = await DBOS.register_queue_async(
            name,
            partition_concurrency=1,
            worker_concurrency=most,
            polling_interval_sec=SAFETY_NET_SECONDS[name],
        )
        stop = Poked()
        thread = threading.Thread(
            target=queue_worker_thread, args=(stop, _get_dbos_instance(), queue), daemon=True
        )
        thread.start()
        _workers.append(_Worker(stop, thread, duties.on_wake(stop.poke)))
    await asyncio.to_thread(chores.schedule)


async def stop(seconds: float = 5) -> None:
    """Take no new work, give work in hand a moment; what is cut short runs again at launch."""
    if not _workers:
        return
    for worker in _workers:
        worker.forget()
        worker.stop.set()
    for worker in _workers:
        await asyncio.to_thread(worker.thread.join, 5)
    _workers.clear()
    await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=int(seconds))
