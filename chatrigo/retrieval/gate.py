"""Whether what was found may be sent as it is, may serve a model as evidence, or is nothing. Pure.

With no model an approved answer goes to a customer word for word, so the gate would rather hand
over than answer wrongly. `python -m bench.gate` chooses the limits and shows what they cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chatrigo.retrieval.rank import Hit

Decision = Literal["answer", "unsure", "none"]


# Entries with a question of their own. What a product answers is read from the catalogue.
ANSWERS = ("qa", "product")


@dataclass(frozen=True, slots=True)
class Limits:
    """An entry is certain if it is the question, or if it alone speaks of all that was asked.

    `coverage`, `question` and `together` are the least for the first; `together` sums both and
    `margin_counts` times the margin. `full` and `clear` are the least coverage and margin for the
    second. Under `evidence` not even the best hit is worth a look.
    """

    coverage: float = 0.45
    question: float = 0.3
    together: float = 1.35
    margin_counts: float = 0.2
    full: float = 0.85
    clear: float = 0.5
    evidence: float = 0.2


CHOSEN = Limits()


def decide(hits: Sequence[Hit], limits: Limits = CHOSEN) -> Decision:
    """`answer`: send the first hit's answer. `unsure`: evidence for a model only. `none`: hand over.

    Only question-answer pairs and products are ever sent as they are; a text is evidence at most.
    """
    if not hits or max(hit.coverage for hit in hits) < limits.evidence:
        return "none"
    certain = _is_the_question(hits[0], limits) or _alone_speaks_of_it(hits[0], limits)
    return "answer" if certain and hits[0].kind in ANSWERS else "unsure"


def _is_the_question(hit: Hit, limits: Limits) -> bool:
    together = hit.coverage + hit.question_coverage + limits.margin_counts * hit.margin
    return (
        hit.coverage >= limits.coverage
        and hit.question_coverage >= limits.question
        and together >= limits.together
    )


def _alone_speaks_of_it(hit: Hit, limits: Limits) -> bool:
    return hit.coverage >= limits.full and hit.margin >= limits.clear
