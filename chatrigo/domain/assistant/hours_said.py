"""Opening hours as they are stored, against opening hours as somebody wrote them. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from chatrigo.domain.assistant.instructions import WEEKDAYS
from chatrigo.domain.assistant.testing.facts import amounts_in
from chatrigo.retrieval.text import plain

_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")
_OPENING = re.compile(r"\b(?:buka|jam operasional|jam buka|jam kerja|open|opening)\b")
_EVERY_DAY = re.compile(r"\b(?:(?:se)?tiap hari|every ?day|daily)\b")
_CLOSED = re.compile(
    r"\b(?:libur|tutup)\b[^.!?\n]{0,20}?\b(?:hari )?(senin|selasa|rabu|kamis|jumat|sabtu|minggu)\b"
    r"|\b(?:hari )?(senin|selasa|rabu|kamis|jumat|sabtu|minggu)\s+(?:kami\s+)?(?:libur|tutup)\b(?!\s+(?:jam|pukul|pkl))"
)


def contradicts(hours: Mapping[str, Any], text: str) -> bool:
    """Whether a text tells opening hours, or days off, that are not those of `hours`."""
    clocks = _clocks(hours)
    for sentence in _opening_sentences(text):
        told = {
            value
            for amount in amounts_in(sentence)
            if amount.kind == "clock"
            for value in amount.values
        }
        if told - clocks:
            return True
        if told and _EVERY_DAY.search(plain(sentence)) and not _same_every_day(hours):
            return True
    return any(hours.get(day) for day in _days_off(text))


def in_words(hours: Mapping[str, Any]) -> str:
    """`senin 08:00–22:00, …`, days off with a dash."""
    return ", ".join(
        f"{name} {'–'.join(hours[day]) if hours.get(day) else '–'}"
        for day, name in zip(WEEKDAYS, _DAYS, strict=True)
    )


def _opening_sentences(text: str) -> list[str]:
    """Those that speak of opening; an answer's first sentence belongs to its question."""
    title, _, body = text.partition("\n")
    sentences = _SENTENCE.split(body)
    asked = bool(_OPENING.search(plain(title)))
    return [
        sentence
        for at, sentence in enumerate(sentences)
        if _OPENING.search(plain(sentence)) or (asked and at == 0)
    ]


def _clocks(hours: Mapping[str, Any]) -> set[Any]:
    """Minutes since midnight at which any day opens or closes."""
    return {
        int(clock[:2]) * 60 % 1440 + int(clock[3:])
        for day in hours.values()
        if day
        for clock in day
    }


def _same_every_day(hours: Mapping[str, Any]) -> bool:
    return all(hours.get(day) == hours.get("mon") for day in WEEKDAYS)


def _days_off(text: str) -> list[str]:
    found = [one or other for one, other in _CLOSED.findall(plain(text))]
    return [WEEKDAYS[_DAYS.index(name)] for name in found]
