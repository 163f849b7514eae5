"""A person answers the customer, or leaves a note for colleagues."""

from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.conversations.post import clean_body, post
from chatrigo.domain.conversations.rows import MessageRow
from chatrigo.domain.conversations.turn import hand_to_person
from chatrigo.errors import Invalid
from chatrigo.models.conversation import Conversation


def send_message(
    session: Session, actor: Actor, conversation_id: Any, body: object, key: object
) -> MessageRow | None:
    """
    Answer as a person: the conversation is theirs from here on, and counts as read.

    `key` is made by the sender's browser; the same key is stored once, then None is returned.
    Raises Invalid for an empty or too long text.
    """
    require(actor, "inbox.write")
    text = clean_body(body)
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    hand_to_person(session, actor, conversation)
    return post(
        session,
        actor,
        conversation,
        author="human",
        body=text,
        account_id=actor.account_id,
        provider_message_id=staff_key(actor, key),
        changes={"unread": 0},
    )


def add_note(
    session: Session, actor: Actor, conversation_id: Any, body: object, key: object
) -> MessageRow | None:
    """Leave a note that only colleagues see. Raises Invalid."""
    require(actor, "inbox.write")
    text = clean_body(body)
    conversation = owned(session, actor, Conversation, conversation_id)
    return post(
        session,
        actor,
        conversation,
        author="human",
        kind="note",
        body=text,
        account_id=actor.account_id,
        provider_message_id=staff_key(actor, key),
        shown=False,
    )


def staff_key(actor: Actor, key: object) -> str:
    """Keys of staff live beside those of customers, so each person has a space of their own."""
    text = str(key or "")
    if not 8 <= len(text) <= 64:
        raise Invalid("errors.message_key")
    return f"staff:{actor.account_id}:{text}"
