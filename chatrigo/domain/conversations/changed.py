"""Telling the screens how a message stands at this moment."""

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.conversations.rows import business_zone, message_query, message_row
from chatrigo.events import MessageChanged, record
from chatrigo.models.conversation import Message


def announce_message(session: Session, actor: Actor, message_id: int) -> None:
    session.flush()
    found = session.execute(message_query().where(Message.id == message_id)).first()
    if found is not None:
        row = message_row(found, business_zone(session, actor.business_id))
        record(session, MessageChanged(actor.business_id, row.conversation_id, row))
