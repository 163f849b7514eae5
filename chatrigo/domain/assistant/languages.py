"""
Whether an answer is in another language than it should be, where that is beyond doubt.

Short texts and mixtures are never judged: "halo", "mau refund" and "bisa cod?" are any language.
Indonesian is never wrong, since it is the default. Pure.
"""

import re
import unicodedata
from typing import Literal

Language = Literal["id", "en", "other", ""]
LEAST_WORDS, LEAST_SIGNS = 4, 3

_WORD = re.compile(r"[^\W\d_]+")
_INDONESIAN = """
    yang dan di ke dari untuk dengan ini itu ada tidak bisa kami kak kakak saya aku apa berapa
    sudah belum mau jam buka ya atau juga kalau sampai hari nggak gak dong nya kok sih kamu
    bagaimana gimana kapan mana harga pesan tolong jangan semua"""
_ENGLISH = """
    the and of to is are you we i it for with your our can do does have has this that what how
    when where which not from will would please at on in my be there any"""
_SIGNS = {"id": frozenset(_INDONESIAN.split()), "en": frozenset(_ENGLISH.split())}


def language(text: str) -> Language:
    """Empty when it is not clear."""
    words = [word.lower() for word in _WORD.findall(text)]
    letters = [c for word in words for c in word]
    foreign = sum(1 for c in letters if not unicodedata.name(c, "").startswith("LATIN"))
    if foreign > 8 and foreign > len(letters) / 2:
        return "other"
    if len(words) < LEAST_WORDS:
        return ""
    counts = {code: sum(word in signs for word in words) for code, signs in _SIGNS.items()}
    if counts["en"] >= LEAST_SIGNS and counts["id"] == 0:
        return "en"
    return "id" if counts["id"] >= LEAST_SIGNS and counts["en"] == 0 else ""


def is_wrong(answer: str, question: str, wanted: str) -> bool:
    """`wanted` is what the owner chose: customer, id or en."""
    found = language(answer)
    if found == "other":
        return language(question) != "other" or wanted != "customer"
    if found != "en":
        return False
    return wanted == "id" or (wanted == "customer" and language(question) == "id")
