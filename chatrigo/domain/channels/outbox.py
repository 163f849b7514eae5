"""
What goes out: every message a row, sent one at a time for a conversation, its fate known.

A row is `sending` before the vendor is called. Found so later, nobody knows whether it went out:
it is `unknown`, is asked of the vendor where that is possible, and never sent again by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from chatrigo import duties
from chatrigo.domain.access import Actor, as_id, owned, require
from chatrigo.domain.channels import people
from chatrigo.domain.channels.fate import mirror, raised
from chatrigo.domain.channels.inbound import touch
from chatrigo.domain.channels.splitting import split
from chatrigo.domain.channels.trouble import mark_broken
from chatrigo.errors import Invalid, NotFound
from chatrigo.models.channel import OutboxMessage
from chatrigo.models.columns import now
from chatrigo.models.conversation import Attachment, Channel, Conversation, Message

QUEUE = "outbox"
# After each failure that is the vendor's trouble; then it has failed.
GAPS_SECONDS = (2.0, 10.0, 45.0, 180.0)
MOST_WAITS = 30
WAITS = ("queued", "sending")
UNSENT = ("failed", "unknown")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the channel's adapter says of its vendor."""

    text: int
    window: int = 0
    seconds_between: float = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """
    send   it is to be sent now: it stands as `sending`
    lost   it may have gone out before a crash: find out
    wait   nothing before `seconds` are over
    again  look again: this one was settled here
    """

    act: str
    id: int = 0
    channel_id: int = 0
    key: str = ""
    to: str = ""
    body: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    sha256: str = ""
    mime: str = ""
    seconds: float = 0


def promise(
    session: Session, actor: Actor, conversation: Any, row: Any, outgoing: dict[str, Any]
) -> Any:
    """
    Put a message of the shop's into the outbox; the message's row as it now stands.

    `outgoing` is kept as the payload: `template`, `choices`, `list_button`, `subject`, in the
    shapes of `integrations.channels.port` as JSON.
    """
    reach = people.reach(session, conversation.channel_id, conversation.id, conversation.contact_id)
    waiting = OutboxMessage(
        business_id=actor.business_id,
        channel_id=conversation.channel_id,
        conversation_id=conversation.id,
        message_id=row.id,
        key=f"m:{row.id}",
        to=reach.to,
        payload={**outgoing, "also": list(reach.also), "by_person": row.author == "human"},
    )
    session.add(waiting)
    session.execute(update(Message).where(Message.id == row.id).values(delivery="queued"))
    session.flush()
    promise_delivery(session, actor, conversation.id, f"deliver:{waiting.id}")
    return replace(row, delivery="queued")


def promise_delivery(session: Session, actor: Actor, conversation_id: int, key: str) -> None:
    duties.enqueue(
        session,
        "deliver",
        actor.business_id,
        conversation_id,
        key=key,
        queue=QUEUE,
        partition=str(conversation_id),
    )


def channel_of(session: Session, actor: Actor, conversation_id: int) -> tuple[int, str] | None:
    """The channel on which a conversation goes on, and its kind; None if it is gone."""
    query = (
        select(Channel.id, Channel.kind)
        .join(Conversation, Conversation.channel_id == Channel.id)  # type: ignore[arg-type]
        .where(Conversation.id == conversation_id)
    )
    found = session.execute(query).first()
    return (found.id, found.kind) if found else None


