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

# A customer's own number or address beside one of these would be where somebody is to pay or send.
_DIRECTS = re.compile(
    r"\b(?:transfer|rek(?:ening)?|norek|bayar|pembayaran|setor|kirim(?:kan)?|virtual account|va|gopay|"
    r"ovo|dana|shopeepay|qris|pay|payment|account|deposit|bca|bri|bni|mandiri|send|hubungi|contact|"
    r"resmi|official|admin)\b",
    re.IGNORECASE,
)
# How results of tools tell a price, however small.
_PRICE = re.compile(r'"(?:price|harga|total|amount|cost|ongkir)\w*": ?"?(\d+)')


@dataclass(frozen=True, slots=True)
class Grounds:
    """What answers of one turn may stand on."""

    values: frozenset[Decimal]
    echoes: frozenset[Decimal]
    identifiers: frozenset[Decimal]
    links: frozenset[str]
    money: frozenset[Decimal] = frozenset()
    own_identifiers: frozenset[Decimal] = frozenset()
    own_addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sources: Iterable[str], question: str = "") -> "Grounds":
        """
        `sources` are the owner's and our own: evidence, instructions, results of tools, the time.

        Numbers of the customer's `question` may be repeated ("3 gelas ya"), but no amounts of
        money: else "kopinya Rp1.000 kan?" would make a price. A telephone number or an e-mail
        address of theirs may be repeated too, but never as where to pay.
        """
        told = "\n\n".join(sources)
        return cls(
            values=_meanings(numbers(told)),
            echoes=_meanings(n for n in numbers(question) if not n.is_money),
            identifiers=_meanings(identifiers(told)),
            links=frozenset(_address(link.text) for link in links(told)),
            money=_meanings(n for n in numbers(told) if n.is_money) | _prices(told),
            own_identifiers=_meanings(identifiers(question)),
            own_addresses=frozenset(_address(n.text) for n in links(question) if "@" in n.text[1:]),
        )

    def unsupported(self, answer: str) -> list[str]:
        """What of the answer stands nowhere, as it is written there, in order."""
        return [claim.text for claim in self.claims(answer)]

    def claims(self, answer: str) -> list[Number]:
        """The same, with where they stand."""
        marks = {match.start() for match in _LIST_MARK.finditer(answer)}
        ends = {match.end() for match in _LIST_MARK.finditer(answer)}
        found = [
            number
            for number in numbers(answer)
            if number.text and not self._stands(number) and not _is_mark(number, marks, ends)
        ]
        found += [n for n in identifiers(answer) if not self._is_known(n, answer)]
        found += [n for n in links(answer) if not self._leads(n, answer)]
        return sorted(found, key=lambda number: number.start)

    def _is_known(self, number: Number, answer: str) -> bool:
        if number.values & (self.identifiers | self.values):
            return True
        return bool(number.values & self.own_identifiers) and not _directs(number, answer)

    def _leads(self, link: Number, answer: str) -> bool:
        address = _address(link.text)
        if address in self.links:
            return True
        return address in self.own_addresses and not _directs(link, answer)

    def _stands(self, number: Number) -> bool:
        if number.is_money:  # what counts pieces or names a product is no price
            return bool(number.values & (self.money | self.identifiers))
        return bool(number.values & (self.values | self.echoes))


def _is_mark(number: Number, starts: set[int], ends: set[int]) -> bool:
    return any(s <= number.start and number.end <= e for s in starts for e in ends if 0 < e - s < 8)


def _directs(number: Number, answer: str) -> bool:
    return bool(_DIRECTS.search(answer[max(0, number.start - 80) : number.end + 40]))


def _prices(told: str) -> frozenset[Decimal]:
    return frozenset(Decimal(price) for price in _PRICE.findall(told))


def _meanings(found: Iterable[Number]) -> frozenset[Decimal]:
    return frozenset(value for number in found for value in number.values)


def _address(link: str) -> str:
    """The page a link leads to, however it is spelled."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", link.lower())
    return bare.rstrip("/.,;:!?")
