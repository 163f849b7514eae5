"""
What people type into fields, made fit to store.

A field has a name in the catalogue, "knowledge.title" say. A text that is missing or too long
is refused with `knowledge.title_missing` or `knowledge.title_long` ({limit}, {length}), so that
the message can name the field and its limit in the language of the person.
"""

import unicodedata
from typing import Any

from chatrigo.errors import Invalid

# Control characters that a text keeps: people can't see the others.
_KEPT = "\n\t"


def text_of(value: Any, field: str, *, most: int, least: int = 0) -> str:
    """
    A text of several lines, without blanks around it.

    `value` may be anything a browser sends; what is not text counts as missing.
    Raises Invalid with fewer than `least` or more than `most` characters.
    """
    text = _clean(value).strip()
    if len(text) < least:
        raise Invalid(f"{field}_missing", limit=least)
    if len(text) > most:
        raise Invalid(f"{field}_long", limit=most, length=len(text))
    return text


def line_of(value: Any, field: str, *, most: int, least: int = 0) -> str:
    """As `text_of`, on one line."""
    return text_of(" ".join(_clean(value).split()), field, most=most, least=least)


def choice_of(value: Any, field: str, choices: tuple[str, ...]) -> str:
    """One of a few words. Raises Invalid (`<field>_unknown`) for any other."""
    if not isinstance(value, str) or value not in choices:
        raise Invalid(f"{field}_unknown")
    return value


def storable(value: Any) -> str:
    """
    A text that the database takes, otherwise as it is: without NUL, which PostgreSQL refuses, and
    without surrogates (half an emoji, from a script that cut it). What is not text is empty.
    """
    text = value if isinstance(value, str) else ""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _clean(value: Any) -> str:
    text = storable(value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) != "Cc")
