"""The assistant's answer to a question that no customer asked: streamed, and kept nowhere."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.prompt import Evidence
from chatrigo.domain.assistant.rehearsal import Rehearsal, rehearse_handover, rehearse_question
from chatrigo.domain.tools.calls import CallRow
from chatrigo.domain.tools.tool import Context
from chatrigo.workflows import vectors
from chatrigo.workflows.turn import Answered, Called, GaveUp, Spent, Writing, take_turn


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """
    How far the answer has come. `act` is `writing` until it is over, then small_talk, approved,
    model or handover (for `reason`). Tokens are zero where no model was asked. `calls` are those
    of tools; what would have changed anything was not done (state `dry`).
    """

    act: str
    text: str = ""
    reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    milliseconds: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    calls: list[CallRow] = field(default_factory=list)


async def rehearse(
    actor: Actor,
    question: Any,
    history: Sequence[tuple[str, str]] = (),
    locale: str = "id",
) -> AsyncGenerator[Rehearsed, None]:
    """Raises Invalid for an unusable question; a model that fails ends in a handover."""
    started = time.monotonic()
    found = await vectors.run(
        rehearse_question, actor, question, history, locale, has_model=settings.has_model
    )
    if found.act != "ask":
        yield _over(found, started)
        return
    yield Rehearsed("writing", evidence=found.evidence)
    turn = take_turn(
        actor,
        found.turns,
        Context(locale=locale),
        dry=True,
        offered=found.tools,
        grounded=found.grounded,
    )
    calls: list[CallRow] = []
    async with aclosing(turn) as steps:
        async for step in steps:
            if isinstance(step, Called):
                calls = [*calls, step.call]
            if isinstance(step, Called | Writing):
                text = step.text if isinstance(step, Writing) else ""
                yield Rehearsed("writing", text, evidence=found.evidence, calls=calls)
    if isinstance(step, GaveUp):
        said = await db.run(rehearse_handover, actor, step.reason, locale)
        end = Rehearsal("handover", said.text, step.reason, found.evidence)
        yield _over(end, started, step.spent, calls)
    elif isinstance(step, Answered):
        yield _over(
            Rehearsal("model", step.text, evidence=found.evidence), started, step.spent, calls
        )


def _over(
    end: Rehearsal, started: float, spent: Spent | None = None, calls: Sequence[CallRow] = ()
) -> Rehearsed:
    spent = spent or Spent()
    return Rehearsed(
        act=end.act,
        text=end.text,
        reason=end.reason,
        evidence=end.evidence,
        milliseconds=round((time.monotonic() - started) * 1000),
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        calls=list(calls),
    )
