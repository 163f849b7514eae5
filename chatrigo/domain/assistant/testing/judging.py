"""Whether the answers are what the owner expects. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chatrigo.domain.assistant.testing.cases import CaseRow
from chatrigo.domain.assistant.testing.facts import holds, mentions

# What an act of the assistant counts as, if not as an answer.
COUNTS_AS = {"handover": "handover", "clarify": "clarify"}
_ASKS = re.compile(r"\?[\s\W]*$")


@dataclass(frozen=True, slots=True)
class Answer:
    """One turn as it went: `act` as of a Rehearsed, `evidence` the titles that were found."""

    question: str
    text: str
    act: str
    reason: str = ""
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Problem:
    """
    missing    `text` is a fact that the last answer does not hold
    forbidden  `text` stands in one of the answers
    action     `text` is what the assistant did instead of what was expected
    broken     the run itself failed; nothing is known of the answer
    """

    kind: str
    text: str


def judge(case: CaseRow, answers: Sequence[Answer]) -> list[Problem]:
    """Nothing if the case is passed."""
    if len(answers) < len(case.turns):
        return [Problem("broken", "")]
    last = answers[-1]
    problems = []
    did = COUNTS_AS.get(last.act, "answer")
    # A model asks back in its own words, and often ends an answer with a question as well.
    may_ask = last.act == "model" and case.expected == "clarify" and _ASKS.search(last.text)
    if case.expected not in ("any", did) and not may_ask:
        problems.append(Problem("action", did))
    problems += [Problem("missing", fact) for fact in case.facts if not holds(last.text, fact)]
    said = [answer.text for answer in answers]
    problems += [
        Problem("forbidden", words)
        for words in case.forbidden
        if any(mentions(text, words) for text in said)
    ]
    return problems
