"""Every call of a model is written down: what it took, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer, cast, func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.domain.access import Actor, require
from chatrigo.domain.conversations.rows import zone_named
from chatrigo.language_model import Model
from chatrigo.models.business import Business
from chatrigo.models.columns import now
from chatrigo.models.model import ModelCall

PURPOSES = ("answer", "playground", "test", "proposals", "contradictions", "trial")
SHOWN = timedelta(days=30)
LATEST_FAILURES = 5

# Of the table and not of the class: the latter makes one statement for each set of columns given.
_INSERT = insert(ModelCall.__table__)  # type: ignore[attr-defined]


@dataclass(slots=True)
class Call:
    """A call as it goes; `outcome` is `stopped` until it has ended some other way."""

    purpose: str
    model: Model
    attempt: int = 1
    fallback: bool = False
    outcome: str = "stopped"
    input_tokens: int = 0
    output_tokens: int = 0
    first_token_milliseconds: int | None = None
    milliseconds: int = 0
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayRow:
    """`day` as YYYY-MM-DD in the business's zone; `rupiah` of the calls whose price is known."""

    day: str
    calls: int
    failures: int
    rupiah: float


@dataclass(frozen=True, slots=True)
class PurposeRow:
    purpose: str
    calls: int
    tokens: int
    rupiah: float
    failures: int
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class FailureRow:
    at: str
    model: str
    outcome: str


@dataclass(frozen=True, slots=True)
class UsageRow:
    """The last 30 days; `unpriced` calls are not in `rupiah`. Latencies in milliseconds."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    rupiah: float = 0
    unpriced: int = 0
    failures: int = 0
    fallbacks: int = 0
    p50: int = 0
    p95: int = 0
    days: list[DayRow] = field(default_factory=list)
    purposes: list[PurposeRow] = field(default_factory=list)
    latest_failures: list[FailureRow] = field(default_factory=list)


def note_calls(
    session: Session, actor: Actor, calls: Sequence[Call], conversation_id: int | None = None
) -> None:
    """One statement for all of them; none where no model was asked."""
    if calls:
        session.execute(_INSERT, [_values(actor, call, conversation_id) for call in calls])


def cost_of(model: Model, input_tokens: int, output_tokens: int) -> int | None:
    """In thousandths of a rupiah; None where no price is known."""
    if not any(model.prices):
        return None
    return round((input_tokens * model.input_rupiah + output_tokens * model.output_rupiah) / 1_000)


def usage(session: Session, actor: Actor) -> UsageRow:
    require(actor, "keys")
    since = now() - SHOWN
    mine = (ModelCall.business_id == actor.business_id, col(ModelCall.created_at) > since)
    failed = col(ModelCall.outcome).not_in(("ok", "stopped"))
    total = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(ModelCall.input_tokens), 0),
            func.coalesce(func.sum(ModelCall.output_tokens), 0),
            func.coalesce(func.sum(ModelCall.cost), 0),
            func.count().filter(col(ModelCall.cost).is_(None)),
            func.count().filter(failed),
            func.count().filter(col(ModelCall.fallback).is_(True)),
            func.percentile_cont(0.5)
            .within_group(ModelCall.milliseconds)
            .filter(ModelCall.outcome == "ok"),
            func.percentile_cont(0.95)
            .within_group(ModelCall.milliseconds)
            .filter(ModelCall.outcome == "ok"),
        ).where(*mine)
    ).one()
    calls, read, written, cost, unpriced, failures, fallbacks, p50, p95 = total
    return UsageRow(
        calls=calls,
        input_tokens=int(read),
        output_tokens=int(written),
        rupiah=float(cost or 0) / 1_000,
        unpriced=unpriced,
        failures=failures,
        fallbacks=fallbacks,
        p50=round(p50 or 0),
        p95=round(p95 or 0),
        days=_days(session, actor, mine, failed),
        purposes=_purposes(session, mine, failed),
        latest_failures=_latest_failures(session, mine, failed),
    )


def _days(session: Session, actor: Actor, mine: Any, failed: Any) -> list[DayRow]:
    """Every day of the time, also those without a call."""
    zone = session.execute(select(Business.zone).where(Business.id == actor.business_id)).scalar()
    day = cast(func.timezone(zone, ModelCall.created_at), Date).label("day")
    query = (
        select(
            day,
            func.count(),
            func.count().filter(failed),
            func.coalesce(func.sum(ModelCall.cost), 0),
        )
        .where(*mine)
        .group_by("day")
    )
    found = {day: (calls, fails, cost) for day, calls, fails, cost in session.execute(query)}
    today = now().astimezone(zone_named(zone or "")).date()
    days = [today - timedelta(days=ago) for ago in range(SHOWN.days - 1, -1, -1)]
    none = (0, 0, 0)
    return [
        DayRow(each.isoformat(), calls, fails, float(cost or 0) / 1_000)
        for each in days
        for calls, fails, cost in [found.get(each, none)]
    ]


def _purposes(session: Session, mine: Any, failed: Any) -> list[PurposeRow]:
    query = (
        select(
            ModelCall.purpose,
            func.count(),
            cast(func.sum(ModelCall.input_tokens + ModelCall.output_tokens), Integer),
            func.coalesce(func.sum(ModelCall.cost), 0),
            func.count().filter(failed),
            func.count().filter(col(ModelCall.cost).is_(None)),
        )
        .where(*mine)
        .group_by(ModelCall.purpose)
        .order_by(func.count().desc())
    )
    return [
        PurposeRow(purpose, calls, tokens or 0, float(cost or 0) / 1_000, fails, unpriced)
        for purpose, calls, tokens, cost, fails, unpriced in session.execute(query)
    ]


def _latest_failures(session: Session, mine: Any, failed: Any) -> list[FailureRow]:
    query = (
        select(ModelCall.created_at, ModelCall.model, ModelCall.outcome)
        .where(*mine, failed)
        .order_by(col(ModelCall.created_at).desc())
        .limit(LATEST_FAILURES)
    )
    return [
        FailureRow(at.isoformat(), model, outcome) for at, model, outcome in session.execute(query)
    ]


def _values(actor: Actor, call: Call, conversation_id: int | None) -> dict[str, Any]:
    spent = call.input_tokens or call.output_tokens
    return {
        "business_id": actor.business_id,
        "conversation_id": conversation_id or None,
        "purpose": call.purpose,
        "model": call.model.name[:120],
        "host": call.model.host,
        "input_tokens": call.input_tokens,
        "output_tokens": call.output_tokens,
        "cost": cost_of(call.model, call.input_tokens, call.output_tokens) if spent else None,
        "first_token_milliseconds": call.first_token_milliseconds,
        "milliseconds": call.milliseconds,
        "outcome": call.outcome,
        "attempt": call.attempt,
        "fallback": call.fallback,
        "created_at": call.begun_at or now(),
    }
