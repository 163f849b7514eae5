"""Words that mean "a person, please": they always hand over, whatever a model thinks."""

import re

# People who want a person say so in few words; the same words inside a question about admin
# fees or about how many people a table seats are no such wish.
_PERSON = (
    r"(?:admin|adminnya|mimin|orang|orangnya|manusia|cs|operator|human|agent|person|staff|staf)"
)
_ALONE = re.compile(
    rf"^(?:(?:tolong|mau|minta|kak|min|gan|pls|please|dong|ya|sama|ke|the|a)\s+)*{_PERSON}(?:\s+(?:dong|ya|kak|pls|please|aja|saja|asli|beneran|langsung))*$"
)
_TALK = re.compile(
    r"\b(?:bicara|ngomong|ngobrol|chat|chatan|hubung\w*|sambung\w*|terhubung|konek\w*|telpon|"
    r"telepon|talk|speak|connect|transfer)\b"
    rf"(?:\s+\w+){{0,4}}?\s+(?:{_PERSON})\b"
)
_WANT = re.compile(
    r"\b(?:mau|minta|butuh|panggil(?:in|kan)?|cari|mana|ada|want|need)\s+(?:\w+\s+)?"
    r"(?:admin|cs|manusia|operator|human|agent)(?:nya)?\b(?!\s*(?:fee|biaya|berapa))"
)
_NOT_BOT = re.compile(
    r"\b(?:bukan|jangan|ga\s*mau|gamau|gak\s*mau|nggak\s*mau|not)\s+(?:\w+\s+)?(?:bot|robot)\b"
)
_FEE = re.compile(r"\b(?:biaya|fee|potongan|tarif|kena)\s+admin\b")


def wants_person(text: str) -> bool:
    """Whether a customer's message asks for a person: "admin dong", "mau ngomong sama orang"."""
    line = " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())
    if not line or _FEE.search(line):
        return False
    return any(p.search(line) for p in (_ALONE, _TALK, _WANT, _NOT_BOT))
