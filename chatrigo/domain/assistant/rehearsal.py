"""
Trying the assistant: what it would do about a question, with nothing stored and nobody told.

The same decisions as `policy`, but for the owner's switch: it may be tried before it is on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.assistant import clarify
from chatrigo.domain.assistant.handover import handover_said
from chatrigo.domain.assistant.policy import (
    HISTORY,
    Shop,
    earlier_question,
    evidence_of,
    find,
    prompt_for,
    shop_of,
    small_talk,
)
from chatrigo.domain.assistant.prompt import Evidence, Turns
from chatrigo.domain.assistant.small_talk import kind_of
from chatrigo.domain.assistant.topics import Ruling, ruling, ruling_out_of_scope
from chatrigo.domain.assistant.wishes import wants_person
from chatrigo.domain.fields import text_of
from chatrigo.domain.knowledge.lookup import WORDS_ALONE, Meanings
from chatrigo.domain.tools.registry import NO_TOOLS, Toolbox, toolbox
from chatrigo.i18n import known
from chatrigo.language_model import NO_MODEL, Models
from chatrigo.models.conversation import Contact, Conversation
from chatrigo.models.instructions import InstructionVersion
from chatrigo.retrieval import gate

MAX_QUESTION = 1_000
MAX_TURN = 4_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """
    act   small_talk, declined, clarify or approved (`text` is the answer), handover (`text` is
          what is said, for `reason`), or ask (`models` are to be asked with `turns`, offering
          `tools`; unless it is `grounded`, only a tool can know the answer)
    """

    act: str
    text: str = ""
    reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    turns: Turns = field(default_factory=list)
    tools: Toolbox = NO_TOOLS
    grounded: bool = True
    models: Models = NO_MODEL
    topics: dict[str, Any] = field(default_factory=dict)


def rehearse_question(
    session: Session,
    actor: Actor,
    question: Any,
    history: Any = (),
    locale: str = "id",
    *,
    with_model: bool = False,
    meanings: Meanings = WORDS_ALONE,
    version_id: Any = 0,
    contact_id: Any = 0,
) -> Rehearsal:
    """
    `history` is what was said before, oldest first, as (user or assistant, text).

    `version_id` is the instructions' version to try; 0 is what customers meet. `contact_id` is
    whom to answer as, in the language they last wrote; 0 is somebody new. `with_model` asks the
    business's model, if it has one.
    """
    require(actor, "teach")
    asked = text_of(question, "assistant.question", most=MAX_QUESTION, least=1)
    language = _language_of(session, actor, contact_id) or known(locale)
    shop = _shop(session, actor, version_id)
    if wants_person(asked):
        return _handed_over(shop, language, "asked_for_person")
    said = _said_before(history)
    chat = kind_of(asked)
    if chat:
        text = small_talk(session, actor, language, chat, first=not said)
        return Rehearsal("small_talk", text)
    ruled = ruling(shop.told.topics, asked, language)
    if ruled:
        return _ruled(shop, language, ruled)
    models = shop.models if with_model else NO_MODEL
    earlier = earlier_question(said) if models.any else ""
    back = clarify.asked_back(said)
    hits = find(session, actor, back.meant(asked) if back else asked, earlier, meanings)
    decision, evidence = gate.decide(hits), evidence_of(hits)
    tools = toolbox(session, actor, (), int(version_id)) if models.any else NO_TOOLS
    if models.any and (decision != "none" or tools.may_answer):
        turns = prompt_for(shop, evidence, said, asked)
        grounded, topics = decision != "none", shop.told.topics or {}
        return Rehearsal("ask", "", "", evidence, turns, tools, grounded, models, topics)
    rivals = [] if back else evidence_of(gate.rivals(hits))
    if rivals:
        return Rehearsal(clarify.MODE, clarify.in_words(rivals, language), evidence=rivals)
    if decision == "answer":
        return Rehearsal("approved", hits[0].body, evidence=evidence[:1])
    ruled = ruling_out_of_scope(shop.told.topics, language)
    if ruled and decision == "none":
        return _ruled(shop, language, ruled)
    return _handed_over(shop, language, "no_evidence", evidence)


def rehearse_handover(
    session: Session, actor: Actor, reason: str, locale: str = "id", version_id: Any = 0
) -> Rehearsal:
    """What is said when the model gives up, or fails."""
    require(actor, "teach")
    return _handed_over(_shop(session, actor, version_id), known(locale), reason)


def _language_of(session: Session, actor: Actor, contact_id: Any) -> str:
    """Empty for somebody new. Raises NotFound for another business's contact."""
    if not contact_id:
        return ""
    contact = owned(session, actor, Contact, contact_id)
    latest = (
        select(Conversation.locale)
        .where(Conversation.contact_id == contact.id)
        .order_by(col(Conversation.id).desc())
        .limit(1)
    )
    return session.execute(latest).scalar() or ""


def _shop(session: Session, actor: Actor, version_id: Any) -> Shop:
    shop = shop_of(session, actor)
    if not version_id:
        return shop
    return replace(shop, told=owned(session, actor, InstructionVersion, version_id))


def _ruled(shop: Shop, locale: str, ruled: Ruling) -> Rehearsal:
    if ruled.act == "hand_over":
        return _handed_over(shop, locale, "topic")
    return Rehearsal("declined", ruled.text)


def _handed_over(
    shop: Shop, locale: str, reason: str, evidence: Sequence[Evidence] = ()
) -> Rehearsal:
    text = handover_said(shop.told.handover_line, locale, reason)
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
