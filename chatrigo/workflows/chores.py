"""What is done by the clock: cleaning every hour, and the end of an owner's consent to support."""

from datetime import datetime
from typing import Any

from dbos import DBOS

from chatrigo import db
from chatrigo.domain import cleaning
from chatrigo.domain.access import PUBLIC, system
from chatrigo.domain.settings import support

HOURLY = "17 * * * *"


@DBOS.workflow(name="clean")
async def clean(due: datetime, _context: Any) -> None:
    await db.run(cleaning.clean, PUBLIC)


@DBOS.workflow(name="end_support")
async def end_support(business_id: int, consent_id: int) -> None:
    """The consent has run out: tabs that were open under it look again, and see nothing."""
    await db.run(support.over, system(business_id), consent_id)


def schedule() -> None:
    """Say what is done when; once, after DBOS was launched."""
    DBOS.apply_schedules(
        [{"schedule_name": "clean", "workflow_fn": clean, "schedule": HOURLY}]  # type: ignore[list-item,typeddict-item]
    )
