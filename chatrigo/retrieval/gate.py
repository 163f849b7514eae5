"""Whether what was found may be sent as it is, may serve a model as evidence, or is nothing. Pure.

With no model an approved answer goes to a customer word for word, so the gate would rather hand
over than answer wrongly. The limits come from `calibrate.py`; how they were chosen and what they
cost is in `docs/` and in that script's output.
"""

from collections.abc import Sequence
from typing import Literal

from chatrigo.retrieval.rank import Hit

Decision = Literal["answer", "unsure", "none"]

LEAST_COVERAGE = 0.6
LEAST_QUESTION_COVERAGE = 0.3
LEAST_COVERAGE_TOGETHER = 1.2
LEAST_MARGIN = 0.1
LEAST_EVIDENCE = 0.25


def decide(hits: Sequence[Hit]) -> Decision:
    """`answer`: send the first hit's answer. `unsure`: evidence for a model only. `none`: hand over.

    Only question-answer pairs are ever sent as they are; a text is evidence at most.
    """
    if not hits or max(hit.coverage for hit in hits) < LEAST_EVIDENCE:
        return "none"
    return "answer" if _is_certain(hits[0]) else "unsure"


def _is_certain(hit: Hit) -> bool:
    return (
        hit.kind == "qa"
        and hit.coverage >= LEAST_COVERAGE
        and hit.question_coverage >= LEAST_QUESTION_COVERAGE
        and hit.coverage + hit.question_coverage >= LEAST_COVERAGE_TOGETHER
        and hit.margin >= LEAST_MARGIN
    )
