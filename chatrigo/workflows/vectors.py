"""Vectors for knowledge, made after it was saved; and for questions, made before they are asked.

Nothing waits for the vectors of knowledge: an entry is found by its words the moment it is saved.
The work may be cut short anywhere; it looks for what is missing each time it begins.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from dbos import DBOS

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor, system
from chatrigo.domain.knowledge.lookup import MeaningNeeded, Meanings
from chatrigo.domain.knowledge.vectors import (
    businesses,
    keep_vectors,
    promise_missing_vectors,
    wanted_vectors,
)
from chatrigo.errors import Unavailable
from chatrigo.integrations import embeddings
from chatrigo.retrieval.dense import Vector, vector_of

R = TypeVar("R")

log = logging.getLogger(__name__)

TRIES = 5
FIRST_PAUSE_SECONDS = 5.0


@DBOS.workflow(name="make_vectors")
async def make_vectors(business_id: int) -> None:
    """Make what is missing in one business, a few at a time; later edits may come between."""
    actor, failed = system(business_id), 0
    while model := embeddings.model():
        wanted = await db.run(wanted_vectors, actor, model)
        if not wanted:
            return
        try:
            made = await embeddings.passages([each.text for each in wanted])
        except Unavailable:
            failed += 1
            if failed == TRIES:
                log.warning("Vectors of business %s are left for the next start", business_id)
                return
            await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**failed)
            continue
        vectors = [vector_of(model, numbers) for numbers in made]
        await db.run(keep_vectors, actor, dict(zip(wanted, vectors, strict=True)))


async def promise_missing() -> None:
    """At the start: the work that a change of the model, or a long failure, left behind."""
    model = embeddings.model()
    if not model:
        return
    for business_id in await db.run(businesses, PUBLIC):
        await db.run(promise_missing_vectors, system(business_id), model)


async def run(act: Callable[..., R], actor: Actor, *args: Any, **kwargs: Any) -> R:
    """
    `db.run`, for an act that looks questions up: it takes `meanings=`.

    An act that turns out to need a question's vector begins again with it; where the vector
    cannot be made, the words of the question must do.
    """
    model = embeddings.model()
    known: dict[str, Vector | None] = {}
    while True:
        try:
            return await db.run(act, actor, *args, meanings=Meanings(model, known), **kwargs)
        except MeaningNeeded as needed:
            known[needed.text] = await _question(model, needed.text)


async def _question(model: str, text: str) -> Vector | None:
    try:
        return vector_of(model, await embeddings.question(text))
    except Unavailable:
        return None
