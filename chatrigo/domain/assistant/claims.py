"""
What an answer claims in numbers, addresses and telephone numbers, against what it may stand on.

A model may phrase as it likes; an amount, a date, a telephone number or a link that stands nowhere
in the evidence, the owner's own instructions or a tool's result never reaches a customer. The
check is of the text alone, outside of the model: no words to the model can switch it off. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from chatrigo.domain.assistant.numbers import Number, identifiers, links, numbers

# "1." and "2)" at the start of a line count the lines.
_LIST_MARK = re.compile(r"(?m)^[ \t]*(?:[-*•][ \t]*)?\d{1,2}(?:[.)]|\ufe0f?\u20e3)(?=\s)")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What answers of one turn may stand on."""

    values: frozenset[Decimal]
    echoes: frozenset[Decimal]
    identifiers: frozenset[Decimal]
    links: frozenset[str]

    @classmethod
    def of(cls, sources: Iterable[str], question: str = "") -> "Grounds":
        """
        `sources` are the owner's and our own: evidence, instructions, results of tools, the time.

        Numbers of the customer's `question` may be repeated ("3 gelas ya"), but no amounts of
        money: else "kopinya Rp1.000 kan?" would make a price.
        """
        told = "\n\n".join(sources)
        return cls(
            values=_meanings(numbers(told)),
            echoes=_meanings(n for n in numbers(question) if not n.is_money),
            identifiers=_meanings(identifiers(told)) | _meanings(identifiers(question)),
            links=frozenset(_address(link.text) for link in links(told)),
        )

    def unsupported(self, answer: str) -> list[str]:
        """What of the answer stands nowhere, as it is written there, in order."""
        return [claim.text for claim in self._unsupported(answer)]

    def safe(self, draft: str) -> str:
        """
        How much of an answer that is still being written may be shown already.

        Up to the first unsupported claim, and without the last word, which may be half a number.
        """
        whole = draft[: max(draft.rfind(" "), draft.rfind("\n")) + 1]
        claim = next(iter(self._unsupported(whole)), None)
        return (whole[: claim.start] if claim else whole).rstrip()

    def _unsupported(self, answer: str) -> list[Number]:
        marks = {match.start() for match in _LIST_MARK.finditer(answer)}
        ends = {match.end() for match in _LIST_MARK.finditer(answer)}
        found = [
            number
            for number in numbers(answer)
            if number.text and not self._stands(number) and not _is_mark(number, marks, ends)
        ]
        found += [n for n in identifiers(answer) if not n.values & (self.identifiers | self.values)]
        found += [n for n in links(answer) if _address(n.text) not in self.links]
        return sorted(found, key=lambda number: number.start)

    def _stands(self, number: Number) -> bool:
        if number.values & self.values:
            return True
        return not number.is_money and bool(number.values & self.echoes)


def _is_mark(number: Number, starts: set[int], ends: set[int]) -> bool:
    return any(s <= number.start and number.end <= e for s in starts for e in ends if 0 < e - s < 8)


def _meanings(found: Iterable[Number]) -> frozenset[Decimal]:
    return frozenset(value for number in found for value in number.values)


def _address(link: str) -> str:
    """The page a link leads to, however it is spelled."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", link.lower())
    return bare.rstrip("/.,;:!?")
