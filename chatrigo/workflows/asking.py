"""
Asking the models of a business: the first one, and the other one when that fails.

    async with aclosing(asking.stream(models, turns, purpose="answer", made=made)) as pieces:
        async for piece in pieces: ...

`Anew` says that what came so far is void: another model begins from the start, and never goes on
with a sentence that is not its own. Each call is appended to `made`, whoever asks writes them down
(chatrigo.domain.model.calls). When both fail, the last failure is raised.
"""

import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import Actor, system
from chatrigo.domain.model.calls import Call, note_calls
from chatrigo.domain.model.choice import models_of
from chatrigo.integrations import breaker, llm
from chatrigo.integrations.llm_turns import ModelFailed, TextDelta, ToolCall, Turn, Usage
from chatrigo.language_model import Model, Models
from chatrigo.models.columns import now

# With less than this left, nobody else is asked.
SHORTEST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Anew:
    """The text so far is void."""


Piece = TextDelta | ToolCall | Usage | Anew


async def stream(
    models: Models,
    turns: Sequence[Turn],
    tools: Sequence[dict[str, Any]] = (),
    *,
    purpose: str,
    made: list[Call],
    seconds: float | None = None,
) -> AsyncGenerator[Piece, None]:
    """Raises ModelFailed when nobody answers: no model, both left alone, or both failed."""
    ends = time.monotonic() + min(settings.llm_total_seconds, seconds or settings.llm_total_seconds)
    failure = ModelFailed("unreachable")
    attempt = 0
    for model in _candidates(models, turns):
        left = ends - time.monotonic()
        if attempt and left < SHORTEST_SECONDS:
            break
        if not breaker.may_ask(model):
            continue
        attempt += 1
        call = Call(purpose, model, attempt, model != models.first, begun_at=now())
        made.append(call)
        begun = False
        try:
            async with aclosing(call_once(call, turns, tools, left)) as pieces:
                async for piece in pieces:
                    begun = True
                    yield piece
            return
        except ModelFailed as failed:
            failure = failed
        if begun:
            yield Anew()
    raise failure


async def say(actor: Actor, turns: Sequence[Turn], *, purpose: str) -> str:
    """All of the answer to something that nobody watches being written. Raises ModelFailed."""
    models = await db.run(models_of, actor)
    made: list[Call] = []
    said = ""
    try:
        async with aclosing(stream(models, turns, purpose=purpose, made=made)) as pieces:
            async for piece in pieces:
                if isinstance(piece, TextDelta):
                    said += piece.text
                elif isinstance(piece, Anew):
                    said = ""
    finally:
        await keep(actor, made)
    return said


async def keep(actor: Actor, made: Sequence[Call]) -> None:
    """Write the calls down, as our own work: also those of somebody who may only look."""
    if made:
        await db.run(note_calls, system(actor.business_id), made)


def _candidates(models: Models, turns: Sequence[Turn]) -> Iterator[Model]:
    """A model that reads no pictures is not asked about one."""
    shown = any(turn.pictures for turn in turns)
    for model in (models.first, models.second):
        if model is not None and (model.sees or not shown):
            yield model


async def call_once(
    call: Call, turns: Sequence[Turn], tools: Sequence[dict[str, Any]], seconds: float
) -> AsyncGenerator[TextDelta | ToolCall | Usage, None]:
    """Ask the model of this one call, whatever was heard of it before. Raises ModelFailed."""
    started = time.monotonic()
    settled = False
    try:
        async with aclosing(llm.stream(turns, tools, model=call.model, seconds=seconds)) as pieces:
            async for piece in pieces:
                if call.first_token_milliseconds is None:
                    call.first_token_milliseconds = _since(started)
                if isinstance(piece, Usage):
                    call.input_tokens, call.output_tokens = piece.input_tokens, piece.output_tokens
                    call.outcome, call.milliseconds = "ok", _since(started)
                yield piece
        breaker.worked(call.model)
        settled = True
    except ModelFailed as failure:
        call.outcome = failure.reason
        fairly = seconds >= min(settings.llm_first_token_seconds, settings.llm_total_seconds)
        breaker.failed(call.model, failure, fairly=fairly)
        settled = True
        raise
    finally:
        call.milliseconds = call.milliseconds or _since(started)
        if not settled:
            breaker.left(call.model)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
