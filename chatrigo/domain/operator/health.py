"""Whether Chatrigo is well, as far as its database knows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.operator.businesses import clock
from chatrigo.domain.operator.crossing import ask
from chatrigo.models.columns import now

# A duty that waits longer than this is not taken up by anybody.
SLOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Health:
    """
    waiting, running, later  duties in the queue, in hand, and for a time that is yet to come
    stuck    nobody has taken up the oldest one for a minute
    failed   duties that failed within seven days; `last_failed` names the latest
    model_failed  when an answer last failed for want of the model, within 30 days
    """

    database: str = ""
    revision: str = ""
    megabytes: int = 0
    connections: int = 0
    waiting: int = 0
    running: int = 0
    later: int = 0
    stuck: bool = False
    failed: int = 0
    last_failed: str = ""
    last_failed_at: str = ""
    model_failed: str = ""
    model_failed_why: str = ""


def get_health(session: Session, actor: Actor) -> Health:
    """Raises as `crossing.require_operator`."""
    database = ask(session, actor, "database")[0]
    duties = ask(session, actor, "duties")[0]
    failures = ask(session, actor, "last_failure")
    return Health(
        database=database.version,
        revision=database.revision,
        megabytes=round(database.bytes / 1e6),
        connections=database.connections,
        waiting=duties.waiting,
        running=duties.running,
        later=duties.later,
        stuck=_is_stuck(duties.oldest_waiting),
        failed=duties.failed,
        last_failed=duties.last_failed or "",
        last_failed_at=clock(duties.last_failed_at),
        model_failed=clock(failures[0].at) if failures else "",
        model_failed_why=failures[0].reason if failures else "",
    )


def _is_stuck(oldest: datetime | None) -> bool:
    return oldest is not None and (now() - oldest).total_seconds() > SLOW_SECONDS
