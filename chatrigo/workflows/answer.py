"""
Answering a customer's message: read, ask the model, write.

A run may be cut short anywhere and starts again from the beginning: every write is settled by
a constraint (`message.in_reply_to` is unique), so the customer gets one answer.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

from dbos import DBOS

from chatrigo import db, duties
from chatrigo.config import settings
from chatrigo.domain.access import Actor, system
from chatrigo.domain.assistant.answer import store_answer
from chatrigo.domain.assistant.handover import hand_over
from chatrigo.domain.assistant.policy import Plan, Rules, settle
from chatrigo.domain.assistant.prompt import HANDOVER_TOOL, Turns
from chatrigo.errors import ChatrigoError
from chatrigo.events import ConversationChanged, DraftGrew, Inbox, MessageAdded, hub
from chatrigo.integrations import llm

log = logging.getLogger(__name__)

DRAFT_EVERY_SECONDS = 0.1
TRIES = 4
TURN_OVER_SECONDS = 0.03


class Overtaken(Exception):
    """A newer message or a person came first: the draft is thrown away."""


class HandedOver(Exception):
    """The model asked for a person."""


def rules() -> Rules:
    return Rules(
        has_model=settings.has_model,
        quiet=timedelta(seconds=settings.quiet_seconds),
        quiet_cap=timedelta(seconds=settings.quiet_cap_seconds),
        turn_cap=settings.turn_cap,
    )


@DBOS.workflow(name="answer")
async def answer(business_id: int, conversation_id: int, message_id: int) -> None:
    """Answer one message, or hand it to a person; never neither."""
    actor = system(business_id)
    try:
        answered = await _answer(actor, conversation_id, message_id)
    except Exception:
        log.exception("Could not answer message %s", message_id)
        await _hand_over_at_last(actor, conversation_id, message_id)
        answered = True
    if not answered:
        # The newer message waits for its turn in this conversation, not for the safety net: the
        # queue is looked at once DBOS has written that this run is over.
        asyncio.get_running_loop().call_later(TURN_OVER_SECONDS, duties.wake)


async def _answer(actor: Actor, conversation_id: int, message_id: int) -> bool:
    """Whether the message was settled here; if not, a newer one or a person came first."""
    plan = await db.run(settle, actor, conversation_id, message_id, rules())
    while plan.act == "wait":
        await asyncio.sleep(plan.seconds)
        plan = await db.run(settle, actor, conversation_id, message_id, rules())
    if plan.act != "ask":
        return plan.act == "done"
    with hub.subscribe(actor.business_id, conversation_id) as news:
        hub.publish(DraftGrew(actor.business_id, conversation_id, ""))
        try:
            return await _ask(actor, conversation_id, message_id, plan, news)
        finally:
            hub.publish(DraftGrew(actor.business_id, conversation_id, "", over=True))


async def _ask(
    actor: Actor, conversation_id: int, message_id: int, plan: Plan, news: Inbox
) -> bool:
    started = time.monotonic()
    usage = {"input_tokens": 0, "output_tokens": 0, "model": settings.chatrigo_model or ""}
    text = ""
    try:
        async with aclosing(generate(plan.turns, usage)) as drafts:
            async for text in drafts:
                if _overtaken(news, conversation_id, message_id):
                    raise Overtaken
                hub.publish(DraftGrew(actor.business_id, conversation_id, text))
    except Overtaken:
        return False
    except HandedOver:
        await db.run(hand_over, actor, conversation_id, message_id, "model_unsure")
        return True
    except llm.ModelFailed as failure:
        log.warning("The model failed (%s) on message %s", failure.reason, message_id)
        await db.run(hand_over, actor, conversation_id, message_id, "model_failed")
        return True
    usage["milliseconds"] = round((time.monotonic() - started) * 1000)
    stored = await db.run(
        store_answer,
        actor,
        conversation_id,
        message_id,
        text,
        mode="model",
        evidence=plan.evidence,
        usage=usage,
    )
    return stored is not None


async def generate(turns: Turns, usage: dict[str, object]) -> AsyncGenerator[str, None]:
    """
    The text so far, at most every DRAFT_EVERY_SECONDS, and at the end all of it.

    `usage` is filled as the model reports it. Raises HandedOver and ModelFailed.
    """
    text, shown_at = "", 0.0
    asked = [llm.Turn(role, content) for role, content in turns]  # type: ignore[arg-type]
    async with aclosing(llm.stream(asked, [HANDOVER_TOOL])) as pieces:
        async for piece in pieces:
            match piece:
                case llm.ToolCall(name="handover"):
                    raise HandedOver
                case llm.Usage():
                    usage |= {
                        "input_tokens": piece.input_tokens,
                        "output_tokens": piece.output_tokens,
                        "model": piece.model,
                    }
                case llm.TextDelta():
                    text += piece.text
                    if time.monotonic() - shown_at >= DRAFT_EVERY_SECONDS:
                        shown_at = time.monotonic()
                        yield text
    if not text.strip():
        raise llm.ModelFailed("nonsense")
    yield text.strip()


def _overtaken(news: Inbox, conversation_id: int, message_id: int) -> bool:
    return any(
        (
            isinstance(fact, MessageAdded)
            and fact.conversation_id == conversation_id
            and fact.message.author in ("contact", "human")
            and fact.message.kind != "note"
            and fact.message.id > message_id
        )
        or (
            isinstance(fact, ConversationChanged)
            and fact.conversation_id == conversation_id
            and fact.conversation.handler == "human"
        )
        for fact in news.waiting()
    )


async def _hand_over_at_last(actor: Actor, conversation_id: int, message_id: int) -> None:
    """Something of ours failed: a person is called, however long the database takes to be back."""
    for attempt in range(TRIES):
        try:
            await db.run(hand_over, actor, conversation_id, message_id, "failure")
            return
        except ChatrigoError:
            return  # the conversation is gone
        except Exception:
            log.exception("Could not hand over message %s", message_id)
            await asyncio.sleep(2**attempt)
    raise RuntimeError(f"message {message_id} could be neither answered nor handed over")
