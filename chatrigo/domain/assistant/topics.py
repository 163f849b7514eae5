"""
Talk that the owner may want kept short: health, the law, rivals, and what the shop knows nothing of.

For each the owner says: answer from the evidence like anything else, decline in the owner's own
words, or call a person. What is not left to the evidence is decided here, before any model is
asked, by the words themselves; the model hears of the rules as well, for talk in other words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatrigo.domain.fields import choice_of, line_of, text_of
from chatrigo.i18n import translate

TOPICS = ("out_of_scope", "medical", "legal", "rival")
CHOICES = ("evidence", "decline", "hand_over")
MAX_WORDS = 500
MAX_NAMES = 500

_MEDICAL = (
    r"obat(?:nya|an)?|dosis|resep dokter|dokter|hamil|bumil|menyusui|busui|asi|alergi|diabetes|"
    r"kolesterol|hipertensi|darah tinggi|asam lambung|maag|gerd|jantung|asma|penyakit|gejala|"
    r"efek samping|keracunan|pregnan\w*|breastfeed\w*|allerg\w*|medic\w*|diabet\w*|symptom\w*"
)
_LEGAL = (
    r"tuntut|menuntut|dituntut|gugat|menggugat|digugat|somasi|pengacara|lawyer|polisi|"
    r"lapor(?:kan)? (?:ke )?polisi|pengadilan|hukum(?:nya|an)?|ylki|bpsk|sue|legal\w*|attorney|court"
)
_RIVAL = (
    r"kompetitor|pesaing|saingan|toko (?:sebelah|lain)|tempat lain|competitors?|rivals?|"
    r"other (?:shop|store|cafe)s?"
)
_WORDS = {
    "medical": re.compile(rf"\b(?:{_MEDICAL})\b"),
    "legal": re.compile(rf"\b(?:{_LEGAL})\b"),
    "rival": re.compile(rf"\b(?:{_RIVAL})\b"),
}


@dataclass(frozen=True, slots=True)
class TopicRow:
    """`choice` is one of CHOICES, `words` how to decline, `names` of rivals, split at commas."""

    topic: str
    choice: str
    words: str
    names: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the owner wants done: `act` is decline (with `text`) or hand_over."""

    act: str
    topic: str
    text: str = ""


def topics_of(asked: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """
    Out of a form: `topic_medical`, `words_medical`, … and `names_rival`. Raises Invalid.

    What is missing is left to the evidence.
    """
    return {topic: _topic(asked, topic) for topic in TOPICS}


def _topic(asked: Mapping[str, Any], topic: str) -> dict[str, str]:
    wish = asked.get(f"topic_{topic}") or CHOICES[0]
    kept = {
        "choice": choice_of(wish, "assistant.topic", CHOICES),
        "words": text_of(asked.get(f"words_{topic}"), "assistant.topic_words", most=MAX_WORDS),
    }
    if topic == "rival":
        kept["names"] = line_of(asked.get("names_rival"), "assistant.topic_names", most=MAX_NAMES)
    return kept


def topic_rows(stored: Mapping[str, Any]) -> list[TopicRow]:
    """All of TOPICS, in their order."""
    return [
        TopicRow(topic, choice_for(stored, topic), _said(stored, topic, "words"), names)
        for topic in TOPICS
        for names in [_said(stored, topic, "names")]
    ]


def choice_for(stored: Mapping[str, Any], topic: str) -> str:
    choice = _said(stored, topic, "choice")
    return choice if choice in CHOICES else CHOICES[0]


def ruling(stored: Mapping[str, Any], question: str, locale: str) -> Ruling | None:
    """What the owner decided about the topic that `question` speaks of; None: answer as usual."""
    if not any(choice_for(stored, topic) != CHOICES[0] for topic in _WORDS):
        return None
    line = " ".join(re.sub(r"[^\w\s]", " ", question.lower()).split())
    for topic in _WORDS:
        if choice_for(stored, topic) != CHOICES[0] and _speaks_of(topic, line, stored):
            return _ruled(stored, topic, locale)
    return None


def words_of_ruled_topics(stored: Mapping[str, Any], text: str) -> set[str]:
    """Which words of the text speak of something that the owner does not leave to the evidence."""
    line = " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())
    ruled = [topic for topic in _WORDS if choice_for(stored, topic) != CHOICES[0]]
    return {word for topic in ruled for word in _spoken(topic, line, stored)}


def ruling_out_of_scope(stored: Mapping[str, Any], locale: str) -> Ruling | None:
    """For a question that nothing was found for; None: a person is called, as usual."""
    if choice_for(stored, "out_of_scope") != "decline":
        return None
    return _ruled(stored, "out_of_scope", locale)


def rules_in_words(stored: Mapping[str, Any]) -> list[str]:
    """What a model is told, one line a topic that is not left to the evidence."""
    return [
        _IN_WORDS[topic].format(how=_how(stored, topic))
        for topic in TOPICS
        if choice_for(stored, topic) != CHOICES[0]
    ]


_IN_WORDS = {
    "out_of_scope": "Talk that has nothing to do with the shop: {how}",
    "medical": "Health, medicine, pregnancy, allergies: {how}",
    "legal": "The law, claims, lawyers, police: {how}",
    "rival": "Other shops, and comparisons with them: {how}",
}


def _how(stored: Mapping[str, Any], topic: str) -> str:
    if choice_for(stored, topic) == "hand_over":
        return "call the tool `handover`, and give no opinion."
    words = _said(stored, topic, "words")
    return f'decline politely, in these words: "{words}"' if words else "decline politely."


def _ruled(stored: Mapping[str, Any], topic: str, locale: str) -> Ruling:
    if choice_for(stored, topic) == "hand_over":
        return Ruling("hand_over", topic)
    own = _said(stored, topic, "words")
    return Ruling("decline", topic, own or translate(f"assistant_says.declined_{topic}", locale))


def _speaks_of(topic: str, line: str, stored: Mapping[str, Any]) -> bool:
    return bool(_spoken(topic, line, stored))


def _spoken(topic: str, line: str, stored: Mapping[str, Any]) -> set[str]:
    names = [name.strip().lower() for name in _said(stored, topic, "names").split(",")]
    named = {n for n in names if len(n) > 2 and re.search(rf"\b{re.escape(n)}\b", line)}
    return named | set(_WORDS[topic].findall(line))


def _said(stored: Mapping[str, Any], topic: str, part: str) -> str:
    kept = stored.get(topic)
    value = kept.get(part) if isinstance(kept, Mapping) else ""
    return value if isinstance(value, str) else ""
