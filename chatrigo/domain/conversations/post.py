"""Putting a message into a conversation: the one way for everybody."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.conversations.rows import (
    MessageRow,
    business_zone,
    conversation_row,
    message_query,
    message_row,
    snippet_of,
)
from chatrigo.errors import Invalid
from chatrigo.events import ConversationChanged, MessageAdded, record
from chatrigo.models.columns import now
from chatrigo.models.conversation import Conversation, Message

LONGEST = 4_000


def clean_body(body: object, longest: int = LONGEST) -> str:
    """
    What was written, without the space around it and without characters no database takes.

    Raises Invalid for nothing, and for more than `longest` characters.
    """
    text = str(body or "").replace("\x00", "").encode(errors="ignore").decode().strip()
    if not text:
        raise Invalid("errors.message_empty")
    if len(text) > longest:
        raise Invalid("errors.message_too_long", limit=longest, length=len(text))
    return text


def post(
    session: Session,
    actor: Actor,
    conversation: Any,
    *,
    author: str,
    body: str,
    kind: str = "text",
    changes: dict[str, Any] | None = None,
    shown: bool = True,
    **values: Any,
) -> MessageRow | None:
    """
    Store a message once and tell the screens; None if its key or its reply stands already.

    `conversation` has id, business_id and channel_id. `changes` go onto the conversation in the
    same statement that moves it up the list; with `shown` false (notes, events) it stays put.
    """
    written: datetime = values.pop("created_at", None) or now()
    statement = (
        upsert(Message)
        .values(
            business_id=conversation.business_id,
            conversation_id=conversation.id,
            channel_id=conversation.channel_id,
            author=author,
            kind=kind,
            body=body,
            delivery="sent",
            created_at=written,
            **{"evidence": [], "generation": {}, **values},
        )
        .on_conflict_do_nothing()
        .returning(Message.id)
    )
    id = session.execute(statement).scalar()
    if id is None:
        return None
    moved = dict(changes or {})
    if shown:
        moved |= {"snippet": snippet_of(body), "snippet_author": author, "last_message_at": written}
    if moved:
        session.execute(
            update(Conversation).where(Conversation.id == conversation.id).values(**moved)
        )
    return _announced(session, actor, conversation.id, id, moved=bool(moved))


def event(session: Session, actor: Actor, conversation: Any, code: str, **values: Any) -> None:
    """Note in the conversation that something happened; `code` is what, the catalogue says it."""
    post(
        session,
        actor,
        conversation,
        author="system",
        kind="event",
        body=code,
        account_id=actor.account_id,
        shown=False,
        **values,
    )


def _announced(
    session: Session, actor: Actor, conversation_id: int, message_id: int, *, moved: bool
) -> MessageRow:
    found = session.execute(message_query().where(Message.id == message_id)).one()
    row = message_row(found, business_zone(session, actor.business_id))
    record(session, MessageAdded(actor.business_id, conversation_id, row))
    if moved:
        announce_change(session, actor, conversation_id)
    return row


def announce_change(session: Session, actor: Actor, conversation_id: int) -> None:
    """Tell the screens how the conversation stands at the end of this transaction."""
    fact = ConversationChanged(
        actor.business_id, conversation_id, conversation_row(session, actor, conversation_id)
    )
    record(session, fact)
