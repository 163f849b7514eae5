"""A vendor's calls: kept as they came before they are acknowledged, then taken in one by one."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chatrigo import duties
from chatrigo.domain.access import Actor
from chatrigo.domain.channels.accounts import OpenedChannel, find_by_hook
from chatrigo.errors import ChatrigoError, Forbidden
from chatrigo.models.channel import InboundEvent
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel

QUEUE = "inbound"
NOT_JSON = "not JSON"
# How exactly the last sign of life is kept: each message need not touch the channel's row.
EXACT = timedelta(seconds=10)

Act = Callable[[Session, Actor], Any]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    body: str


def take_call(
    session: Session,
    actor: Actor,
    kind: str,
    hook: str,
    body: bytes,
    verified: Callable[[OpenedChannel], bool],
    readable: bool,
) -> bool:
    """
    Keep a vendor's call, unless this very call stands already; whether it is new.

    Raises NotFound for an unknown address, Forbidden if it is not `verified`: then nothing is kept.
    """
    channel = find_by_hook(session, kind, hook)
    if not verified(channel):
        raise Forbidden("errors.wrong_signature")
    ours = Actor(None, channel.business_id, "system")
    return keep(session, ours, channel.id, body, "" if readable else NOT_JSON)


def keep(session: Session, actor: Actor, channel_id: int, body: bytes, problem: str = "") -> bool:
    """Store a call and promise to take it in; False if it stood already."""
    row = (
        upsert(InboundEvent)
        .values(
            business_id=actor.business_id,
            channel_id=channel_id,
            digest=hashlib.sha256(body).hexdigest(),
            body=body.decode(errors="replace").replace("\x00", ""),
            received_at=now(),
            done_at=now() if problem else None,
            problem=problem,
        )
        .on_conflict_do_nothing()
        .returning(InboundEvent.id)
    )
    id = session.execute(row).scalar()
    if id is None:
        return False
    if not problem:
        duties.enqueue(
            session,
            "take_in",
            actor.business_id,
            channel_id,
            key=f"in:{id}",
            queue=QUEUE,
            partition=str(channel_id),
        )
    return True


def next_call(session: Session, actor: Actor, channel_id: int) -> Waiting | None:
    """The oldest call of the channel that has not been taken in."""
    query = (
        select(InboundEvent.id, InboundEvent.body)
        .where(InboundEvent.channel_id == channel_id, InboundEvent.done_at.is_(None))
        .order_by(InboundEvent.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return Waiting(found.id, found.body) if found else None


def take(
    session: Session,
    actor: Actor,
    channel_id: int,
    event_id: int,
    acts: Sequence[Act],
    problem: str = "",
) -> list[Any]:
    """
    Do what the events of a call ask for, all in one transaction; what each gave.

    One that is refused leaves the others alone and is noted beside the call.
    """
    given: list[Any] = []
    for act in acts:
        facts = len(session.info.get("facts", []))
        try:
            with session.begin_nested():
                given.append(act(session, actor))
        except ChatrigoError as refused:
            del session.info.get("facts", [])[facts:]
            problem = problem or refused.key
    session.execute(
        update(InboundEvent)
        .where(InboundEvent.id == event_id, InboundEvent.channel_id == channel_id)
        .values(done_at=now(), problem=problem[:300])
    )
    touch(session, channel_id, "last_in_at")
    return given


def give_up(session: Session, actor: Actor, event_id: int, problem: str) -> None:
    """It stays as it came, and no longer holds up the others."""
    session.execute(
        update(InboundEvent)
        .where(InboundEvent.id == event_id)
        .values(done_at=now(), problem=problem[:300])
    )


def touch(session: Session, channel_id: int, name: str) -> None:
    """The channel is alive at this moment."""
    column = getattr(Channel, name)
    session.execute(
        update(Channel)
        .where(Channel.id == channel_id, or_(column.is_(None), column < now() - EXACT))
        .values({name: now()})
    )
