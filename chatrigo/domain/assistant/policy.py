"""
What the assistant does about a customer's message, decided before any model is asked.

Everything that needs no model is done here in one transaction; what needs one comes back as a
`Plan` for `chatrigo.workflows.answer`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, owned
from chatrigo.domain.assistant import clarify, prompt
from chatrigo.domain.assistant.answer import awaits_assistant, store_answer
from chatrigo.domain.assistant.handover import hand_over, set_aside
from chatrigo.domain.assistant.prompt import Evidence, Turns
from chatrigo.domain.assistant.small_talk import kind_of
from chatrigo.domain.assistant.topics import Ruling, ruling, ruling_out_of_scope
from chatrigo.domain.assistant.wishes import wants_person
from chatrigo.domain.catalogue.known import priced
from chatrigo.domain.conversations.rows import zone_named
from chatrigo.domain.knowledge.lookup import WORDS_ALONE, Meanings, look_up
from chatrigo.domain.model.choice import chosen
from chatrigo.domain.tools.registry import NO_TOOLS, Toolbox, toolbox
from chatrigo.domain.tools.tool import NOBODY, Context
from chatrigo.i18n import translate
from chatrigo.language_model import NO_MODEL, Models
from chatrigo.models.business import Assistant, Business
from chatrigo.models.columns import now
from chatrigo.models.conversation import Attachment, Conversation, Message
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.model import ModelSetting
from chatrigo.retrieval import gate
from chatrigo.retrieval.rank import Hit

# How many bubbles before the question the model sees.
HISTORY = 20
# How many rows they are looked for in: notes and events stand between them.
LOOKED_AT = 3 * HISTORY
STARTS_ANEW = ("reopened", "gave_back")
LONGEST_QUESTION = 4_000
# What the assistant can't take in: a person looks at it. A picture, unless the model sees.
UNREAD = frozenset({"image", "audio", "video", "document", "sticker", "contacts", "order", "other"})
MOST_PICTURES = 3

_SHOP = (
    select(Business, Assistant.enabled, InstructionVersion, ModelSetting)
    .outerjoin(Assistant, Assistant.business_id == Business.id)
    .outerjoin(ModelSetting, ModelSetting.business_id == Business.id)
    .outerjoin(
        InstructionVersion,
        and_(
            InstructionVersion.business_id == Business.id,
            InstructionVersion.state == "published",
        ),
    )
    .where(Business.id == bindparam("shop"))
)
_RECENT = (
    select(
        Message.id,
        Message.author,
        Message.kind,
        Message.body,
        Message.created_at,
        Message.attachment_id,
    )
    .where(Message.conversation_id == bindparam("conversation"))
    .order_by(Message.id.desc())
    .limit(LOOKED_AT)
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say: the limits on the assistant."""

    quiet: timedelta
    quiet_cap: timedelta
    turn_cap: int


@dataclass(frozen=True, slots=True)
class Shop:
    """Who answers, and how: `told` is what customers meet, the published version."""

    business: Business
    told: InstructionVersion
    enabled: bool
    models: Models


@dataclass(frozen=True, slots=True)
class Plan:
    """
    done   answered or handed over
    leave  not ours any more: answered before, a person's, or for the newer message's run
    wait   look again after `seconds`: the customer may still be writing
    ask    ask one of `models` with `turns`, offering it `tools`, then store the answer with `evidence`.
           Unless it is `grounded`, only a tool can know the answer. `topics` are the owner's
           rules for certain talk. `pictures` names the files that the customer sent along.
    """

    act: str
    seconds: float = 0
    turns: Turns = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    tools: Toolbox = NO_TOOLS
    context: Context = NOBODY
    grounded: bool = True
    models: Models = NO_MODEL
    topics: dict[str, Any] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)


DONE = Plan("done")
LEAVE = Plan("leave")


