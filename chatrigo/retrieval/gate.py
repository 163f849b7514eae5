"""Whether what was found may be sent as it is, may serve a model as evidence, or is nothing. Pure.

With no model an approved answer goes to a customer word for word, so the gate would rather hand
over than answer wrongly. The limits come from `calibrate.py`; how they were chosen and what they
cost is in `docs/` and in that script's output.
"""

from collections.abc import Sequence
from typing import Literal

from chatrigo.retrieval.rank import Hit

Decision = Literal["answer", "unsure", "none"]

# The question is spoken of, and the entry's own question is asked.
LEAST_COVERAGE = 0.45
LEAST_QUESTION_COVERAGE = 0.3
LEAST_TOGETHER = 1.25
MARGIN_COUNTS = 0.2
# Or all of the question is spoken of, and in no other entry.
FULL_COVERAGE = 0.85
CLEAR_MARGIN = 0.5

LEAST_EVIDENCE = 0.2


def decide(hits: Sequence[Hit]) -> Decision:
    """`answer`: send the first hit's answer. `unsure`: evidence for a model only. `none`: hand over.

    Only question-answer pairs are ever sent as they are; a text is evidence at most.
    """
    if not hits or max(hit.coverage for hit in hits) < LEAST_EVIDENCE:
        return "none"
    return "answer" if _is_certain(hits[0]) else "unsure"


def _is_certain(hit: Hit) -> bool:
    return hit.kind == "qa" and (_is_the_question(hit) or _alone_speaks_of_it(hit))


def _is_the_question(hit: Hit) -> bool:
    together = hit.coverage + hit.question_coverage + MARGIN_COUNTS * hit.margin
    return (
        hit.coverage >= LEAST_COVERAGE
        and hit.question_coverage >= LEAST_QUESTION_COVERAGE
        and together >= LEAST_TOGETHER
    )


def _alone_speaks_of_it(hit: Hit) -> bool:
    return hit.coverage >= FULL_COVERAGE and hit.margin >= CLEAR_MARGIN
