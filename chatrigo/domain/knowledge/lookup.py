"""Looking a question up: by its words, and by its meaning where that can be had.

A question's vector takes a model, and a transaction waits for nothing. So a lookup that lacks one
raises `MeaningNeeded` before anything is written; `chatrigo.workflows.vectors.run` makes the vector
and runs the whole act again, knowing it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.retrieval.dense import Vector, has_vectors
from chatrigo.retrieval.rank import Hit
from chatrigo.retrieval.search import search
from chatrigo.retrieval.text import formal


class MeaningNeeded(Exception):
    """The act needs the vector of `text`; nothing was done."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Meanings:
    """
    The vectors of questions that are known so far, by text.

    `model` is the one that made them; "" means that words alone count. None stands for a vector
    that could not be made.
    """

    model: str = ""
    known: Mapping[str, Vector | None] = field(default_factory=dict)


WORDS_ALONE = Meanings()


def look_up(
    session: Session,
    actor: Actor,
    question: str,
    limit: int = 5,
    meanings: Meanings = WORDS_ALONE,
) -> list[Hit]:
    """What the business knows about a question, best first. Raises MeaningNeeded."""
    vector = _meaning(session, actor, question, meanings)
    return search(session, actor.business_id, question, limit, vector)


def _meaning(session: Session, actor: Actor, question: str, meanings: Meanings) -> Vector | None:
    if not (meanings.model and has_vectors(session, actor.business_id, meanings.model)):
        return None
    text = formal(question)
    if text not in meanings.known:
        raise MeaningNeeded(text)
    return meanings.known[text]
