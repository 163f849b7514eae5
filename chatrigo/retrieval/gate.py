"""Whether what was found may be sent as it is, may serve a model as evidence, or is nothing. Pure.

With no model an approved answer goes to a customer word for word, so the gate would rather hand
over than answer wrongly. `python -m bench.gate` chooses the limits for words alone and shows what
they cost. Where meanings were compared, `limits.json` has what `make bench-quality` chose for the
model; a model that is not in it helps to find, and the decision goes by words.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from chatrigo.retrieval.rank import HEADING_LIKENESS, Hit

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


@dataclass(frozen=True, slots=True)
class Weights:
    """What each of the `signs` counts for one embedding model, and the limits of the sum.

    From `evidence` on the shop can be taken to know the answer; from `answer` on an approved pair
    is sent.
    """

    coverage: float
    question: float
    margin: float
    likeness: float
    lead: float
    base: float
    evidence: float
    answer: float


CHOSEN = Limits()
FILE = Path(__file__).with_name("limits.json")
# Cosines of e5 all lie near each other: this spreads them about zero.
USUAL_LIKENESS, SPREAD = 0.85, 20.0
MOST_RIVALS = 3
# What has a question of its own, and an answer that may be sent as it is: of products their prices.
PAIRS = ("qa", "product")


def decide(
    hits: Sequence[Hit], limits: Limits = CHOSEN, weights: Weights | None = None
) -> Decision:
    """`answer`: send the first hit's answer. `unsure`: evidence for a model only. `none`: hand over.

    Only what has an answer of its own is ever sent as it is; a text is evidence at most.
    """
    if not hits:
        return "none"
    certain = _is_the_question(hits[0], limits) or _alone_speaks_of_it(hits[0], limits)
    weights = weights or known_weights().get(hits[0].model)
    if weights is None:
        enough = max(hit.coverage for hit in hits) >= limits.evidence
    else:
        sure = confidence(hits, weights)
        # A meaning near to "crypto" is not yet an answer about it: strange words call a person.
        certain = certain or (sure >= weights.answer and not hits[0].strange)
        enough = certain or sure >= weights.evidence
    if not enough:
        return "none"
    return "answer" if certain and hits[0].kind in PAIRS else "unsure"


def signs(hits: Sequence[Hit]) -> tuple[float, ...]:
    """What tells whether the shop knows the answer, in the order of `Weights`."""
    if not hits:
        return (0.0, 0.0, 0.0, (0.8 - USUAL_LIKENESS) * SPREAD, 0.0)
    best = hits[0]
    likeness = max(hit.likeness for hit in hits)
    return (
        best.coverage,
        best.question_coverage if best.kind in PAIRS else HEADING_LIKENESS,
        best.margin,
        (likeness - USUAL_LIKENESS) * SPREAD,
        max(-0.05, min(0.05, best.lead)) * SPREAD,
    )


def confidence(hits: Sequence[Hit], weights: Weights | None = None) -> float:
    """How likely it is that the shop knows the answer, 0 to 1; by words, the coverage."""
    weights = weights or known_weights().get(hits[0].model if hits else "")
    if weights is None:
        return max((hit.coverage for hit in hits), default=0.0)
    counts = (
        weights.coverage,
        weights.question,
        weights.margin,
        weights.likeness,
        weights.lead,
    )
    total = sum(count * sign for count, sign in zip(counts, signs(hits), strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total + weights.base))))


@cache
def known_weights() -> dict[str, Weights]:
    """By embedding model."""
    return {name: Weights(**each) for name, each in json.loads(FILE.read_text("utf-8")).items()}


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
