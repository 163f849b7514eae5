"""Trying a question: what it finds, and whether that is enough to answer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, require
from chatrigo.domain.fields import line_of
from chatrigo.domain.knowledge.lookup import WORDS_ALONE, Meanings, look_up
from chatrigo.retrieval.gate import Decision, decide

MAX_QUESTION = 500
SHOWN = 3


@dataclass(frozen=True, slots=True)
class FoundRow:
    """`percent` is how much of the question the entry speaks of."""

    entry_id: int
    kind: str
    title: str
    body: str
    percent: int


@dataclass(frozen=True, slots=True)
class Trial:
    """
    `decision`: "answer" (the first entry answers it, word for word), "unsure" (evidence for a
    model; without one a person is called) or "none" (a person is called).
    """

    question: str
    decision: Decision
    found: list[FoundRow]


def try_question(
    session: Session, actor: Actor, question: Any, *, meanings: Meanings = WORDS_ALONE
) -> Trial:
    require(actor, "teach")
    asked = line_of(question, "knowledge.trial", most=MAX_QUESTION, least=1)
    hits = look_up(session, actor, asked, SHOWN, meanings)
    found = [
        FoundRow(hit.entry_id, hit.kind, hit.title, hit.body, round(hit.coverage * 100))
        for hit in hits
    ]
    return Trial(asked, decide(hits), found)
