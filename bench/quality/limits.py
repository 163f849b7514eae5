"""Judging the gate, and choosing its limits for an embedding model.

The confidence of the gate is a logistic regression over what search says of the best hit. It is
fitted, and both limits are set, on the training sets alone; `judge` is for the others.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from bench.quality import answerable
from bench.quality.answerable import Case
from bench.quality.vectors import Vectors
from chatrigo.integrations import embeddings
from chatrigo.retrieval import gate
from chatrigo.retrieval.gate import Weights, confidence, decide, signs

# The most of each kind that may be let through, on the training sets: as evidence for a model,
# and word for word to a customer.
MOST_FOREIGN = 0.05
MOST_SENT_WRONGLY = {"known": 0.02, "missing": 0.05, "foreign": 0.02}
PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class Judged:
    """Shares of the questions of one kind. `right`: sent, and it was the right answer."""

    set: str
    kind: str
    questions: int
    auc: float | None
    answerable: float
    sent: float
    right: float


def judge(cases: Sequence[Case]) -> Iterator[Judged]:
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.set, case.kind), []).append(case)
    for (name, kind), group in groups.items():
        decisions = [decide(case.hits) for case in group]
        sent = [decision == "answer" for decision in decisions]
        yield Judged(
            set=name,
            kind=kind,
            questions=len(group),
            auc=None if kind == "known" else _auc(groups.get((name, "known"), []), group),
            answerable=sum(decision != "none" for decision in decisions) / len(group),
            sent=sum(sent) / len(group),
            right=sum(one and case.right for one, case in zip(sent, group, strict=True))
            / len(group),
        )


def choose(folder: Path, vectors: Vectors | None) -> None:
    """Fit, set the limits, and write them beside the gate."""
    if vectors is None:
        raise SystemExit("without embeddings: python -m bench.gate")
    cases = answerable.training(folder, vectors)
    weights = _fitted(cases)
    weights = replace(weights, evidence=_evidence(cases, weights))
    weights = replace(weights, answer=_answer(cases, weights))
    known = dict(gate.known_weights())
    known[embeddings.model()] = weights
    written = {
        name: {k: round(v, 4) for k, v in asdict(each).items()} for name, each in known.items()
    }
    gate.FILE.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    print(f"{embeddings.model()}: {weights}")


def _fitted(cases: Sequence[Case]) -> Weights:
    """Known against all others; every set counts as much, and in it known as much as the rest."""
    known = np.array([case.kind == "known" for case in cases])
    sets = np.array([case.set for case in cases])
    counts = np.zeros(len(cases))
    for name in set(sets):
        for side in (True, False):
            chosen = (sets == name) & (known == side)
            counts[chosen] = 100 / max(1, chosen.sum())
    rows = np.array([[*signs(case.hits), 1.0] for case in cases])
    found = np.zeros(rows.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (counts * (guess - known)) + PENALTY * found
        bend = (rows * (counts * guess * (1 - guess))[:, None]).T @ rows
        found -= np.linalg.solve(bend + PENALTY * np.eye(len(found)), slope)
    return Weights(*map(float, found), evidence=0.5, answer=1.0)


def _evidence(cases: Sequence[Case], weights: Weights) -> float:
    """The lowest limit that keeps foreign questions within bounds."""
    scores = sorted(confidence(case.hits, weights) for case in cases if case.kind == "foreign")
    return scores[int(len(scores) * (1 - MOST_FOREIGN))]


def _answer(cases: Sequence[Case], weights: Weights) -> float:
    """The lowest limit that keeps wrong answers within bounds, beside those words alone give."""
    for limit in np.arange(weights.evidence, 1.0, 0.01):
        if _within_bounds(cases, replace(weights, answer=float(limit))):
            return float(limit)
    return 1.0


def _within_bounds(cases: Sequence[Case], weights: Weights) -> bool:
    """In every set by itself: a large one must not hide what happens in a small one."""
    wrong: dict[tuple[str, str], list[bool]] = {}
    for case in cases:
        sent = decide(case.hits, weights=weights) == "answer"
        wrong.setdefault((case.set, case.kind), []).append(sent and not case.right)
    return all(
        sum(each) <= MOST_SENT_WRONGLY[kind] * len(each) for (_, kind), each in wrong.items()
    )


def _auc(known: Sequence[Case], others: Sequence[Case]) -> float | None:
    if not known or not others:
        return None
    low = np.sort([confidence(case.hits) for case in others])
    high = np.array([confidence(case.hits) for case in known])
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / 2 / len(low))
