"""A test made of a real conversation, for the owner to look over before it is saved."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor, as_id, owned, require
from chatrigo.domain.assistant.numbers import identifiers, numbers
from chatrigo.domain.assistant.rehearsal import MAX_QUESTION
from chatrigo.domain.assistant.testing.cases import (
    MAX_FACT,
    MAX_FACTS,
    MAX_NAME,
    MAX_TURNS,
    CaseRow,
)
from chatrigo.domain.assistant.testing.facts import holds
from chatrigo.models.conversation import Conversation, Message

# How far back a test begins: earlier turns seldom have to do with the question.
TURNS = 3
LOOKED_AT = 60


def propose_case(
    session: Session, actor: Actor, conversation_id: Any, message_id: Any = None
) -> CaseRow:
    """
    A case with `id` 0: the customer's last turns up to an answer, and the facts it stood on.

    `message_id` is the answer (or the customer's message) that it is about; without it, the
    latest. Raises NotFound for another business's conversation.
    """
    require(actor, "configure")
    require(actor, "inbox.read")
    conversation = owned(session, actor, Conversation, conversation_id)
    messages = _until(session, conversation, message_id)
    turns = _turns(messages)
    answer = next((m for m in reversed(messages) if m.author == "ai"), None)
    return CaseRow(
        id=0,
        name=turns[-1][:MAX_NAME] if turns else "",
        turns=turns,
        facts=_facts(answer) if answer else [],
        forbidden=[],
        expected=_expected(answer),
        enabled=True,
    )


def _until(session: Session, conversation: Conversation, message_id: Any) -> list[Message]:
    """The bubbles up to the one asked for, oldest first; with its answer, if it is a question."""
    query = select(Message).where(
        Message.conversation_id == conversation.id, col(Message.kind).in_(("text", "image"))
    )
    if message_id:
        last = as_id(message_id)
        answered = select(Message.id).where(Message.in_reply_to == last)
        last = max(last, session.execute(answered).scalar() or 0)
        query = query.where(col(Message.id) <= last)
    newest = session.execute(query.order_by(col(Message.id).desc()).limit(LOOKED_AT)).scalars()
    return list(newest)[::-1]


def _turns(messages: Sequence[Message]) -> list[str]:
    """Bubbles sent one after the other are one turn."""
    turns: list[str] = []
    follows = False
    for message in messages:
        said = " ".join(message.body.split())
        if message.author == "contact" and said:
            joined = f"{turns[-1]} {said}" if follows else said
            turns = [*turns[:-1], joined] if follows else [*turns, joined]
        follows = message.author == "contact" and bool(turns)
    return [turn[:MAX_QUESTION] for turn in turns[-min(TURNS, MAX_TURNS) :]]


def _facts(answer: Message) -> list[str]:
    """The amounts of the answer that stand in its evidence; without any, nothing is sure enough."""
    known = "\n".join(f"{piece['title']}\n{piece['body']}" for piece in answer.evidence)
    said = [
        number.text.strip()
        for number in (*numbers(answer.body), *identifiers(answer.body))
        if number.text.strip()
    ]
    facts = dict.fromkeys(text[:MAX_FACT] for text in said if holds(known, text))
    return list(facts)[:MAX_FACTS]


def _expected(answer: Message | None) -> str:
    if answer is None:
        return "any"
    mode = answer.generation.get("mode", "")
    return {"hand_over": "handover", "clarify": "clarify"}.get(mode, "answer")
