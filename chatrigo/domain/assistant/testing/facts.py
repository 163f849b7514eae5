"""
Whether a text holds a fact. Pure.

Words are compared without case, accents and punctuation; amounts by their value, however they
are written (`chatrigo.domain.assistant.numbers`), and times of the day by the clock: 08.00 and
jam 8 pagi are the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chatrigo.domain.assistant.numbers import identifiers, numbers
from chatrigo.retrieval.text import plain


@dataclass(frozen=True, slots=True)
class Amount:
    """`kind` is number, percent or clock (minutes since midnight); `values` what it may mean."""

    kind: str
    values: frozenset[Decimal]


Token = str | Amount

_PART = r"(?:\s*(pagi|siang|sore|malam|malem|am|pm)\b)"
_CLOCK = re.compile(
    rf"\b(?:jam|pukul|pkl)\.?\s*(\d{{1,2}})(?:[.:](\d{{2}}))?(?![\d]|[.,]\d){_PART}?"
    rf"|(?<![\d.,])([01]?\d|2[0-4])[.:]([0-5]\d)(?!\d|[.,]\d){_PART}?"
    rf"|(?<![\d.,])(1[0-2]|0?[1-9])(){_PART}"
)
_SPOKEN_HOUR = re.compile(r"\b(?:jam|pukul|pkl)\s+$")
_PERCENT = re.compile(r"\s*(?:%|persen\b|percent\b)")
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’`](?=[^\W\d_])")


def holds(text: str, fact: str) -> bool:
    """
    Whether `text` says `fact`: its amounts somewhere, and each run of its words as it stands.

    A fact without words and amounts is said by every text.
    """
    said = tokens(text)
    amounts = [each for each in said if isinstance(each, Amount)]
    for piece in _pieces(tokens(fact)):
        if isinstance(piece, Amount):
            if not any(same(piece, amount) for amount in amounts):
                return False
        elif not _stands_in(said, piece):
            return False
    return True


def mentions(text: str, phrase: str) -> bool:
    """Whether `phrase` stands in `text` in one piece; an empty phrase never does."""
    wanted = tokens(phrase)
    return bool(wanted) and _stands_in(tokens(text), wanted)


def amounts_in(text: str) -> list[Amount]:
    """In the order of reading."""
    return [each for each in tokens(text) if isinstance(each, Amount)]


def same(one: Token, other: Token) -> bool:
    """A bare 8 is also eight o'clock; a percentage is only ever a percentage."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if one.kind == other.kind:
        return bool(one.values & other.values)
    kinds = {one.kind: one.values, other.kind: other.values}
    if kinds.keys() != {"number", "clock"}:
        return False
    return any(value * 60 in kinds["clock"] for value in kinds["number"] if value <= 24)


def tokens(text: str) -> list[Token]:
    """The words and amounts of a text, in the order of reading."""
    line = _APOSTROPHE.sub("", plain(text))
    found: list[tuple[int, int, Token]] = []
    for candidate in (_clocks(line), _spoken_hours(line), _numbers(line), _words(line)):
        taken = [(start, end) for start, end, _ in found]
        found += [each for each in candidate if _is_free(each, taken)]
    return [token for _, _, token in sorted(found, key=lambda each: each[0])]


def _is_free(one: tuple[int, int, Token], taken: list[tuple[int, int]]) -> bool:
    return not any(start < one[1] and one[0] < end for start, end in taken)


def _clocks(line: str) -> Iterator[tuple[int, int, Token]]:
    for match in _CLOCK.finditer(line):
        hour, minute, part = next(
            match.groups()[at : at + 3] for at in (0, 3, 6) if match.groups()[at]
        )
        if int(hour) <= 24:
            yield match.start(), match.end(), _clock(int(hour), int(minute or 0), part or "")


def _clock(hour: int, minute: int, part: str) -> Amount:
    if (part in ("sore", "malam", "malem") and 3 <= hour < 12) or (part == "pm" and hour < 12):
        hour += 12
    if part == "siang" and hour < 6:
        hour += 12
    if part in ("malam", "malem", "am") and hour == 12:
        hour = 0
    return Amount("clock", frozenset({Decimal(hour % 24 * 60 + minute)}))


def _spoken_hours(line: str) -> Iterator[tuple[int, int, Token]]:
    """ "jam sebelas"."""
    for number in numbers(line):
        before = _SPOKEN_HOUR.search(line[: number.start])
        hours = [value for value in number.values if 0 <= value <= 24]
        if before and hours and not line[number.start].isdigit():
            yield before.start(), number.end, _clock(int(hours[0]), 0, "")


def _numbers(line: str) -> Iterator[tuple[int, int, Token]]:
    """A small number in words ("satu") stays a word."""
    for number in (*numbers(line), *identifiers(line)):
        if not number.text:
            continue
        percent = _PERCENT.match(line, number.end)
        end = percent.end() if percent else number.end
        # "Rp18.000" is not eighteen here, as it may be where an answer only must stand somewhere.
        values = frozenset({max(number.values)}) if number.is_money else number.values
        yield number.start, end, Amount("percent" if percent else "number", values)


def _words(line: str) -> Iterator[tuple[int, int, Token]]:
    for match in _WORD.finditer(line):
        yield match.start(), match.end(), match[0]


def _pieces(wanted: Sequence[Token]) -> Iterator[Amount | list[str]]:
    """The amounts, and the runs of words between them."""
    run: list[str] = []
    for token in wanted:
        if isinstance(token, str):
            run.append(token)
            continue
        if run:
            yield run
        run = []
        yield token
    if run:
        yield run


def _stands_in(said: Sequence[Token], wanted: Sequence[Token]) -> bool:
    length = len(wanted)
    return any(
        all(same(one, other) for one, other in zip(said[at : at + length], wanted, strict=True))
        for at in range(len(said) - length + 1)
    )