def settle(
    session: Session,
    actor: Actor,
    conversation_id: int,
    message_id: int,
    rules: Rules,
    *,
    meanings: Meanings = WORDS_ALONE,
) -> Plan:
    """
    Answer or hand over what can be without a model; else say what the model is to be asked.

    Raises MeaningNeeded before anything is written.
    """
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    recent = _recent(session, conversation_id)
    asked = _unanswered(recent)
    if not (awaits_assistant(conversation) and asked and asked[-1].id == message_id):
        return LEAVE
    wait = _quiet_left(asked, rules)
    if wait > 0:
        return Plan("wait", seconds=wait)
    question = "\n".join(m.body for m in asked if m.body)[-LONGEST_QUESTION:]
    shop = shop_of(session, actor)
    if shop.business.suspended_at:
        set_aside(session, actor, conversation)
        return DONE
    shown = [m.attachment_id for m in asked if m.kind == "image" and shop.models.see]
    reason = _reason_for_person(conversation, asked, question, rules, shop)
    if reason:
        hand_over(session, actor, conversation_id, message_id, reason)
        return DONE
    chat = "" if shown else kind_of(question)
    if chat:
        first = conversation.ai_turns == 0
        text = small_talk(session, actor, conversation.locale, chat, first=first)
        store_answer(session, actor, conversation_id, message_id, text, mode="small_talk")
        return DONE
    ruled = ruling(shop.told.topics, question, conversation.locale)
    if ruled:
        return _obey(session, actor, conversation_id, message_id, ruled)
    history = _history(recent)
    earlier = earlier_question(history) if shop.models.any else ""
    back = clarify.asked_back(history)
    hits = find(session, actor, back.meant(question) if back else question, earlier, meanings)
    decision, evidence = gate.decide(hits), evidence_of(hits)
    if shop.models.any:
        context = _context(conversation, asked)
        tools = toolbox(session, actor, context.message_ids)
        if decision != "none" or tools.may_answer:
            turns = prompt_for(shop, evidence, history, question)
            grounded, topics = decision != "none", shop.told.topics or {}
            asking, pictures = shop.models, _pictures(session, shown)
            return Plan(
                "ask", 0, turns, evidence, tools, context, grounded, asking, topics, pictures
            )
    rivals = [] if back else evidence_of(gate.rivals(hits))
    if rivals:
        text = clarify.in_words(rivals, conversation.locale)
        store_answer(
            session, actor, conversation_id, message_id, text, mode=clarify.MODE, evidence=rivals
        )
        return DONE
    if decision == "answer":
        text, used = hits[0].body, evidence[:1]
        store_answer(
            session, actor, conversation_id, message_id, text, mode="approved", evidence=used
        )
        return DONE
    ruled = ruling_out_of_scope(shop.told.topics, conversation.locale)
    if ruled and decision == "none":
        return _obey(session, actor, conversation_id, message_id, ruled)
    hand_over(session, actor, conversation_id, message_id, "no_evidence")
    return DONE


def _obey(
    session: Session, actor: Actor, conversation_id: int, message_id: int, ruled: Ruling
) -> Plan:
    """Do what the owner decided about a topic."""
    if ruled.act == "hand_over":
        hand_over(session, actor, conversation_id, message_id, "topic")
    else:
        store_answer(session, actor, conversation_id, message_id, ruled.text, mode="declined")
    return DONE


def _context(conversation: Conversation, asked: Sequence[Row[*tuple[Any, ...]]]) -> Context:
    ids = tuple(message.id for message in asked)
    return Context(
        conversation_id=conversation.id or 0,
        contact_id=conversation.contact_id,
        message_id=ids[-1],
        locale=conversation.locale,
        message_ids=ids,
    )


def find(
    session: Session,
    actor: Actor,
    question: str,
    earlier: str = "",
    meanings: Meanings = WORDS_ALONE,
) -> list[Hit]:
    """
    What the shop knows about a question.

    A short follow-up ("kalau yang 500 gram?") finds nothing by itself; then it is looked up
    together with the question before it. Of products it tells what is true at this moment.
    """
    hits = look_up(session, actor, question, meanings=meanings) if question else []
    if earlier and gate.decide(hits) == "none":
        hits = look_up(session, actor, f"{earlier}\n{question}", meanings=meanings)
    return priced(session, actor, hits)


