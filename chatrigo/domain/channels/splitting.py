"""Long texts in several bubbles: cut where a reader would pause."""

import re

# From the best place to the worst; a bubble is at least half full unless the text ends.
_ENDS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])[\"'”)\]]*\s+"),
    re.compile(r"(?<=[,;:])\s+"),
    re.compile(r"\s+"),
)


def split(text: str, most: int) -> list[str]:
    """Parts of at most `most` characters that say all of `text`; one empty part of nothing."""
    parts: list[str] = []
    rest = text.strip()
    while most > 0 and len(rest) > most:
        at = _cut(rest, most)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _cut(text: str, most: int) -> int:
    for end in _ENDS:
        places = [found.end() for found in end.finditer(text, 0, most + 1) if found.start() <= most]
        fitting = [each for each in places if most // 2 <= len(text[:each].rstrip()) <= most]
        if fitting:
            return fitting[-1]
    return most
