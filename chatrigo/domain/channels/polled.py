"""Channels whose vendor can't call us, so that we ask it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, enter
from chatrigo.models.business import Business
from chatrigo.models.conversation import Channel

# A paused channel answers nothing, but what comes in is kept and shown.
LISTENING = ("live", "paused")


@dataclass(frozen=True, slots=True)
class Polled:
    business_id: int
    channel_id: int


def to_ask(session: Session, _actor: Actor, kind: str) -> list[Polled]:
    """Every channel of the kind that is connected, each seen as its own business sees it."""
    found: list[Polled] = []
    for business_id in session.execute(select(Business.id)).scalars().all():
        assert business_id
        enter(session, business_id, "system")
        query = select(Channel.id).where(
            Channel.business_id == business_id,
            Channel.kind == kind,
            Channel.state.in_(LISTENING),  # type: ignore[attr-defined]
        )
        found += [Polled(business_id, id) for id in session.execute(query).scalars() if id]
    return found
