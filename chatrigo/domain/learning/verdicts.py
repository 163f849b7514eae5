"""What staff think of an answer of the assistant, and what it should have said."""

from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.domain.access import Actor, may, owned, require
from chatrigo.domain.conversations.rows import (
    MessageRow,
    business_zone,
    message_query,
    message_row,
)
from chatrigo.domain.fields import choice_of
from chatrigo.domain.knowledge import entries
from chatrigo.domain.knowledge.proposals import propose
from chatrigo.errors import NotFound
from chatrigo.events import MessageChanged, record
from chatrigo.models.conversation import Message

VERDICTS = ("good", "bad", "")

# The customer's bubbles that an answer settles: those since anybody last answered.
_ASKED = text(
    """
    SELECT string_agg(body, ' ' ORDER BY id) FROM message
    WHERE conversation_id = :conversation AND author = 'contact' AND id < :answer
        AND id > COALESCE((
            SELECT max(id) FROM message
            WHERE conversation_id = :conversation AND id < :answer
                AND author IN ('ai', 'human') AND kind <> 'note'), 0)
    """
)


def judge(session: Session, actor: Actor, message_id: Any, verdict: Any) -> MessageRow:
    """
    Say of an answer that it was good or bad; "" takes it back. The last word counts.

    Raises NotFound for what is no answer of the assistant, Invalid for another word.
    """
    require(actor, "inbox.write")
    message = owned(session, actor, Message, message_id)
    if message.author != "ai" or message.kind != "text":
        raise NotFound
    session.execute(
        update(Message)
        .where(col(Message.id) == message.id)
        .values(verdict=choice_of(verdict, "learning.verdict", VERDICTS))
    )
    found = session.execute(message_query().where(col(Message.id) == message.id)).one()
    row = message_row(found, business_zone(session, actor.business_id))
    record(session, MessageChanged(actor.business_id, row.conversation_id, row))
    return row


def correct(session: Session, actor: Actor, message_id: Any, question: Any, answer: Any) -> str:
    """
    Say what the answer should have been: "taught" at once by who may teach, else "proposed".

    A question that is taught already gets the new answer. Raises NotFound, Invalid.
    """
    row = judge(session, actor, message_id, "bad")
    if not may(actor.role, "teach"):
        propose(session, actor, "thumb", str(row.id), question, answer)
        return "proposed"
    try:
        # What the refused row left in the session must not come along.
        with session.begin_nested():
            entries.add_entry(session, actor, "qa", question, answer)
    except entries.Duplicate as known:
        entries.change_entry(session, actor, known.entry_id, question, answer, duplicate_ok=True)
    return "taught"


def question_of(session: Session, actor: Actor, message_id: Any) -> tuple[str, str]:
    """What the customer asked, in one line, and what the assistant answered. Raises NotFound."""
    require(actor, "inbox.read")
    message = owned(session, actor, Message, message_id)
    if message.author != "ai" or message.kind != "text":
        raise NotFound
    asked = session.execute(
        _ASKED, {"conversation": message.conversation_id, "answer": message.id}
    ).scalar()
    return " ".join((asked or "").split())[:300], message.body
