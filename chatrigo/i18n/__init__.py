"""
One catalogue for all text: `id/<area>.json` and `en/<area>.json`, Indonesian first.

A key is "<area>.<name>"; placeholders are written `{name}`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

LOCALES = ("id", "en")
DEFAULT = "id"


@cache
def catalogue(locale: str) -> dict[str, str]:
    """Every text of one language, by full key."""
    folder = Path(__file__).parent / locale
    return {
        f"{path.stem}.{key}": text
        for path in sorted(folder.glob("*.json"))
        for key, text in json.loads(path.read_text(encoding="utf-8")).items()
    }


def known(locale: str) -> str:
    """The locale itself if we speak it, else Indonesian."""
    return locale if locale in LOCALES else DEFAULT


def preferred(accept_language: str) -> str:
    """The first language of an `Accept-Language` header that we speak, else Indonesian."""
    for part in accept_language[:200].split(","):
        language = part.partition(";")[0].strip().lower().partition("-")[0]
        if language in LOCALES:
            return language
    return DEFAULT


def translate(key: str, locale: str = DEFAULT, **values: Any) -> str:
    """
    The text of `key` with its placeholders filled.

    Raises KeyError for a key that no catalogue has.
    """
    text = catalogue(known(locale))[key]
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
