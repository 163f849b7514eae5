"""An answer of the assistant is stored, unless it has come too late."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, owned
from chatrigo.domain.assistant.prompt import Evidence
from chatrigo.domain.conversations.post import post
from chatrigo.domain.conversations.rows import MessageRow
from chatrigo.domain.model.calls import Call, note_calls
from chatrigo.domain.tools.calls import CallRow
from chatrigo.models.conversation import Conversation, Message

_LATEST_OF_CUSTOMER = (
    select(Message.id)
    .where(Message.conversation_id == bindparam("conversation"), Message.author == "contact")
    .order_by(Message.id.desc())
    .limit(1)
)


def store_answer(
    session: Session,
    actor: Actor,
    conversation_id: int,
    message_id: int,
    text: str,
    *,
    mode: str,
    evidence: Sequence[Evidence] = (),
    usage: dict[str, Any] | None = None,
    calls: Sequence[CallRow] = (),
    asked: Sequence[Call] = (),
) -> MessageRow | None:
    """
    Answer the customer's message; None if that must not happen any more.

    That is so when a person has taken over, the conversation is done, the customer has written
    again (the newer message is answered with this one), or an answer stands already. That models
    were `asked` is written down in any case.
    """
    note_calls(session, actor, asked, conversation_id)
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if not still_wanted(session, conversation, message_id):
        return None
    return post(
        session,
        actor,
        conversation,
        author="ai",
        body=text,
        in_reply_to=message_id,
        evidence=[
            {"entry_id": e.entry_id, "title": e.title, "body": e.body[:500], "kind": e.kind}
            for e in evidence
        ],
        generation={
            "mode": mode,
            **(usage or {}),
            **({"calls": [_shown(call) for call in calls]} if calls else {}),
        },
        changes={"ai_turns": conversation.ai_turns + 1},
    )


def _shown(call: CallRow) -> dict[str, Any]:
    """A call as the conversation keeps it; all of it is in the table of calls."""
    return {
        "name": call.name,
        "arguments": json.dumps(call.arguments, ensure_ascii=False)[:300],
        "state": call.state,
        "result": call.result[:500],
    }


def awaits_assistant(conversation: Any) -> bool:
    """Whether it is the assistant's turn at all."""
    return bool(conversation.handler == "ai" and conversation.status != "resolved")


def still_wanted(session: Session, conversation: Any, message_id: int) -> bool:
    """Whether this message still awaits the assistant's answer."""
    if not awaits_assistant(conversation):
        return False
    latest = session.execute(_LATEST_OF_CUSTOMER, {"conversation": conversation.id}).scalar()
    return latest == message_id