def evidence_of(hits: Sequence[Hit]) -> list[Evidence]:
    return [
        Evidence(hit.entry_id, hit.title, hit.body, hit.kind, hit.score, hit.coverage, hit.likeness)
        for hit in hits
    ]


def shop_of(session: Session, actor: Actor) -> Shop:
    """What a prompt needs of the database."""
    business, enabled, told, setting = session.execute(_SHOP, {"shop": actor.business_id}).one()
    told = told or InstructionVersion(business_id=business.id)
    return Shop(business, told, enabled is not False, chosen(setting))


def prompt_for(
    shop: Shop,
    evidence: Sequence[Evidence],
    history: Sequence[tuple[str, str]],
    question: str,
) -> Turns:
    local = now().astimezone(zone_named(shop.business.zone))
    return prompt.build(shop.business, shop.told, evidence, history, question, local)


def _recent(session: Session, conversation_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was said and done last, the newest first."""
    return session.execute(_RECENT, {"conversation": conversation_id}).all()


def _unanswered(recent: Sequence[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    """The customer's bubbles since anybody last answered, oldest first."""
    since = takewhile(lambda m: m.author not in ("ai", "human") or m.kind == "note", recent)
    return [m for m in since if m.author == "contact"][:HISTORY][::-1]


def _quiet_left(asked: Sequence[Row[*tuple[Any, ...]]], rules: Rules) -> float:
    """Seconds until the customer has been quiet long enough, or has waited long enough."""
    if not asked or not rules.quiet:
        return 0
    due = min(asked[-1].created_at + rules.quiet, asked[0].created_at + rules.quiet_cap)
    return (due - now()).total_seconds()


def _reason_for_person(
    conversation: Conversation,
    asked: Sequence[Row[*tuple[Any, ...]]],
    question: str,
    rules: Rules,
    shop: Shop,
) -> str:
    if any(wants_person(message.body) for message in asked):
        return "asked_for_person"
    if not shop.enabled:
        return "assistant_off"
    pictures = any(message.kind == "image" for message in asked)
    unread = UNREAD - {"image"} if shop.models.see else UNREAD
    if any(message.kind in unread for message in asked):
        return "attachment"
    if conversation.ai_turns >= rules.turn_cap:
        return "turn_cap"
    return "" if question or pictures else "no_evidence"


def _pictures(session: Session, shown: Sequence[int | None]) -> list[str]:
    """The names of the last of these files, in their order; asked only when there are any."""
    if not shown:
        return []
    query = select(Attachment.sha256).where(Attachment.id.in_(shown[-MOST_PICTURES:]))  # type: ignore[union-attr]
    return list(session.execute(query.order_by(Attachment.id)).scalars())


def small_talk(session: Session, actor: Actor, locale: str, kind: str, *, first: bool) -> str:
    """Our part of it; the `first` hello is the owner's greeting."""
    if kind == "greeting" and locale == "id" and first:
        greeting = session.execute(
            select(Business.greeting).where(Business.id == actor.business_id)
        ).scalar()
        if greeting:
            return greeting
    return translate(f"assistant_says.{kind}", locale)


def _history(recent: Sequence[Row[*tuple[Any, ...]]]) -> list[tuple[str, str]]:
    """
    Earlier turns for the model, oldest first, without the bubbles being answered.

    It starts after the conversation was last reopened or given back: an old handover in the
    context makes a model hand over again.
    """
    since = takewhile(lambda m: not (m.kind == "event" and m.body in STARTS_ANEW), recent)
    found = [m for m in since if m.kind == "text"][:HISTORY]
    while found and found[0].author == "contact":
        found.pop(0)
    roles = {"contact": "user", "ai": "assistant", "human": "assistant"}
    return [(roles[m.author], m.body) for m in reversed(found)]


def earlier_question(history: Sequence[tuple[str, str]]) -> str:
    return next((text for role, text in reversed(history) if role == "user"), "")
