"""
Asking back, once, when a question may mean two or three things that the shop knows of.

"kopi susu berapa?" where the small and the large one have entries of their own: the assistant
lists them. What the customer answers ("yang besar", "2") is taken as the question that was meant;
if that tells nothing, it is looked up together with the first question, and not asked again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatrigo.domain.assistant.prompt import Evidence
from chatrigo.i18n import LOCALES, translate
from chatrigo.retrieval.text import query_terms

MODE = "clarify"
ASKS = "assistant_says.clarify"
_OPTION = re.compile(r"\d\. (.+)$")
_NUMBER = re.compile(r"(?:no(?:mor)?\.?\s*|yang\s+|yg\s+|ke-?\s*)*([1-3])\b[\s.,!)]*$")
_ORDINALS = {
    "pertama": 1, "satu": 1, "first": 1, "kedua": 2, "dua": 2, "second": 2, "ketiga": 3,
    "tiga": 3, "third": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedBack:
    """What was asked back last: `question` is what the customer had asked."""

    question: str
    options: Sequence[str]

    def meant(self, reply: str) -> str:
        """The question to answer now that the customer has replied."""
        chosen = self._chosen(reply)
        if chosen:
            return chosen
        return f"{self.question}\n{reply}"

    def _chosen(self, reply: str) -> str:
        # Only words that tell the options apart count: "kopi" chooses neither of two coffees.
        own = [_words(option) for option in self.options]
        common = set.intersection(*own) if own else set()
        said = _words(reply)
        told = [at for at, words in enumerate(own, 1) if said & (words - common)]
        place = told[0] if len(told) == 1 else 0 if told else _place_in(reply)
        return self.options[place - 1] if 0 < place <= len(self.options) else ""


def asked_back(history: Sequence[tuple[str, str]]) -> AskedBack | None:
    """What was asked back, if the last thing the assistant said was that; known by its words."""
    if not history or history[-1][0] != "assistant":
        return None
    first, *lines = history[-1][1].splitlines()
    if first not in (translate(ASKS, locale) for locale in LOCALES):
        return None
    question = next((text for role, text in reversed(history) if role == "user"), "")
    return AskedBack(question, [found[1] for line in lines if (found := _OPTION.match(line))])


def in_words(options: Sequence[Evidence], locale: str) -> str:
    """The question back, with what there is to choose from."""
    lines = [f"{number}. {option.title}" for number, option in enumerate(options, 1)]
    return "\n".join([translate(ASKS, locale), *lines])


def _place_in(reply: str) -> int:
    found = _NUMBER.match(reply.strip().lower())
    if found:
        return int(found[1])
    words = re.findall(r"[a-z]+", reply.lower())
    places = {_ORDINALS[word] for word in words if word in _ORDINALS}
    return places.pop() if len(places) == 1 and len(words) <= 4 else 0


def _words(text: str) -> set[str]:
    return {each for term in query_terms(text) for each in term.same}
