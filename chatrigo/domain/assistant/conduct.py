"""
How an assistant of a shop never speaks: insults, threats, sexual talk, as if it were human, or
asking for secrets. A short list of our own in both languages; what the shop's own knowledge says
("makanan anjing") may be said. Pure.
"""

import re

from chatrigo.domain.assistant.plain import folded

_LEET = str.maketrans("01345@$!", "oieasasi")
_ABUSE = re.compile(
    r"\b(?:anjing|anjir|bangsat|bajingan|kontol|memek|ngentot|entot|goblok|gobloq|tolol|dungu|idiot|"
    r"babi|jancok|jancuk|kampret|brengsek|lonte|pelacur|perek|jablay|kafir|bencong|banci|"
    r"f+u+c+k\w*|shit|bullshit|bitch\w*|cunts?|whores?|sluts?|retards?|retarded|faggots?|nigg\w+|assholes?|"
    r"bastards?|bugil|telanjang|bokep|porno\w*|seks|sexy|sex|nudes?|horny|desah\w*|"
    r"masturb\w*|orgasm\w*|ciuman)\b"
)
_THREAT = re.compile(
    r"\b(?:(?:saya|aku|kami|gue|gw|kita)\s+(?:akan\s+|bakal\s+)?(?:bunuh|habisi|hajar|bakar|culik|perkosa|"
    r"sebar(?:kan)?\s+(?:data|foto|alamat))|ku(?:bunuh|habisi|hajar)|mati\s+(?:saja|aja)\s+(?:kamu|kau|lo|lu)|"
    r"bunuh\s+diri|kill\s+(?:you|yourself|him|her|them)|(?:we|i)\s+(?:will|'ll|know)\s+(?:hurt|find|burn|beat|"
    r"where\s+you\s+live)|(?:semua|all)\s+(?:orang\s+)?(?:cina|jawa|batak|papua|muslim|kristen|yahudi|jews|"
    r"chinese|blacks|women|wanita)\s+(?:itu\s+|are\s+)?\w*)\b"
)
_HUMAN = re.compile(
    r"\b(?:saya|aku|kami|gue|i'?m|i am)\s+(?:ini\s+|memang\s+|adalah\s+|benar-benar\s+|really\s+|actually\s+)*"
    r"(?:(?:a\s+|an\s+)?(?:real\s+|actual\s+)?(?:manusia|orang\s+(?:asli|beneran|sungguhan)|human\w*|person)|"
    r"(?:bukan|not)\s+(?:(?:a|an)\s+)?(?:bot|robot|ai|mesin|program|asisten\s+virtual|machine|chatbot))\b"
)
_SECRET = re.compile(
    r"\b(?:otp|pin|cvv|cvc|password|passcode|kata\s+sandi|sandi|nomor\s+kartu|card\s+number|"
    r"kode\s+verifikasi|verification\s+code|foto\s+ktp|nik|ibu\s+kandung)\b"
)
_ASKS = re.compile(
    r"\b(?:kirim\w*|sebut\w*|beri\w*|kasih|masukkan|tulis\w*|balas|bagikan|share|send|tell|give|enter|"
    r"type|reply|provide|minta|butuh|need|isi|ketik)\b"
)
_NOT = re.compile(r"\b(?:jangan|tidak|tak|nggak|gak|ga|never|not|don'?t|bukan|no)\b")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def improper(answer: str, told: str, known: str) -> int | None:
    """
    Where the answer begins to say what a shop never does; None when it does not.

    `told` is what the shop's own sources say, and `known` that without the owner's instructions,
    both in lower case.
    """
    line = _same_length(answer)
    for match in _ABUSE.finditer(line):
        if not re.search(rf"\b{re.escape(match[0])}\b", told):
            return match.start()
    for pattern in (_THREAT, _HUMAN):
        if begins := pattern.search(line):
            return begins.start()
    for sentence in _SENTENCE.finditer(line):
        secret = _SECRET.search(sentence[0])
        if not secret or _NOT.search(sentence[0]) or not _ASKS.search(sentence[0]):
            continue
        if not re.search(rf"\b{re.escape(secret[0])}\b", known):
            return sentence.start()
    return None


def _same_length(answer: str) -> str:
    """In lower case, look-alikes and digits as letters; each character stays in its place."""
    simple = "".join(low if len(low := folded(c)) == 1 else " " for c in answer)
    return re.sub(r"(?<=[^\W\d_])[\d@$!]+(?=[^\W\d_])", lambda m: m[0].translate(_LEET), simple)
