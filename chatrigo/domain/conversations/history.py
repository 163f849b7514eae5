"""The messages of one conversation, as staff see them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, as_id, require
from chatrigo.domain.conversations.rows import (
    WINDOW,
    MessageRow,
    business_zone,
    message_query,
    message_row,
)
from chatrigo.errors import NotFound
from chatrigo.models.conversation import Conversation, Message


def list_messages(
    session: Session, actor: Actor, conversation_id: Any, before: int = 0
) -> list[MessageRow]:
    """
    The latest window of messages, oldest first; with `before`, the window above that message.

    One more than WINDOW tells that there are earlier ones. Raises NotFound.
    """
    require(actor, "inbox.read")
    id = as_id(conversation_id)
    mine = select(Conversation.id).where(
        Conversation.id == id, Conversation.business_id == actor.business_id
    )
    if session.execute(mine).first() is None:
        raise NotFound
    query = message_query().where(Message.conversation_id == id)
    if before:
        query = query.where(Message.id < before)
    found = session.execute(query.order_by(Message.id.desc()).limit(WINDOW + 1)).all()
    zone = business_zone(session, actor.business_id)
    return [message_row(row, zone) for row in reversed(found)]
