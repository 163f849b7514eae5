"""
Long texts, cut into pieces that are found and quoted one by one. Pure.

A piece has 800 to 1,200 characters where the text lets it: it ends at a paragraph, or at a
sentence where one paragraph is too long, and never holds text from under two headings.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

ENOUGH = 800
MOST = 1_200
MAX_TITLE = 300
MAX_PLACE = 300

_UNITS = {"page": "hal.", "row": "baris"}
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")


class Stretch(Protocol):
    """Text of a document under one heading; `unit` is page, row or empty."""

    @property
    def heading(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """`place` tells a person where it stands: "hal. 3–4", "Harga, baris 2–9", a page's address."""

    title: str
    place: str
    body: str

    @property
    def origin(self) -> str:
        """The same for the same text, wherever in the document it has moved."""
        return hashlib.sha256(f"{self.title}\0{self.body}".encode()).hexdigest()


def cut(stretches: Iterable[Stretch], title: str, *, within: str = "") -> Iterator[Piece]:
    """Pieces in the document's order. `within` is the place that all of them share."""
    held: list[tuple[Stretch, str]] = []
    size = 0
    for stretch, text in _portions(stretches):
        moved = bool(held) and held[-1][0].heading != stretch.heading
        if held and (moved or size + len(text) > MOST or size >= ENOUGH):
            yield _piece(held, title, within)
            held, size = [], 0
        held.append((stretch, text))
        size += len(text) + 1
    if held:
        yield _piece(held, title, within)


def _portions(stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, str]]:
    for stretch in stretches:
        for paragraph in _PARAGRAPH.split(stretch.text):
            for text in _bearable(paragraph.strip()):
                yield stretch, text


def _bearable(paragraph: str) -> Iterator[str]:
    """A paragraph, in parts of at most MOST characters."""
    if len(paragraph) <= MOST:
        if paragraph:
            yield paragraph
        return
    held = ""
    for sentence in _SENTENCE.split(paragraph):
        for part in _words(sentence):
            if held and len(held) + len(part) + 1 > MOST:
                yield held
                held = ""
            held = f"{held} {part}" if held else part
    if held:
        yield held


def _words(sentence: str) -> Iterator[str]:
    """A sentence that does not end, cut at blanks, or anywhere if there are none."""
    rest = sentence.strip()
    while len(rest) > MOST:
        at = rest.rfind(" ", ENOUGH, MOST)
        at = at if at > 0 else MOST
        yield rest[:at].strip()
        rest = rest[at:].strip()
    if rest:
        yield rest


def _piece(held: list[tuple[Stretch, str]], title: str, within: str) -> Piece:
    first, last = held[0][0], held[-1][0]
    joint = "\n" if first.unit == "row" else "\n\n"
    heading = first.heading or title
    parts = [within, first.heading if first.unit == "row" else "", _numbers(first, last)]
    place = ", ".join(part for part in parts if part)
    return Piece(heading[:MAX_TITLE], place[:MAX_PLACE], joint.join(text for _, text in held))


def _numbers(first: Stretch, last: Stretch) -> str:
    if not first.unit:
        return ""
    span = str(first.number) if first.number == last.number else f"{first.number}–{last.number}"
    return f"{_UNITS[first.unit]} {span}"
