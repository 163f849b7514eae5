"""Indonesian chat text as terms for lexical retrieval. Pure: no database, no network.

Documents and questions go through the same steps: characters made plain, words cut out, slang
*expanded* (the word as written stays, its formal form joins it), lemmas. A document becomes a flat
list of terms; a question becomes groups, one per asked word, whose alternatives mean the same.
The words themselves live in `slang.json`: `formal` (a form and how people write it), `related`
(near in meaning, worth less), `light` (tell little of what is asked), `dropped` (tell nothing),
`empty_alone` (tell nothing with no other word beside) and `chatty` (address somebody).
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType

MAX_DOCUMENT_CHARS = 10_000
MAX_QUERY_CHARS = 2_000
MAX_QUERY_TERMS = 40
MAX_TERM_CHARS = 40
LONGEST_PHRASE = 4
RELATED = 0.8
PART = 0.4

CLITICS = ("nya", "lah", "kah", "pun")
# Colloquial prefixes and the letters the root may have lost to them.
PREFIXES = (
    ("nge", ("",)),
    ("ng", ("", "k")),
    ("ny", ("s", "c")),
    ("n", ("t", "")),
    ("m", ("p", "")),
    ("di", ("",)),
    ("ke", ("",)),
)

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’`](?=[^\W\d_])")
STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
SHORT_MONEY = re.compile(r"(?<![\d.,])(\d{1,6})\s?(?:rb|ribu|rebu|k)(?![^\W_])")
FULL_HOUR = re.compile(r"(?<!\d)(\d{1,2})[.:]00(?!\d)")
_SPOKEN = re.compile(r"[^\W_]+")
WRITTEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
DOUBLED = re.compile(r"([^\W\d_]{3,})2(?:nya|an)?")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A term that counts as mentioning an asked word, worth `weight` of the word itself."""

    term: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One asked word with everything that counts as mentioning it.

    `weight` is how much the word tells what is asked: "bisa" and "ada" tell little.
    """

    word: str
    alternatives: tuple[Alternative, ...]
    weight: float = 1.0

    @property
    def same(self) -> tuple[str, ...]:
        """The terms that are the word itself: as written and in its formal form."""
        return tuple(each.term for each in self.alternatives if each.weight == 1)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The contents of `slang.json`, keyed the way they are looked up."""

    formal: dict[str, tuple[str, ...]]
    related: dict[str, tuple[str, ...]]
    light: dict[str, float]
    dropped: frozenset[str]
    phrases: frozenset[str]
    empty_alone: frozenset[str]
    chatty: frozenset[str]


def terms(text: str) -> list[str]:
    """The terms a document is found by, repeated as often as they occur."""
    found: list[str] = []
    for unit in _units(text[:MAX_DOCUMENT_CHARS]):
        found.extend(_document_terms(unit))
    return found


def query_terms(text: str) -> list[QueryTerm]:
    """What a question asks for; greetings, vocatives and function words are left out.

    "Pagi kak" asks for nothing, "buka pagi?" does.
    """
    asked: dict[str, QueryTerm] = {}
    for unit in _units(text[:MAX_QUERY_CHARS]):
        term = _query_term(unit)
        if term is not None:
            asked.setdefault(term.same[-1], term)
        if len(asked) == MAX_QUERY_TERMS:
            break
    if lexicon().empty_alone.issuperset(asked):
        return []
    return list(asked.values())


def formal(text: str) -> str:
    """
    A question with its slang spelt out and its vocatives gone: "brp hrgnya kak" is "berapa harga".

    For an embedding model, which knows little slang and finds far more so (docs/retrieval.md).
    The rest stays as written, for it reads that best. A question of nothing else stays whole.
    """
    return " ".join(_SPOKEN.sub(_spelt_out, text[:MAX_QUERY_CHARS]).split()) or text.strip()


def _spelt_out(found: re.Match[str]) -> str:
    word = plain(found[0])
    if word in lexicon().chatty:
        return ""
    meant = _formal(word)
    return meant[0] if meant else found[0]


def plain(text: str) -> str:
    """Lower-case text without accents, stretched letters and invisible characters; idempotent."""
    text = unicodedata.normalize("NFKC", text)
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text.casefold()))
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    return STRETCHED.sub(r"\1", unicodedata.normalize("NFC", text))


def words(text: str) -> list[str]:
    """The words of a text in order, before slang and lemmas."""
    text = APOSTROPHE.sub("", plain(text))
    text = SHORT_MONEY.sub(r"\g<1>000 ", THOUSANDS.sub("", text))
    text = FULL_HOUR.sub(r"\1", text)
    found: list[str] = []
    for written in WRITTEN.findall(text):
        for word in _undoubled(written.split("-")):
            found.extend(piece[:MAX_TERM_CHARS] for piece in _pieces(word))
    return found


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """The dictionary form of one word: `pengiriman`, `dikirimnya` and `kirimin` give `kirim`."""
    if not word.isascii() or not word.isalpha():
        return word.lstrip("0") or word
    found = _dictionary_form(word)
    if found is not None:
        return found
    base = _without_clitic(word)
    return _dictionary_form(base) or _colloquial_root(base) or base


def _pieces(word: str) -> list[str]:
    """Digits apart from letters (`24jam`), and `buku2` as `buku`."""
    doubled = DOUBLED.fullmatch(word)
    if doubled:
        return [doubled[1]]
    return [_number(piece) for piece in LETTERS_OR_DIGITS.findall(word)]


