"""
Numbers in a text, by value: "Rp18.000", "18 ribu", "18rb", "18,000" and "delapan belas ribu" are one.

A spelling may mean several values ("1.500" is a price in Indonesian and one and a half in
English), so a `Number` has all of them. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

_SCALES = {
    "rb": 1_000,
    "ribu": 1_000,
    "rebu": 1_000,
    "k": 1_000,
    "thousand": 1_000,
    "jt": 1_000_000,
    "juta": 1_000_000,
    "mio": 1_000_000,
    "million": 1_000_000,
    "miliar": 1_000_000_000,
    "milyar": 1_000_000_000,
    "billion": 1_000_000_000,
}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_DIGITS = re.compile(
    rf"(?P<money>\b(?:rp|idr)\.?\s*)?(?P<digits>\d+(?:[.,:]\d+)*)"
    rf"(?:[ \t]*(?P<scale>{_SCALE})(?![^\W\d_]))?(?P<rupiah>[ \t]*(?:,-|rupiah\b|idr\b))?"
    rf"(?P<range>\s*(?:-|–|—|s/d|sd|sampai|hingga|to)\s*(?:rp\.?\s*)?\d+(?:[.,]\d+)*"
    rf"[ \t]*(?P<later_scale>{_SCALE})(?![^\W\d_]))?",
    re.IGNORECASE,
)
# A telephone or an account: nine digits or more, told apart by hyphens or blanks or not at all.
_IDENTIFIER = re.compile(r"(?<![\d.,])(?:\+?\d(?:[ -]?\d){8,})(?![\d]|[.,]\d)")
_TOP = (
    "com|id|net|org|shop|store|me|ly|ee|io|app|link|site|xyz|info|biz|co|cc|gg|page|dev|top|online|"
    "ru|cn|tv|live|club|vip|fun|win|click|tech|cloud|space|website|art|asia|sg|uk|pw|gd|gl|example"
)
# An address as it is written, however it is taken apart, or only named: "t.me", "a [dot] com".
_LINK = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@./])@[a-z_][\w.]{2,}\w"
    r"|\b(?:(?:https?|hxxps?|ftp|file|intent|tg|whatsapp)://|www\.)[^\s<>\"')\]]+"
    r"|(?<![:\w/])//[\w-]+(?:\.[\w-]+)+[^\s<>\"')\]]*"
    r"|\b(?:javascript|vbscript):\S+|\bdata:[a-z]+/\S+"
    rf"|\b[\w-]+(?:\.[\w-]+)*\.(?:{_TOP})\b(?:/[^\s<>\"')\]]*)?"
    rf"|\b[\w-]+\s*(?:[\[(]\s*(?:\.|dot|titik)\s*[\])]|\s(?:dot|titik)\s)\s*(?:{_TOP})\b"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/\S*",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_THOUSANDS_AND_CENTS = re.compile(r"(\d{1,3}(?:([.,])\d{3})+)(?!\2)[.,](\d{1,2})")

# From nought up, in both languages.
_SPELLED = """
    nol zero|satu one|dua two|tiga three|empat four|lima five|enam six|tujuh seven|delapan eight
    |sembilan nine|sepuluh ten|sebelas eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen
    |eighteen|nineteen"""
_UNITS = {word: value for value, words in enumerate(_SPELLED.split("|")) for word in words.split()}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS |= {word: 10 * count for count, word in enumerate(_TENS, start=2)}
_NAMED_MONTHS = """
    januari january jan|februari february feb|maret march mar|april apr|mei may|juni june jun
    |juli july jul|agustus august agu aug|september sept sep|oktober october okt oct|november nov
    |desember december des dec"""
_MONTHS = {
    name: number
    for number, names in enumerate(_NAMED_MONTHS.split("|"), start=1)
    for name in names.split()
}
# Only beside a day or a year: "mei" and "may" are words of their own.
_MONTH = re.compile(
    rf"(?<=\d)[ ./-]?\s*({'|'.join(_MONTHS)})\b|\b({'|'.join(_MONTHS)})(?= \d)", re.I
)
_TIMES = {"puluh": 10, "ratus": 100, "hundred": 100}
_ONE_OF = {"seratus": 100, "seribu": 1_000, "sejuta": 1_000_000}
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = 10


@dataclass(frozen=True, slots=True)
class Number:
    """
    A number as it stands at `start` to `end` of a text, and what it may mean.

    `is_money` when it is told as an amount: with Rp, "rupiah", "ribu" or as thousands.
    """

    text: str
    start: int
    end: int
    values: frozenset[Decimal] = field(default_factory=frozenset)
    is_money: bool = False


def links(text: str) -> list[Number]:
    """Addresses of pages; they have no value but themselves."""
    return [Number(m[0], m.start(), m.end()) for m in _LINK.finditer(text)]


def identifiers(text: str) -> list[Number]:
    """Telephone and account numbers: one value, their digits ("+62 812" and "0812" are the same)."""
    found = []
    for match in _IDENTIFIER.finditer(text):
        digits = "".join(c for c in match[0] if c.isdecimal())
        if digits.startswith("62") and len(digits) > 9:
            digits = digits[2:]
        value = Decimal(digits.lstrip("0") or "0")
        found.append(Number(match[0], match.start(), match.end(), frozenset({value})))
    return found


def numbers(text: str) -> list[Number]:
    """Every number in digits or in words, in order, that is no telephone, account or link."""
    taken = [(n.start, n.end) for n in (*links(text), *identifiers(text))]
    found = [
        number
        for number in (*_in_digits(text), *_in_words(text), *_in_months(text))
        if not any(start < number.end and number.start < end for start, end in taken)
    ]
    return sorted(found, key=lambda number: number.start)


def values(text: str) -> frozenset[Decimal]:
    """All that any number of the text may mean."""
    return frozenset().union(*(number.values for number in numbers(text)))


def _in_digits(text: str) -> Iterator[Number]:
    position = 0
    while match := _DIGITS.search(text, position):
        digits, scale = match["digits"], (match["scale"] or "").lower()
        end = match.start("range") if match["range"] else match.end()
        position = max(end, match.start() + 1)
        meant = _meant(digits)
        told = frozenset(value * _SCALES[scale] for value in meant) if scale else meant
        if not scale and match["later_scale"]:  # "18-20 ribu": the first is in thousands too
            told |= {value * _SCALES[match["later_scale"].lower()] for value in meant}
        is_money = bool(match["money"] or match["rupiah"] or scale) or any(v >= 1000 for v in told)
        yield Number(text[match.start() : end], match.start(), end, told, is_money)


def _meant(digits: str) -> frozenset[Decimal]:
    if ":" in digits:
        return _clock(digits)
    if cents := _THOUSANDS_AND_CENTS.fullmatch(digits):
        whole = Decimal(re.sub(r"\D", "", cents[1]))
        return frozenset({whole + Decimal(cents[3]) / 10 ** len(cents[3])})
    if grouped := _THOUSANDS.fullmatch(digits):
        whole = Decimal(re.sub(r"\D", "", digits))
        once = digits.count(grouped[1]) == 1
        return frozenset({whole, _plain(digits)} if once else {whole})
    parts = re.split(r"[.,]", digits)
    if len(parts) <= 2:
        return frozenset({_plain(digits)})
    return frozenset(Decimal(part) for part in parts)  # 24.11.2026


def _clock(digits: str) -> frozenset[Decimal]:
    """08:30 is 8.30, as Indonesians write it; 21:00 is also nine in the evening."""
    hour, _, minute = digits.partition(":")
    minute = re.split(r"[.,:]", minute)[0][:2]
    at = Decimal(f"{int(re.split(r'[.,]', hour)[-1])}.{minute}")
    return frozenset({at, at - 12} if at >= 13 else {at})


def _plain(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "."))


def _in_months(text: str) -> Iterator[Number]:
    for match in _MONTH.finditer(text):
        name = match[1] or match[2]
        value = Decimal(_MONTHS[name.lower()])
        yield Number(name, match.start(match.lastindex or 0), match.end(), frozenset({value}))


def _in_words(text: str) -> Iterator[Number]:
    """
    Runs of number words. A run of one small word ("satu", "dua") is a word like any other in an
    answer, and yet a value in a source: it comes with `text` empty, so that nobody is held to it.
    """
    run: list[re.Match[str]] = []
    for match in (*_WORD.finditer(text), None):
        if match and _is_number_word(match[0].lower()) and _adjoins(text, run, match):
            run.append(match)
            continue
        if run:
            yield _spelled(text, run)
        run = [match] if match and _is_number_word(match[0].lower()) else []
    return


def _is_number_word(word: str) -> bool:
    scales = _SCALES.keys() - {"k"}
    return word in _UNITS or word in _TIMES or word in _ONE_OF or word in scales or word == "belas"


def _adjoins(text: str, run: list[re.Match[str]], match: re.Match[str]) -> bool:
    return not run or text[run[-1].end() : match.start()] in (" ", "-")


def _spelled(text: str, run: list[re.Match[str]]) -> Number:
    words = [match[0].lower() for match in run]
    if len(words) > 2 and all(_UNITS.get(word, _SMALL) < _SMALL for word in words):
        return _dictated(text, run, words)
    begins = words[0] in _UNITS or words[0] in _ONE_OF
    value = Decimal(_value(words)) if begins else Decimal(-1)
    start, end = run[0].start(), run[-1].end()
    counts = begins and (len(words) > 1 or value >= _SMALL)
    is_money = value >= 1000 or text[end:].lstrip().lower().startswith("rupiah")
    # "ribu" alone belongs to the digits before it, which have it already.
    told = frozenset({value}) if begins else frozenset()
    return Number(text[start:end] if counts or is_money else "", start, end, told, is_money)


def _dictated(text: str, run: list[re.Match[str]], words: list[str]) -> Number:
    """
    A telephone or an account, digit by digit: "nol delapan satu dua". As strict as money: what a
    customer dictates is not repeated.
    """
    value = Decimal("".join(str(_UNITS[word]) for word in words))
    start, end = run[0].start(), run[-1].end()
    return Number(text[start:end], start, end, frozenset({value}), is_money=True)


def _value(words: list[str]) -> int:
    total = part = last = 0
    for word in words:
        if word in _UNITS:
            last = _UNITS[word]
            part += last
        elif word == "belas":
            part += 10
        elif word in _TIMES:
            part += last * (_TIMES[word] - 1)
            last = 0
        elif word in _ONE_OF and _ONE_OF[word] == 100:
            part += 100
            last = 0
        elif word in _ONE_OF:
            total += (part + 1) * _ONE_OF[word] if not part else part + _ONE_OF[word]
            part = last = 0
        else:
            total += (part or 1) * _SCALES[word]
            part = last = 0
    return total + part
