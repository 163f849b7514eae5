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
from chatrigo.integrations import llm
from chatrigo.workflows.answer import HandedOver, generate


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """
    How far the answer has come. `act` is `writing` until it is over, then small_talk, approved,
    model or handover (for `reason`). Tokens are zero where no model was asked.
    """

    act: str
    text: str = ""
    reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    milliseconds: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


async def rehearse(
    actor: Actor,
    question: Any,
    history: Sequence[tuple[str, str]] = (),
    locale: str = "id",
) -> AsyncGenerator[Rehearsed, None]:
    """Raises Invalid for an unusable question; a model that fails ends in a handover."""
    started = time.monotonic()
    found = await db.run(
        rehearse_question, actor, question, history, locale, has_model=settings.has_model
    )
    if found.act != "ask":
        yield _over(found, started)
        return
    yield Rehearsed("writing", evidence=found.evidence)
    usage: dict[str, object] = {}
    text = reason = ""
    try:
        async with aclosing(generate(found.turns, usage)) as drafts:
            async for text in drafts:
                yield Rehearsed("writing", text, evidence=found.evidence)
    except HandedOver:
        reason = "model_unsure"
    except llm.ModelFailed:
        reason = "model_failed"
    if reason:
        said = await db.run(rehearse_handover, actor, reason, locale)
        yield _over(Rehearsal("handover", said.text, reason, found.evidence), started, usage)
        return
    yield _over(Rehearsal("model", text, evidence=found.evidence), started, usage)


def _over(end: Rehearsal, started: float, usage: dict[str, object] | None = None) -> Rehearsed:
    counts = usage or {}
    return Rehearsed(
        act=end.act,
        text=end.text,
        reason=end.reason,
        evidence=end.evidence,
        milliseconds=round((time.monotonic() - started) * 1000),
        input_tokens=int(str(counts.get("input_tokens", 0))),
        output_tokens=int(str(counts.get("output_tokens", 0))),
    )
