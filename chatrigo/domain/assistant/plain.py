"""
Text as it may be shown: no invisible characters, no look-alikes of digits and letters, no markup.

What a model writes is made plain before it is checked and before anybody reads it; what the world
wrote loses all that could pass for our own markers, or for a model's own turns. Pure.
"""

import re
import unicodedata

# "ｂｕｋｔｉ", "Ⓑ" and "𝐛" are folded by Unicode itself; these are not, and look the same.
_ALIKE = "аa еe оo рp сc уy хx кk мm тt вb нh іi јj ѕs ԁd ɡg һh οo αa εe ρp τt ιi κk νv υu"
LOOK_ALIKES = str.maketrans({pair[0]: pair[1] for pair in _ALIKE.split()})
_TEMPLATE = re.compile(
    r"<\s*[|｜][^<>|｜]{1,40}[|｜]\s*>|\[/?INST\]|<</?SYS>>|<start_of_turn>|<end_of_turn>|</s>",
    re.I,
)
_OPENS, _CLOSES, _SLASH = "<＜‹〈⟨﹤", ">＞›〉⟩﹥", "/／⁄∕"
# A name of ours with anything of a tag about it, closed or not.
_TAG = re.compile(
    rf"[{_OPENS}]\s*[{_SLASH}]?\s*([^\s{_OPENS}{_CLOSES}{_SLASH}]+)[^{_OPENS}{_CLOSES}]{{0,60}}[{_CLOSES}]?"
)
_OURS = ("bukti", "pelanggan", "hasil")

_WITH_CONTENT = re.compile(r"<(script|style|iframe|svg|template)\b[^>]*>.*?</\1\s*>", re.I | re.S)
_HTML = re.compile(
    r"<!--.*?-->|</?(?:a|abbr|audio|b|base|body|br|button|center|code|details|div|em|embed|font|form|"
    r"frame|h[1-6]|head|hr|html|i|iframe|img|input|label|li|link|marquee|math|meta|object|ol|option|p|"
    r"pre|script|select|small|source|span|strong|style|sub|summary|sup|svg|table|tbody|td|template|"
    r"textarea|th|thead|title|tr|u|ul|video|bukti|pelanggan|hasil)\b[^<>]*>",
    re.I | re.S,
)
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\(([^)\s]*)[^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)[^)\n]*\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"(?m)^#{1,6} +")


def visible(text: str) -> str:
    """Without characters that are not seen, but for line breaks and what joins an emoji."""
    return "".join(
        character
        for at, character in enumerate(text)
        if character in "\n\t"
        or unicodedata.category(character) not in ("Cf", "Cc", "Co", "Cn")
        or _joins(text, at)
    )


def plain(answer: str) -> str:
    """
    An answer of a model as a customer may read it.

    Markup is taken off; an address that stood in it is kept, so that it can be judged like any
    other.
    """
    text = "".join(_folded(character) for character in visible(answer))
    text = _HTML.sub(" ", _WITH_CONTENT.sub(" ", text)) if "<" in text else text
    text = _LINK.sub(r"\1 (\2)", _PICTURE.sub(r"\1 \2", text)) if "](" in text else text
    return _HEADING.sub("", _BOLD.sub(r"\2", text))


def unmarked(text: str) -> str:
    """
    Text of the world without our markers, however they are written, and without those of models.

    A blank stays where one stood: else "<bu<bukti>kti>" would leave one.
    """
    seen = visible(text)
    if not any(character in seen for character in _OPENS + "["):
        return seen
    while True:
        cut = _TAG.sub(_without_ours, _TEMPLATE.sub(" ", seen))
        if cut == seen:
            return cut
        seen = cut


def folded(text: str) -> str:
    """Lower case, with look-alikes as what they look like."""
    return unicodedata.normalize("NFKC", text).casefold().translate(LOOK_ALIKES)


def _without_ours(tag: re.Match[str]) -> str:
    name = "".join(c for c in folded(tag[1]) if c.isalnum()).replace("1", "i").replace("0", "o")
    return " " if name.startswith(_OURS) else tag[0]


def _joins(text: str, at: int) -> bool:
    """A joiner between two pictures makes one of them: 👩‍🍳. Tags make flags."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return text[at] == "\u200d" and all(
        unicodedata.category(c) in ("So", "Sk", "Mn") for c in around
    )


def _folded(character: str) -> str:
    """Digits and letters in costume; "½" and "™" are what they are."""
    if character.isascii():
        return character
    bare = unicodedata.normalize("NFKC", character)
    if bare == character or character in "™℠½¼¾…ªº":
        return character
    return bare if bare.isascii() and bare.isalnum() else character
