"""How far a message has come: it only ever gets further, and its bubble tells."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.conversations.changed import announce_message
from chatrigo.models.channel import OutboxMessage
from chatrigo.models.conversation import Message

RANK = {
    "queued": 0,
    "sending": 0,
    "unknown": 0,
    "failed": 1,
    "sent": 2,
    "delivered": 3,
    "read": 4,
}
# Of a text in several parts, the bubble tells how the worst of them stands.
WORST_FIRST = ("failed", "unknown", "queued", "sending", "sent", "delivered", "read")


def raised(row: OutboxMessage, state: str) -> str:
    """The higher of what the row is and `state`."""
    return state if RANK[state] >= RANK[row.state] else row.state


def mirror(session: Session, actor: Actor, waiting: OutboxMessage) -> None:
    """Show on the message how its rows stand; screens are told if that is news."""
    session.flush()
    if waiting.message_id is None:
        return
    query = select(OutboxMessage.state, OutboxMessage.error_key).where(
        OutboxMessage.message_id == waiting.message_id
    )
    parts: dict[str, str] = {row.state: row.error_key for row in session.execute(query)}
    worst = next(state for state in WORST_FIRST if state in parts)
    message = session.get(Message, waiting.message_id, with_for_update=True)
    if message is None:
        return
    why = parts[worst] if worst in ("failed", "unknown") else ""
    told = {k: v for k, v in message.generation.items() if k != "failed"}
    generation = {**told, "failed": why} if why else told
    if message.delivery == worst and message.generation == generation:
        return
    session.execute(
        update(Message)
        .where(Message.id == waiting.message_id)
        .values(delivery=worst, generation=generation)
    )
    session.expire(message)
    announce_message(session, actor, waiting.message_id)
