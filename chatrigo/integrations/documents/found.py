"""What reading a document gives, on both sides of the process border."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_TEXT = 2_000_000

_BLANKS = re.compile(r"[^\S\n]+")
_GAPS = re.compile(r"\n{3,}")
_EMOJI = ("So", "Sk")


class Block(NamedTuple):
    """
    A stretch of text under one heading. `unit` is "page" or "row" where the document counts
    them, and `number` the count; otherwise empty and 0.
    """

    heading: str
    unit: str
    number: int
    text: str


class Turn(NamedTuple):
    """One message of an exported chat; `minute` counts from any beginning."""

    minute: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """`notice` tells what of it was left out, as a catalogue key; empty if nothing was."""

    format: str
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    notice: str = ""
    notice_values: dict[str, Any] = field(default_factory=dict)


class Unreadable(Exception):
    """The document gives nothing; `key` is a catalogue key for the owner."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def visible(text: str) -> str:
    """
    What a person would see of the text: nothing that steers, hides or takes no room.

    Zero-width and direction signs can hide an instruction from the owner's eyes and not from a
    model's; the one that joins emoji stays between emoji.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for at, c in enumerate(composed) if _is_seen(composed, at, c))
    lines = (_BLANKS.sub(" ", line).strip() for line in kept.split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def _is_seen(text: str, at: int, char: str) -> bool:
    if char in "\n\t" or " " <= char <= "~":
        return True
    if char == "\u200d":
        return at > 0 and unicodedata.category(text[at - 1]) in _EMOJI
    if "\U000e0000" <= char <= "\U000e0fff":
        return False
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
