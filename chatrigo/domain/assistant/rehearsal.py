"""
Trying the assistant: what it would do about a question, with nothing stored and nobody told.

The same decisions as `policy`, but for the owner's switch: it may be tried before it is on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, require
from chatrigo.domain.assistant.handover import handover_line
from chatrigo.domain.assistant.policy import (
    HISTORY,
    earlier_question,
    evidence_of,
    find,
    prompt_for,
    shop_of,
    small_talk,
)
from chatrigo.domain.assistant.prompt import Evidence, Turns
from chatrigo.domain.assistant.small_talk import kind_of
from chatrigo.domain.assistant.wishes import wants_person
from chatrigo.domain.fields import text_of
from chatrigo.domain.knowledge.lookup import WORDS_ALONE, Meanings
from chatrigo.domain.tools.registry import NO_TOOLS, Toolbox, toolbox
from chatrigo.i18n import known
from chatrigo.retrieval import gate

MAX_QUESTION = 1_000
MAX_TURN = 4_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """
    act   small_talk or approved (`text` is the answer), handover (`text` is what is said, for
          `reason`), or ask (the model is to be asked with `turns`, offering it `tools`; unless
          it is `grounded`, only a tool can know the answer)
    """

    act: str
    text: str = ""
    reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    turns: Turns = field(default_factory=list)
    tools: Toolbox = NO_TOOLS
    grounded: bool = True


def rehearse_question(
    session: Session,
    actor: Actor,
    question: Any,
    history: Any = (),
    locale: str = "id",
    *,
    has_model: bool = False,
    meanings: Meanings = WORDS_ALONE,
) -> Rehearsal:
    """`history` is what was said before, oldest first, as (user or assistant, text)."""
    require(actor, "teach")
    asked = text_of(question, "assistant.question", most=MAX_QUESTION, least=1)
    language = known(locale)
    if wants_person(asked):
        return _handed_over(session, actor, language, "asked_for_person")
    said = _said_before(history)
    chat = kind_of(asked)
    if chat:
        text = small_talk(session, actor, language, chat, first=not said)
        return Rehearsal("small_talk", text)
    hits = find(session, actor, asked, earlier_question(said) if has_model else "", meanings)
    decision, evidence = gate.decide(hits), evidence_of(hits)
    tools = toolbox(session, actor) if has_model else NO_TOOLS
    if has_model and (decision != "none" or tools.may_answer):
        turns = prompt_for(shop_of(session, actor), evidence, said, asked)
        return Rehearsal("ask", "", "", evidence, turns, tools, decision != "none")
    if decision == "answer":
        return Rehearsal("approved", hits[0].body, evidence=evidence[:1])
    return _handed_over(session, actor, language, "no_evidence", evidence)


def rehearse_handover(session: Session, actor: Actor, reason: str, locale: str = "id") -> Rehearsal:
    """What is said when the model gives up, or fails."""
    require(actor, "teach")
    return _handed_over(session, actor, known(locale), reason)


def _handed_over(
    session: Session,
    actor: Actor,
    locale: str,
    reason: str,
    evidence: Sequence[Evidence] = (),
) -> Rehearsal:
    text = handover_line(session, actor, locale, reason)
    return Rehearsal("handover", text, reason, list(evidence))


def _said_before(history: Any) -> list[tuple[str, str]]:
    """What of it is turns of a conversation, and no more than a model is ever shown."""
    listed = history if isinstance(history, list | tuple) else ()
    turns = [
        (turn[0], turn[1][:MAX_TURN])
        for turn in listed
        if isinstance(turn, list | tuple)
        and len(turn) == 2
        and turn[0] in ("user", "assistant")
        and isinstance(turn[1], str)
    ]
    return turns[-HISTORY:]
