"""
Answering a customer's message: read, ask the model (chatrigo.workflows.turn), write.

A run may be cut short anywhere and starts again from the beginning: every write is settled by
a constraint (`message.in_reply_to` is unique), so the customer gets one answer.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta

from dbos import DBOS

from chatrigo import db, duties
from chatrigo.config import settings
from chatrigo.domain.access import Actor, system
from chatrigo.domain.assistant.answer import store_answer
from chatrigo.domain.assistant.handover import hand_over
from chatrigo.domain.assistant.policy import Plan, Rules, settle
from chatrigo.domain.model.calls import Call, note_calls
from chatrigo.errors import ChatrigoError
from chatrigo.events import ConversationChanged, DraftGrew, Inbox, MessageAdded, hub
from chatrigo.integrations import images, storage
from chatrigo.workflows import vectors
from chatrigo.workflows.turn import Answered, GaveUp, Writing, take_turn

log = logging.getLogger(__name__)

TRIES = 4
TURN_OVER_SECONDS = 0.03


def rules() -> Rules:
    return Rules(
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
    plan = await vectors.run(settle, actor, conversation_id, message_id, rules())
    while plan.act == "wait":
        await asyncio.sleep(plan.seconds)
        plan = await vectors.run(settle, actor, conversation_id, message_id, rules())
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
    made: list[Call] = []
    turn = take_turn(
        actor,
        plan.turns,
        plan.context,
        dry=False,
        models=plan.models,
        made=made,
        pictures=await _seen(plan.pictures),
        offered=plan.tools,
        grounded=plan.grounded,
        topics=plan.topics,
    )
    overtaken = False
    async with aclosing(turn) as steps:
        async for step in steps:
            if _overtaken(news, conversation_id, message_id):
                overtaken = True
                break
            if isinstance(step, Writing):
                hub.publish(DraftGrew(actor.business_id, conversation_id, step.text))
    if overtaken:
        await db.run(note_calls, actor, made, conversation_id)
        return False
    if isinstance(step, GaveUp):
        await db.run(hand_over, actor, conversation_id, message_id, step.reason, asked=made)
        return True
    assert isinstance(step, Answered)
    stored = await db.run(
        store_answer,
        actor,
        conversation_id,
        message_id,
        step.text,
        mode="model",
        evidence=plan.evidence,
        usage=step.spent.as_dict(),
        calls=step.calls,
        asked=made,
    )
    return stored is not None


async def _seen(pictures: Sequence[str]) -> list[str]:
    """The pictures as a model is shown them; one whose file is gone is left out."""
    seen = []
    for sha in pictures:
        try:
            raw = await asyncio.to_thread(storage.path(sha).read_bytes)
            seen.append(await asyncio.to_thread(images.as_seen, raw))
        except Exception:
            log.exception("a picture could not be shown to the model")
    return seen


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
