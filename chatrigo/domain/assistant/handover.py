"""Handing over to a person: an act of the server, with a message of its own."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, owned
from chatrigo.domain.conversations.post import announce_change, event, post
from chatrigo.domain.conversations.rows import MessageRow
from chatrigo.domain.learning.unanswered import note_question
from chatrigo.domain.model.calls import Call, note_calls
from chatrigo.i18n import translate
from chatrigo.models.conversation import Conversation
from chatrigo.models.instructions import InstructionVersion

REASONS = (
    "asked_for_person",
    "no_evidence",
    "model_unsure",
    "model_failed",
    "unsupported_claim",
    "promise",
    "leak",
    "improper",
    "wrong_language",
    "tool_unknown",
    "tool_wrong",
    "too_many_steps",
    "turn_cap",
    "attachment",
    "topic",
    "assistant_off",
    "failure",
    "suspended",
)


def hand_over(
    session: Session,
    actor: Actor,
    conversation_id: int,
    message_id: int | None,
    reason: str,
    *,
    asked: Sequence[Call] = (),
) -> MessageRow | None:
    """
    Leave the conversation to people, tell the customer, and note why.

    `message_id` is the message that this settles, if any: it is settled once. Repeating is
    harmless; a conversation that a person has already is left alone. That models were `asked`
    before is written down in any case.
    """
    note_calls(session, actor, asked, conversation_id)
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if conversation.handler == "human":
        return None
    row = post(
        session,
        actor,
        conversation,
        author="ai",
        body=handover_line(session, actor, conversation.locale, reason),
        in_reply_to=message_id,
        generation={"mode": "hand_over", "reason": reason},
    )
    if row is None:
        return None
    conversation.handler = "human"
    conversation.needs_person = reason
    session.flush()
    event(session, actor, conversation, "handover", generation={"reason": reason})
    note_question(session, actor, conversation.id, message_id, reason)
    announce_change(session, actor, conversation.id)
    return row


def set_aside(session: Session, actor: Actor, conversation: Conversation) -> None:
    """
    Leave the conversation to people without a word to the customer: the shop is suspended, and
    its people find what was written once it is open again.
    """
    conversation.handler, conversation.needs_person = "human", "suspended"
    session.flush()
    event(session, actor, conversation, "handover", generation={"reason": "suspended"})
    announce_change(session, actor, conversation.id)


def handover_line(session: Session, actor: Actor, locale: str, reason: str) -> str:
    """The published version's own line, or ours."""
    own = session.execute(
        select(InstructionVersion.handover_line).where(
            InstructionVersion.business_id == actor.business_id,
            InstructionVersion.state == "published",
        )
    ).scalar()
    return handover_said(own or "", locale, reason)


def handover_said(own: str, locale: str, reason: str) -> str:
    """`own` is the owner's line; what went wrong with a picture is said in any case."""
    if reason == "attachment":
        return translate("assistant_says.handover_attachment", locale)
    if own and locale == "id":
        return own
    known = reason if reason in ("asked_for_person", "no_evidence") else "other"
    return translate(f"assistant_says.handover_{known}", locale)