def _number(piece: str) -> str:
    return piece.lstrip("0") or "0" if piece.isdigit() else piece


def _undoubled(parts: list[str]) -> list[str]:
    """`buku-buku` and `berkali-kali` say their word once; `kopi-susu` keeps both."""
    kept: list[str] = []
    for part in parts:
        base = _without_clitic(part)
        last = kept[-1] if kept else ""
        if min(len(base), len(last)) >= 3 and (last.endswith(base) or part.startswith(last)):
            continue
        kept.append(part)
    return kept


def _without_clitic(word: str) -> str:
    for clitic in CLITICS:
        if word.endswith(clitic) and len(word) - len(clitic) >= 2:
            return word.removesuffix(clitic)
    return word


def _dictionary_form(word: str) -> str | None:
    if not is_word(word):
        return None
    found: str = simplemma().lemmatize(word, lang="id")
    return found.lower()


def _colloquial_root(word: str) -> str | None:
    """The root of `ngirim`, `bayarin`, `dianterin`, if what is left is a word we know."""
    for stem in _colloquial_stems(word):
        if len(stem) < 3:
            continue
        found = _dictionary_form(stem)
        if found is not None:
            return found
    return None


def _colloquial_stems(word: str) -> Iterator[str]:
    short = word.removesuffix("in")
    if short != word:
        yield short
    for stem in (word, short):
        for prefix, lost in PREFIXES:
            if stem.startswith(prefix):
                yield from (letter + stem.removeprefix(prefix) for letter in lost)


def _units(text: str) -> Iterator[str]:
    """The words of a text; a phrase of the lexicon ("bayar di tempat") is one unit, in lemmas."""
    found = words(text)
    lemmas = [lemma(word) for word in found]
    at = 0
    while at < len(found):
        phrase = _phrase_at(lemmas, at)
        yield phrase or found[at]
        at += phrase.count(" ") + 1


def _phrase_at(lemmas: list[str], at: int) -> str:
    for size in range(LONGEST_PHRASE, 1, -1):
        phrase = " ".join(lemmas[at : at + size])
        if phrase in lexicon().phrases:
            return phrase
    return ""


@lru_cache(maxsize=20_000)
def _document_terms(unit: str) -> tuple[str, ...]:
    forms = (unit, *_formal(unit))
    own = [lemma(word) for word in unit.split()]
    extra = [lemma(word) for form in forms for word in form.split()]
    return (*own, *dict.fromkeys(t for t in (*extra, *map(_term, forms)) if t not in own))


@lru_cache(maxsize=20_000)
def _query_term(unit: str) -> QueryTerm | None:
    forms = (unit, *_formal(unit))
    if any(_is_dropped(form) for form in forms):
        return None
    weights = dict.fromkeys((_term(form) for form in forms), 1.0)
    for form in forms:
        for near in lexicon().related.get(_key(form), ()):
            weights.setdefault(_term(near), RELATED)
    for word in (word for form in forms if " " in form for word in form.split()):
        if not _is_dropped(word):
            weights.setdefault(lemma(word), PART)
    tells = min(lexicon().light.get(each, 1.0) for form in forms for each in (form, _key(form)))
    return QueryTerm(unit, tuple(Alternative(*each) for each in weights.items()), tells)


def _formal(unit: str) -> tuple[str, ...]:
    formal = lexicon().formal
    return formal.get(unit) or formal.get(_without_clitic(unit)) or ()


def _is_dropped(form: str) -> bool:
    dropped = lexicon().dropped
    return form in dropped or all(word in dropped for word in form.split())


def _key(form: str) -> str:
    """How the lexicon spells a word or phrase: in lemmas."""
    return " ".join(lemma(word) for word in form.split())


def _term(form: str) -> str:
    """The one term of a word or phrase; a phrase has its own beside those of its words."""
    return _key(form).replace(" ", "")[:MAX_TERM_CHARS]


def is_word(word: str) -> bool:
    """Whether the dictionary of Indonesian knows the word as written."""
    known: bool = simplemma().is_known(word, lang="id")
    return known


def simplemma() -> ModuleType:
    """The lemma tables, loaded at the first word that needs them (6 MB, 80 ms)."""
    import simplemma as module

    return module


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Our own words, read at first need."""
    raw = json.loads(Path(__file__).with_name("slang.json").read_text("utf-8"))
    formal: dict[str, tuple[str, ...]] = {}
    for form, variants in raw["formal"].items():
        for variant in variants:
            written = " ".join(words(variant))
            key = _key(written) if " " in written else written
            formal[key] = (*formal.get(key, ()), form)
    related: dict[str, tuple[str, ...]] = {}
    for cluster in raw["related"]:
        keys = [_key(each) for each in cluster]
        for key in keys:
            related[key] = (*related.get(key, ()), *(each for each in keys if each != key))
    dropped = frozenset({*raw["dropped"], *map(_key, raw["dropped"])})
    every = {*formal, *related, *map(_key, raw["formal"]), *dropped}
    phrases = frozenset(each for each in every if " " in each)
    return Lexicon(
        formal,
        related,
        raw["light"],
        dropped,
        phrases,
        frozenset(raw["empty_alone"]),
        frozenset(raw["chatty"]),
    )
