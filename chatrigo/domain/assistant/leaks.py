"""
What a customer is never told: our rules, how the owner told the assistant to behave, its tools.

An answer that repeats a long stretch of them, letter by letter, is not sent: as it stands, with
blanks, digits for letters or look-alikes in it, backwards, turned by thirteen, or packed as base64,
hexadecimal or an address. What also stands in the evidence may be said. Pure.
"""

import base64
import binascii
import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from chatrigo.domain.assistant.plain import folded, plain

# Letters in a row: some seven words. An owner's "do" also says what customers may hear.
RUN, LONG_RUN, SHORTEST_LINE, TELLING = 40, 60, 25, 14
_LEET = str.maketrans("013457@$l|", "oieastasii")
_PACKED = re.compile(r"[A-Za-z0-9+/=_-]{24,}(?:\s+[A-Za-z0-9+/=_-]{24,})*")
_OPAQUE = re.compile(r"(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)[A-Za-z0-9+/=_-]{40,}")
_TOOL = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
_SENTENCE = re.compile(r"[.!?\n]+")


@dataclass(frozen=True)
class Secrets:
    """
    rules     ours, word for word
    manners   what the owner said of how to speak and what never to do
    doings    what the owner said is to be done
    tools     their names
    told      all that may be said: evidence, results, what the shop has said
    """

    rules: str = ""
    manners: str = ""
    doings: str = ""
    tools: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()

    def leak(self, answer: str) -> int | None:
        """Where a leak begins in the answer; None when there is none. Packed, it is at 0."""
        at = self._run(answer)
        if at is not None:
            return at
        named = next((m for m in _TOOL.finditer(answer) if m[0] in self.tools), None)
        if named and named[0] not in self._told_raw:
            return named.start()
        opaque = next((m for m in _OPAQUE.finditer(answer) if m[0] not in self._told_raw), None)
        if opaque:
            return opaque.start()
        return 0 if any(self._run(plain(text)) is not None for text in _unpacked(answer)) else None

    def begins(self, draft: str) -> int:
        """How much of a draft may be shown: what may be growing into a leak waits."""
        letters, places = _letters(draft)
        kept = len(letters)
        for size in range(min(LONG_RUN, kept), TELLING - 1, -1):
            if letters[kept - size :] in self._all and letters[kept - size :] not in self._told:
                return places[kept - size]
        return len(draft)

    @cached_property
    def _all(self) -> str:
        return "\n".join(_letters(t)[0] for t in (self.rules, self.manners, self.doings))

    @cached_property
    def _told(self) -> str:
        return "\n".join(_letters(text)[0] for text in self.told)

    @cached_property
    def _told_raw(self) -> str:
        return "\n".join(self.told)

    @cached_property
    def _runs(self) -> frozenset[str]:
        found = {*_grams(self.rules, RUN), *_grams(self.manners, RUN)}
        return frozenset(gram for gram in found if gram not in self._told)

    @cached_property
    def _long_runs(self) -> frozenset[str]:
        return frozenset(g for g in _grams(self.doings, LONG_RUN) if g not in self._told)

    @cached_property
    def _lines(self) -> list[str]:
        """Short prohibitions: said in full, they are told as well."""
        lines = [_letters(line)[0] for line in _SENTENCE.split(self.manners)]
        return [n for n in lines if SHORTEST_LINE <= len(n) < RUN and n not in self._told]

    def _run(self, text: str) -> int | None:
        letters, places = _letters(text)
        for size, runs in ((RUN, self._runs), (LONG_RUN, self._long_runs)):
            for at in range(len(letters) - size + 1 if runs else 0):
                if letters[at : at + size] in runs:
                    return places[at]
        return next((places[letters.index(n)] for n in self._lines if n in letters), None)


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, as what they look like, and where each stood."""
    letters: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        for letter in folded(character).translate(_LEET):
            if letter.isalnum():
                letters.append(letter)
                places.append(at)
    return "".join(letters), places


def _grams(text: str, size: int) -> Iterable[str]:
    letters, _ = _letters(text)
    return (letters[at : at + size] for at in range(len(letters) - size + 1))


def _unpacked(answer: str) -> Iterable[str]:
    """The answer as whoever asked for it in disguise would read it."""
    yield answer[::-1]
    yield codecs.encode(answer, "rot13")
    if "%" in answer:
        yield unquote(answer)
    for packed in _PACKED.findall(answer):
        tight = "".join(packed.split())
        for decode in (_hexadecimal, _base64):
            if text := decode(tight):
                yield text


def _base64(packed: str) -> str:
    bare = packed.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare[: len(bare) // 4 * 4]).decode("utf-8", "ignore")
    except (ValueError, binascii.Error):
        return ""


def _hexadecimal(packed: str) -> str:
    try:
        return bytes.fromhex(packed).decode("utf-8", "ignore")
    except ValueError:
        return ""
