"""Whether the shop is open now, and when next, by its published hours in its own zone."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.instructions import WEEKDAYS
from chatrigo.domain.assistant.versions import told_by
from chatrigo.domain.conversations.rows import zone_named
from chatrigo.domain.tools.tool import Arguments, Context, Refused, Tool
from chatrigo.models.business import Business
from chatrigo.models.columns import now as this_moment

Span = tuple[datetime, datetime]

DAYS_AHEAD = 9
# Open for longer than this is open always.
ENDLESS = timedelta(days=7)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Hours(Arguments):
    pass


def opening_hours(
    session: Session, actor: Actor, context: Context, arguments: Hours
) -> dict[str, Any]:
    business = session.get_one(Business, actor.business_id)
    told = told_by(session, actor, context.version_id)
    if not told.hours:
        raise Refused("The shop has not published opening hours. Do not guess them.")
    return standing(told.hours, this_moment().astimezone(zone_named(business.zone)))


def standing(hours: dict[str, Any], local: datetime) -> dict[str, Any]:
    """
    How the shop stands at a moment of its own zone.

    A span that closes not later than it opens goes on into the next morning.
    """
    zone = local.tzinfo
    assert isinstance(zone, ZoneInfo)
    days = (local.date() + timedelta(days=day) for day in range(-1, DAYS_AHEAD))
    spans = _joined(span for day in days if (span := _span(hours, day, zone)))
    open_now = next(((start, end) for start, end in spans if start <= local < end), None)
    following = next((start for start, _ in spans if start > local), None)
    endless = open_now is not None and open_now[1] - local > ENDLESS
    return {
        "now": _said(local),
        "open_now": open_now is not None,
        "closes": _said(open_now[1]) if open_now and not endless else None,
        "opens_next": _said(following) if following else None,
        "week": {
            name: "-".join(hours[day]) if hours.get(day) else "closed"
            for day, name in zip(WEEKDAYS, _NAMES, strict=True)
        },
    }


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Hours that run into one another are one time of being open."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _span(hours: dict[str, Any], day: date, zone: ZoneInfo) -> Span | None:
    written = hours.get(WEEKDAYS[day.weekday()])
    if not written:
        return None
    opens, closes = (time.fromisoformat(clock) for clock in written)
    start = datetime.combine(day, opens, zone)
    end = datetime.combine(day, closes, zone)
    return start, end if end > start else end + timedelta(days=1)


def _said(moment: datetime) -> str:
    return f"{_NAMES[moment.weekday()]} {moment:%Y-%m-%d %H:%M}"


TOOL = Tool(
    name="opening_hours",
    description="Whether the shop is open at this moment, when it closes, and when it opens next.",
    arguments=Hours,
    effect="reads",
    permission="inbox.read",
    run=opening_hours,
)
