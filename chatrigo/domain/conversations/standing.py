"""How a conversation stands: open, pending or resolved; read; labelled."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo.domain.access import Actor, may, owned, require
from chatrigo.domain.conversations.post import announce_change, event
from chatrigo.errors import Invalid
from chatrigo.models.business import Label
from chatrigo.models.columns import now
from chatrigo.models.conversation import Conversation, ConversationLabel

EVENTS = {"open": "reopened", "pending": "pending", "resolved": "resolved"}


def set_status(session: Session, actor: Actor, conversation_id: Any, status: Any) -> None:
    """Raises Invalid for an unknown status, and for reopening beside a newer conversation."""
    require(actor, "inbox.write")
    if not isinstance(status, str) or status not in EVENTS:
        raise Invalid("errors.status_unknown")
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if conversation.status == status:
        return
    if conversation.status == "resolved":
        _require_newest(session, conversation)
    conversation.status = status
    conversation.resolved_at = now() if status == "resolved" else None
    if status == "resolved":
        conversation.needs_person, conversation.unread, conversation.ai_turns = "", 0, 0
    session.flush()
    event(session, actor, conversation, EVENTS[status])
    announce_change(session, actor, conversation.id)


def mark_read(session: Session, actor: Actor, conversation_id: Any) -> None:
    """Nothing in it is news any more. Whoever only looks on leaves it news for those who answer."""
    require(actor, "inbox.read")
    if not may(actor.role, "inbox.write"):
        return
    if actor.support_id:
        return  # it is the business's people who have not read it yet
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if conversation.unread:
        conversation.unread = 0
        session.flush()
        announce_change(session, actor, conversation.id)


def mark_unread(session: Session, actor: Actor, conversation_id: Any) -> None:
    """Keep it in view for later."""
    require(actor, "inbox.write")
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if not conversation.unread:
        conversation.unread = 1
        session.flush()
        announce_change(session, actor, conversation.id)


def toggle_label(session: Session, actor: Actor, conversation_id: Any, label_id: Any) -> None:
    """Put a label on, or take it off. Raises NotFound."""
    require(actor, "inbox.write")
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    label = owned(session, actor, Label, label_id)
    here = (ConversationLabel.conversation_id == conversation.id) & (
        ConversationLabel.label_id == label.id
    )
    taken_off = delete(ConversationLabel).where(here).returning(ConversationLabel.label_id)
    if session.execute(taken_off).first() is None:
        session.add(
            ConversationLabel(
                business_id=actor.business_id, conversation_id=conversation.id, label_id=label.id
            )
        )
        session.flush()
    announce_change(session, actor, conversation.id)


def _require_newest(session: Session, conversation: Conversation) -> None:
    newer = select(Conversation.id).where(
        Conversation.channel_id == conversation.channel_id,
        Conversation.contact_id == conversation.contact_id,
        Conversation.status != "resolved",
    )
    if session.execute(newer).first() is not None:
        raise Invalid("errors.newer_conversation")
