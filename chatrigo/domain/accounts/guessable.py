"""
Passwords that are tried first: words that everybody thinks of, dressed up with digits.

A list would hold "sayang123" and miss "Sayang!1998". So a password is taken apart: if little is
left of it besides words of a list, what is known about the person, years, dates, sequences and
walks over the keyboard, it is guessed soon. `guessable_words.txt` is our own selection.
"""

import re
from collections.abc import Iterator, Set
from functools import cache
from itertools import pairwise
from pathlib import Path

# Three words of the list, or an unusual one, are enough.
WORDS = 2
# What may be left over and still not save it.
LETTERS = 3
DIGITS = 4
# Beyond this a password is long enough, whatever it says.
TAKEN_APART = 64
SHORTEST_WORD = 3
LONGEST_WORD = 26

_LEET = str.maketrans("013457@$!|", "oieastasil")
_SYMBOLS = frozenset("@$!|")
_ROWS = (("1234567890", 0.0), ("qwertyuiop", 0.5), ("asdfghjkl", 0.75), ("zxcvbnm", 1.25))
_KEYS = {
    character: (row, column + shift)
    for row, (keys, shift) in enumerate(_ROWS)
    for column, character in enumerate(keys)
}
_DATE = re.compile(
    r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_YEAR = re.compile(r"19[3-9]\d|20[0-3]\d")


def is_guessable(password: str, about: tuple[str, ...] = ()) -> bool:
    """Whether a stranger who knows `about` (address, name, businesses) would try it early."""
    kept = _without_repetition(_kept(password))
    if len(set(kept)) < 4 or kept.isdecimal():
        return True
    if len(kept) > TAKEN_APART:
        return False
    own = {word for text in about for word in _words_of(text)}
    return _falls_apart(kept, own, words=len(kept)) or _falls_apart(kept, own | _common(), WORDS)


def _falls_apart(kept: str, vocabulary: Set[str], words: int) -> bool:
    """Whether it is at most so many words of the vocabulary, patterns, and LETTERS and DIGITS."""
    plain = kept.translate(_LEET)
    reached: list[set[tuple[int, int, int]]] = [set() for _ in range(len(kept) + 1)]
    reached[0].add((0, 0, 0))
    for start in range(len(kept)):
        if not reached[start]:
            continue
        for end, word, letter, digit in _pieces(kept, plain, start, vocabulary):
            for spent in reached[start]:
                total = (spent[0] + word, spent[1] + letter, spent[2] + digit)
                if total[0] <= words and total[1] <= LETTERS and total[2] <= DIGITS:
                    reached[end].add(total)
    return bool(reached[-1])


def _pieces(
    kept: str, plain: str, start: int, vocabulary: Set[str]
) -> Iterator[tuple[int, int, int, int]]:
    """What may stand here: its end, and what it costs in words, letters and digits."""
    character = kept[start]
    if character in _SYMBOLS:
        yield start + 1, 0, 0, 0
    elif character.isdecimal():
        yield start + 1, 0, 0, 1
    else:
        yield start + 1, 0, 1, 0
    for end in range(start + SHORTEST_WORD, min(len(kept), start + LONGEST_WORD) + 1):
        if kept[start:end] in vocabulary or plain[start:end] in vocabulary:
            yield end, 1, 0, 0
        if _is_pattern(kept[start:end]):
            yield end, 0, 0, 0


def _is_pattern(text: str) -> bool:
    """A year, a date, one character over and over, a sequence, or a walk over the keyboard."""
    if _YEAR.fullmatch(text) or _DATE.fullmatch(text):
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    if len(set(steps)) == 1 and abs(steps[0]) <= 1:
        return True
    return len(text) >= 4 and all(_are_neighbours(*pair) for pair in pairwise(text))


def _are_neighbours(one: str, other: str) -> bool:
    if one not in _KEYS or other not in _KEYS:
        return False
    (row, column), (other_row, other_column) = _KEYS[one], _KEYS[other]
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1


def _kept(password: str) -> str:
    """Without what is only put in between: spaces, dashes, dots."""
    return "".join(
        character
        for character in password.casefold()
        if character.isalnum() or character in _SYMBOLS or not character.isascii()
    )


def _without_repetition(kept: str) -> str:
    """ "abcabcabc" is no better than "abc". Long ones are left as they are."""
    if len(kept) > TAKEN_APART:
        return kept
    period = (kept + kept).find(kept, 1)
    return kept[:period] if 0 < period < len(kept) else kept


def _words_of(text: str) -> Iterator[str]:
    """The words of an address or a name, and all of it as one."""
    words = re.split(r"[\W\d_]+", text.casefold())
    yield from (word for word in (*words, "".join(words)) if len(word) >= SHORTEST_WORD)


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("guessable_words.txt").read_text(encoding="utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    return frozenset(word for word in words if len(word) >= SHORTEST_WORD)
