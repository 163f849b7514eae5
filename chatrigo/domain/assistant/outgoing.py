"""
What leaves: every word of a model on its way to a customer passes here, drafts as well.

The parts each know one thing: `claims` numbers and addresses, `promises` gifts and deeds, `leaks`
our rules and the owner's, `conduct` how a shop never speaks, `languages` and `topics` the rest. All
look at text alone, outside of the model, so no words to the model switch them off. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chatrigo.domain.assistant import conduct, languages, promises
from chatrigo.domain.assistant.claims import Grounds
from chatrigo.domain.assistant.leaks import Secrets
from chatrigo.domain.assistant.plain import plain
from chatrigo.domain.assistant.promises import NOTHING_DONE, Deeds
from chatrigo.domain.assistant.topics import words_of_ruled_topics

_REFUSES = re.compile(
    r"\b(?:tidak|tak|nggak|gak|ga|belum)\s+(?:bisa|boleh|dapat)|\b(?:can'?t|cannot|not able|unable)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Objection:
    """
    Why an answer is not sent. `reason` is one of handover.REASONS, `what` is for the model alone,
    and `start` where it begins in the answer.
    """

    reason: str
    what: str
    start: int = 0


@dataclass(frozen=True)
class Outgoing:
    """
    What answers of one turn are held to.

    told      evidence, instructions, results, what the shop said: an answer may stand on it
    question  all that the customer wrote
    topics    what the owner decided about certain talk, as `InstructionVersion.topics`
    known     of `told`, what is not the owner's instructions
    """

    told: tuple[str, ...] = ()
    question: str = ""
    secrets: Secrets = field(default_factory=Secrets)
    deeds: Deeds = NOTHING_DONE
    language: str = "customer"
    topics: Mapping[str, Any] = field(default_factory=dict)
    known: tuple[str, ...] = ()

    def objections(self, answer: str) -> list[Objection]:
        """`answer` is plain; what is graver comes first."""
        found = [*self._grave(answer), *self._claims(answer)]
        if languages.is_wrong(answer, self.question, self.language):
            found.append(Objection("wrong_language", "the answer is in the wrong language"))
        return found

    def safe(self, draft: str) -> str:
        """
        How much of an answer that is still being written may be shown already.

        Up to the first objection, and without the last word, which may be half a number.
        """
        text = plain(draft)
        whole = text[: max(text.rfind(" "), text.rfind("\n")) + 1]
        ends = [self.secrets.begins(whole)]
        ends += [o.start for o in (*self._grave(whole), *self._claims(whole))]
        return whole[: min(ends)].rstrip()

    def _grave(self, answer: str) -> list[Objection]:
        found = []
        at = conduct.improper(answer, self._said, "\n".join(self.known).lower())
        if at is not None:
            found.append(Objection("improper", "words that no shop uses", at))
        at = self.secrets.leak(answer)
        if at is not None:
            found.append(Objection("leak", "your rules and instructions", at))
        if self._speaks_of_topic(answer):
            found.append(Objection("topic", "talk that the owner keeps for people"))
        return found

    def _claims(self, answer: str) -> list[Objection]:
        found = [
            Objection("unsupported_claim", claim.text, claim.start)
            for claim in self.grounds.claims(answer)
        ]
        made = (
            promises.first_promise(answer, self._gives),
            promises.first_deed(answer, self.deeds, self._words),
        )
        found += [Objection("promise", said[1][:80], said[0]) for said in made if said]
        return found

    @cached_property
    def grounds(self) -> Grounds:
        return Grounds.of(self.told, self.question)

    @cached_property
    def _gives(self) -> frozenset[str]:
        return promises.given(self.told)

    @cached_property
    def _said(self) -> str:
        return "\n".join(self.told).lower()

    @cached_property
    def _words(self) -> str:
        return promises.words("\n".join(self.known))

    def _speaks_of_topic(self, answer: str) -> bool:
        """Of something the owner keeps for people, and in words that the shop's knowledge has not."""
        spoken = words_of_ruled_topics(self.topics, answer) if self.topics else set()
        if not spoken or _REFUSES.search(answer) or any(w in answer for w in self._own_words):
            return False
        return not spoken <= words_of_ruled_topics(self.topics, "\n".join(self.known))

    @cached_property
    def _own_words(self) -> list[str]:
        """How the owner declines: words of theirs are always right."""
        kept = [k.get("words") for k in self.topics.values() if isinstance(k, Mapping)]
        return [words for words in kept if isinstance(words, str) and words]
