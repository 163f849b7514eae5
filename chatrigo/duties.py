"""
Duties: work that a transaction promises.

`enqueue()` writes the promise into the caller's own transaction, so a message and the duty to
answer it commit together or not at all. `chatrigo.workflows` keeps the promise.
"""

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

ENQUEUED = "enqueued"

# DBOS's own SQL function; its parameters are described in its documentation of "pg functions".
_ENQUEUE = text(
    """
    SELECT dbos.enqueue_workflow(
        workflow_name => :workflow, queue_name => :queue,
        positional_args => CAST(:args AS json[]), workflow_id => :key,
        queue_partition_key => :partition, application_name => 'chatrigo',
        delay_until_epoch_ms => CAST(:not_before AS bigint))
    """
)

_wakers: list[Callable[[], None]] = []


def enqueue(
    session: Session,
    workflow: str,
    *args: int | str,
    key: str,
    queue: str,
    partition: str,
    not_before: datetime | None = None,
) -> None:
    """
    Promise to run `workflow(*args)` once.

    `key` is made from the fact that causes the work, so a repeat is the same work. Work of one
    `partition` runs one at a time, in order. It waits until `not_before`, if that is given.
    """
    values = [json.dumps(arg) for arg in args]
    session.execute(
        _ENQUEUE,
        {
            "workflow": workflow,
            "queue": queue,
            "args": values,
            "key": key,
            "partition": partition,
            "not_before": int(not_before.timestamp() * 1000) if not_before else None,
        },
    )
    session.info[ENQUEUED] = True


def on_wake(waker: Callable[[], None]) -> Callable[[], None]:
    """Be called after every commit that enqueued something. Returns how to stop."""
    _wakers.append(waker)
    return lambda: _wakers.remove(waker)


def wake() -> None:
    """Tell whoever keeps duties that there may be one."""
    for waker in _wakers:
        waker()
