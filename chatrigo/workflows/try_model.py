"""One small real call of a model, when the owner wants to know whether it works."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.model.calls import Call
from chatrigo.domain.model.setting import begin_trial
from chatrigo.integrations import images
from chatrigo.integrations.llm_turns import ModelFailed, TextDelta, Turn
from chatrigo.language_model import Model
from chatrigo.models.columns import now
from chatrigo.workflows import asking

SECONDS = 20.0
QUESTION = "Balas dengan satu kata: siap"
COLOUR, NAMES = "red", ("merah", "red")
QUESTION_OF_COLOUR = "Warna apa gambar ini? Balas dengan satu kata."
OF_KEY = (401, 403)
OF_QUOTA = (402, 429)
OF_PICTURE = (400, 413, 415, 422)


@dataclass(frozen=True, slots=True)
class Tried:
    """`key` is the sentence of the area `model` that tells how it went."""

    ok: bool
    key: str
    first_token_milliseconds: int = 0
    milliseconds: int = 0
    status: int = 0


async def try_model(actor: Actor, which: str) -> Tried:
    """`first` or `second`, asked alone and also while it is being left alone."""
    models = await db.run(begin_trial, actor, which)
    model = models.first
    assert model is not None
    call = Call("trial", model, fallback=which == "second", begun_at=now())
    said = ""
    try:
        turn = await asyncio.to_thread(_turn, model)
        async with aclosing(asking.call_once(call, [turn], (), SECONDS)) as pieces:
            async for piece in pieces:
                if isinstance(piece, TextDelta):
                    said += piece.text
    except ModelFailed as failure:
        return Tried(False, _why(failure, model), status=failure.status)
    finally:
        await asking.keep(actor, [call])
    return Tried(True, _how(said, model), call.first_token_milliseconds or 0, call.milliseconds)


def _turn(model: Model) -> Turn:
    if model.sees:
        return Turn("user", QUESTION_OF_COLOUR, pictures=(images.of_colour(COLOUR),))
    return Turn("user", QUESTION)


def _how(said: str, model: Model) -> str:
    if not model.sees:
        return "model.works"
    saw = any(name in said.lower() for name in NAMES)
    return "model.works_and_sees" if saw else "model.works_blind"


def _why(failure: ModelFailed, model: Model) -> str:
    if failure.status in OF_KEY:
        return "model.failed_key"
    if failure.status in OF_QUOTA:
        return "model.failed_quota"
    if failure.status == 404:
        return "model.failed_name"
    if model.sees and failure.status in OF_PICTURE:
        return "model.failed_picture"
    return f"model.failed_{failure.reason}"
