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
    second. Under `evidence` not even the best hit is worth a look. A rival has at least the share
    `rival` of the best score, or `rival_of_certain` where that one would be certain alone.
    """

    coverage: float = 0.45
    question: float = 0.3
    together: float = 1.35
    margin_counts: float = 0.2
    full: float = 0.85
    clear: float = 0.5
    evidence: float = 0.2
    rival: float = 0.6
    rival_of_certain: float = 0.85
    rival_coverage: float = 0.35


CHOSEN = Limits()
MOST_RIVALS = 3
# What has a question of its own, and an answer that may be sent as it is: of products their prices.
PAIRS = ("qa", "product")


def decide(hits: Sequence[Hit], limits: Limits = CHOSEN) -> Decision:
    """`answer`: send the first hit's answer. `unsure`: evidence for a model only. `none`: hand over.

    Only question-answer pairs and products are ever sent as they are; a text is evidence at most.
    """
    if not hits or max(hit.coverage for hit in hits) < limits.evidence:
        return "none"
    certain = _is_the_question(hits[0], limits) or _alone_speaks_of_it(hits[0], limits)
    return "answer" if certain and hits[0].kind in ANSWERS else "unsure"


def rivals(hits: Sequence[Hit], limits: Limits = CHOSEN) -> list[Hit]:
    """
    The two or three pairs that compete so closely that the customer is to be asked; else nothing.

    Where the question has a telling word that nobody here ever wrote, none of them can be meant.
    Pairs that give the same answer do not compete.
    """
    decision = decide(hits, limits)
    if decision == "none" or hits[0].strange or hits[0].kind not in PAIRS:
        return []
    share = limits.rival_of_certain if decision == "answer" else limits.rival
    close = [hit for hit in hits[:MOST_RIVALS] if _competes(hit, hits[0], share, limits)]
    return close if len({hit.body for hit in close}) > 1 else []


def _competes(hit: Hit, best: Hit, share: float, limits: Limits) -> bool:
    return (
        hit.kind in PAIRS
        and hit.score >= share * best.score
        and hit.coverage >= limits.rival_coverage
        and hit.question_coverage >= limits.question
    )


def _is_the_question(hit: Hit, limits: Limits) -> bool:
    together = hit.coverage + hit.question_coverage + limits.margin_counts * hit.margin
    return (
        hit.coverage >= limits.coverage
        and hit.question_coverage >= limits.question
        and together >= limits.together
    )


def _alone_speaks_of_it(hit: Hit, limits: Limits) -> bool:
    return hit.coverage >= limits.full and hit.margin >= limits.clear