def claim(session: Session, actor: Actor, conversation_id: int, rules: Rules) -> Claim | None:
    """What is to be done for a conversation next; None when nothing waits, or its channel rests."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.conversation_id == conversation_id, OutboxMessage.state.in_(WAITS))
        .order_by(OutboxMessage.message_id, OutboxMessage.id)
        .limit(1)
        .with_for_update()
    )
    row = session.execute(query).scalars().first()
    if row is None:
        return None
    assert row.id
    channel = session.get(Channel, row.channel_id)
    if row.state == "sending":
        row.state, row.advice, row.error_key = "unknown", "unknown", "channels.failed_unknown"
        mirror(session, actor, row)
        return _claimed(session, row, "lost")
    if channel is None or channel.state != "live":
        return None
    seconds = _seconds_left(session, row, rules)
    if seconds > 0:
        return Claim("wait", seconds=seconds)
    conversation = session.get(Conversation, conversation_id)
    closes = conversation.window_closes_at if conversation else None
    if rules.window and closes and closes <= now() and not row.payload.get("template"):
        _fail(row, "window", "channels.failed_window", "")
        mirror(session, actor, row)
        return Claim("again")
    _divide(session, actor, row, rules.text)
    row.state = "sending"
    row.tries += 1
    mirror(session, actor, row)
    return _claimed(session, row, "send")


def note_sent(session: Session, actor: Actor, id: int, provider_id: str) -> None:
    """The vendor took it."""
    row = owned(session, actor, OutboxMessage, id, lock=True)
    row.provider_message_id = provider_id[:200] or row.provider_message_id
    row.state = raised(row, "sent")
    row.advice = row.error_key = row.error_code = ""
    row.sent_at = row.sent_at or now()
    touch(session, row.channel_id, "last_out_at")
    mirror(session, actor, row)


def note_failed(
    session: Session,
    actor: Actor,
    id: int,
    advice: str,
    key: str,
    *,
    code: str = "",
    retry_after: float = 0,
) -> None:
    """It was not taken, or may not have been; what becomes of it by the advice."""
    row = owned(session, actor, OutboxMessage, id, lock=True)
    if row.state not in ("sending", "unknown"):
        return  # a status has told better meanwhile
    if advice in ("auth", "account"):
        row.state, row.tries = "queued", row.tries - 1
        mark_broken(session, actor, row.channel_id, key)
    elif advice == "wait" and row.tries < MOST_WAITS:
        row.state, row.not_before = "queued", now() + timedelta(seconds=max(1.0, retry_after))
    elif advice == "retry" and row.tries <= len(GAPS_SECONDS):
        gap = max(retry_after, GAPS_SECONDS[row.tries - 1])
        row.state, row.not_before = "queued", now() + timedelta(seconds=gap)
    elif advice == "unknown":
        row.state = "unknown"
    else:
        _fail(row, advice, key, code)
        if advice == "window":
            close_window(session, row.conversation_id)
    row.advice, row.error_key, row.error_code = advice, key[:80], code[:40]
    mirror(session, actor, row)


def send_again(session: Session, actor: Actor, message_id: Any) -> None:
    """A person wants what failed, or may not have arrived, to go out (again). Raises Invalid."""
    require(actor, "inbox.write")
    message = owned(session, actor, Message, as_id(message_id))
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.message_id == message.id, OutboxMessage.state.in_(UNSENT))
        .with_for_update()
    )
    rows: Sequence[OutboxMessage] = session.execute(query).scalars().all()
    if not rows:
        raise Invalid("channels.nothing_to_send")
    for row in rows:
        row.state, row.tries, row.not_before = "queued", 0, None
        row.advice = row.error_key = row.error_code = ""
        row.failed_at = None
    mirror(session, actor, rows[0])
    moment = int(now().timestamp() * 1000)
    promise_delivery(session, actor, message.conversation_id, f"deliver:{rows[0].id}:{moment}")


def close_window(session: Session, conversation_id: int) -> None:
    """The vendor says so, whatever our clock says."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is not None:
        closes = conversation.window_closes_at
        conversation.window_closes_at = min(closes, now()) if closes else now()


def _fail(row: OutboxMessage, advice: str, key: str, code: str) -> None:
    row.state, row.failed_at = "failed", now()
    row.advice, row.error_key, row.error_code = advice, key, code[:40]


def _seconds_left(session: Session, row: OutboxMessage, rules: Rules) -> float:
    due: list[datetime] = [row.not_before] if row.not_before else []
    if rules.seconds_between:
        last = select(func.max(OutboxMessage.sent_at)).where(
            OutboxMessage.conversation_id == row.conversation_id
        )
        sent_at = session.execute(last).scalar()
        if sent_at:
            due.append(sent_at + timedelta(seconds=rules.seconds_between))
    return max(((each - now()).total_seconds() for each in due), default=0)


def _divide(session: Session, actor: Actor, row: OutboxMessage, most: int) -> None:
    """A text that is too long becomes several rows, which come before the next message."""
    body = row.payload.get("body")
    if body is not None or not row.message_id or row.payload.get("template"):
        return
    message = session.get(Message, row.message_id)
    first, *rest = split(message.body if message else "", most)
    row.payload = {**row.payload, "body": first}
    shared = {k: v for k, v in row.payload.items() if k in ("also", "by_person", "subject")}
    for number, part in enumerate(rest, start=2):
        session.add(
            OutboxMessage(
                business_id=actor.business_id,
                channel_id=row.channel_id,
                conversation_id=row.conversation_id,
                message_id=row.message_id,
                key=f"{row.key}:{number}",
                to=row.to,
                payload={**shared, "body": part, "part": number},
            )
        )
        session.flush()


def _claimed(session: Session, row: OutboxMessage, act: str) -> Claim:
    session.flush()
    message = session.get(Message, row.message_id) if row.message_id else None
    file = None
    if message and message.attachment_id and not row.payload.get("part"):
        file = session.get(Attachment, message.attachment_id)
    return Claim(
        act,
        id=row.id or 0,
        channel_id=row.channel_id,
        key=row.key,
        to=row.to,
        body=str(row.payload.get("body") or ""),
        payload=dict(row.payload),
        sha256=file.sha256 if file else "",
        mime=file.mime if file else "",
    )


def require_row(session: Session, channel_id: int, message_id: str, key: str) -> OutboxMessage:
    """The row of which a vendor speaks. Raises NotFound."""
    by_key = select(OutboxMessage).where(
        OutboxMessage.channel_id == channel_id, OutboxMessage.key == key
    )
    by_id = select(OutboxMessage).where(
        OutboxMessage.channel_id == channel_id, OutboxMessage.provider_message_id == message_id
    )
    row = session.execute(by_id.with_for_update()).scalars().first() if message_id else None
    if row is None and key:
        row = session.execute(by_key.with_for_update()).scalars().first()
    if row is None:
        raise NotFound
    return row
