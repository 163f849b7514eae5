"""The assistant's answer to a question that no customer asked: streamed, and kept nowhere."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.prompt import Evidence, Turns
from chatrigo.domain.assistant.rehearsal import Rehearsal, rehearse_handover, rehearse_question
from chatrigo.domain.model.calls import Call, cost_of
from chatrigo.domain.tools.calls import CallRow
from chatrigo.domain.tools.tool import Context
from chatrigo.workflows import asking, vectors
from chatrigo.workflows.turn import Answered, Called, GaveUp, Spent, Writing, take_turn


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """
    How far the answer has come. `act` is `writing` until it is over, then small_talk, declined,
    approved, model or handover (for `reason`). Tokens are zero where no model was asked. `calls`
    are those of tools; what would have changed anything was not done (state `dry`).

    `prompt` is what the model was first told; `cost` in rupiah, None where prices are unknown.
    """

    act: str
    text: str = ""
    reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    milliseconds: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    calls: list[CallRow] = field(default_factory=list)
    prompt: Turns = field(default_factory=list)
    model: str = ""
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Trying:
    """Which version is tried, after what `history`, as whom."""

    version_id: int = 0
    history: Sequence[tuple[str, str]] = ()
    contact_id: int = 0
    locale: str = "id"


async def rehearse(
    actor: Actor,
    question: Any,
    history: Sequence[tuple[str, str]] = (),
    locale: str = "id",
    version_id: int = 0,
    contact_id: int = 0,
    purpose: str = "playground",
) -> AsyncGenerator[Rehearsed, None]:
    """Raises Invalid for an unusable question; a model that fails ends in a handover."""
    started = time.monotonic()
    found = await vectors.run(
        rehearse_question,
        actor,
        question,
        history,
        locale,
        with_model=True,
        version_id=version_id,
        contact_id=contact_id,
    )
    if found.act != "ask":
        yield _over(found, started)
        return
    yield Rehearsed("writing", evidence=found.evidence)
    made: list[Call] = []
    turn = take_turn(
        actor,
        found.turns,
        Context(locale=locale, version_id=version_id, contact_id=contact_id),
        dry=True,
        models=found.models,
        made=made,
        purpose=purpose,
        offered=found.tools,
        grounded=found.grounded,
        topics=found.topics,
    )
    calls: list[CallRow] = []
    try:
        async with aclosing(turn) as steps:
            async for step in steps:
                if isinstance(step, Called):
                    calls = [*calls, step.call]
                if isinstance(step, Called | Writing):
                    text = step.text if isinstance(step, Writing) else ""
                    yield Rehearsed("writing", text, evidence=found.evidence, calls=calls)
    finally:
        await asking.keep(actor, made)
    if isinstance(step, GaveUp):
        said = await db.run(rehearse_handover, actor, step.reason, locale, version_id)
        end = Rehearsal("handover", said.text, step.reason, found.evidence, found.turns)
        yield _over(end, started, step.spent, calls, _cost(made))
    elif isinstance(step, Answered):
        end = Rehearsal("model", step.text, "", found.evidence, found.turns)
        yield _over(end, started, step.spent, calls, _cost(made))


async def rehearse_side_by_side(
    actor: Actor, question: Any, sides: Mapping[str, Trying]
) -> AsyncGenerator[tuple[str, Rehearsed], None]:
    """
    The same question to several versions at once, as (name of the side, how far it has come).

    Raises what `rehearse` raises, of whichever side fails first.
    """
    news: asyncio.Queue[tuple[str, Rehearsed] | None] = asyncio.Queue()
    asking = [
        asyncio.create_task(_tell(news, name, actor, question, side))
        for name, side in sides.items()
    ]
    try:
        under_way = len(asking)
        while under_way:
            step = await news.get()
            if step is None:
                under_way -= 1
            else:
                yield step
        for task in asking:
            await task
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


async def _tell(
    news: "asyncio.Queue[tuple[str, Rehearsed] | None]",
    name: str,
    actor: Actor,
    question: Any,
    side: Trying,
) -> None:
    steps = rehearse(actor, question, side.history, side.locale, side.version_id, side.contact_id)
    try:
        async with aclosing(steps):
            async for step in steps:
                news.put_nowait((name, step))
    finally:
        news.put_nowait(None)


def _over(
    end: Rehearsal,
    started: float,
    spent: Spent | None = None,
    calls: Sequence[CallRow] = (),
    cost: float | None = None,
) -> Rehearsed:
    asked = spent or Spent()
    return Rehearsed(
        act=end.act,
        text=end.text,
        reason=end.reason,
        evidence=end.evidence,
        milliseconds=round((time.monotonic() - started) * 1000),
        input_tokens=asked.input_tokens,
        output_tokens=asked.output_tokens,
        calls=list(calls),
        prompt=end.turns,
        model=asked.model,
        cost=cost,
    )


def _cost(made: Sequence[Call]) -> float | None:
    """In rupiah; None where the price of any of them is not known."""
    costs = [cost_of(call.model, call.input_tokens, call.output_tokens) for call in made]
    known = [cost for cost in costs if cost is not None]
    return sum(known) / 1_000 if known and len(known) == len(costs) else None
