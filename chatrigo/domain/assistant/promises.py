"""
What an answer says was done, or will be given, against what was done and what the owner gives.

"Refund sudah saya proses" is true only after a tool that did it; "gratis ongkir" only if some
source says so. Conditions ("kalau sudah dibayar"), questions and refusals claim nothing. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Each is one thing that is given, in both languages.
_GIFTS = {
    "free": r"gratis(?:an)?|cuma-cuma|free|tanpa bayar",
    "discount": r"diskon\w*|discount\w*|promo\w*|potongan harga|harga (?:khusus|spesial)|sale",
    "voucher": r"vou?cher\w*|kupon\w*|coupons?",
    "cashback": r"cash ?back",
    "refund": r"refund\w*|uang(?:nya)? (?:\w+ )?(?:di)?kembali\w*|pengembalian (?:dana|uang)|dana kembali|"
    r"money back|uang kakak kembali",
    "compensation": r"kompensasi|ganti rugi|compensat\w+|reimburse\w*",
    "prize": r"hadiah\w*|bonus\w*|pemenang|giveaway|prizes?|winner",
    "warranty": r"garansi\w*|warrant\w+|guarantee[sd]?",
}
_GIFT = {name: re.compile(rf"(?<![-\w])(?:{words})(?!\w)", re.I) for name, words in _GIFTS.items()}
_OTHER_FREE = re.compile(
    r"\b(?:feel|sugar|gluten|dairy|caffeine|alcohol|duty|lactose|smoke|hands?|stress|nut|meat)[ -]free"
    r"|\bfeel free|\bbebas\b|free[- ]range",
    re.I,
)
_NOT = re.compile(
    r"\b(?:tidak|tak|tdk|nggak|enggak|ngga|gak|ga|gk|bukan|belum|blm|jangan|tanpa biaya|kurang|"
    r"no|not|never|none|without|can'?t|cannot|don'?t|doesn'?t|isn'?t|won'?t|unable|unfortunately)\b",
    re.I,
)
_IF = re.compile(
    r"\b(?:kalau|kalo|jika|bila|apabila|andai\w*|setelah|sesudah|begitu|sebelum|saat(?! ini)|ketika|yang|"
    r"agar|supaya|apakah|asal|nanti|akan|if|once|after|when|before|until|unless|whether|will|that)\b",
    re.I,
)
_ABOUT = re.compile(
    r"^\W*(?:(?:maaf|oke|baik|kak|untuk)\W+)*(?:soal|tentang|mengenai|terkait|perihal|urusan|about|"
    r"regarding|as for)\b",
    re.I,
)
_LEAVES = re.compile(r"\b(?:tim|admin|staf|kasir|team|staff|colleague)\b|\bmaaf\b|\bsorry\b", re.I)

_ALREADY = r"(?:sudah|udah|udh|sdh|telah|barusan|baru saja|berhasil|already|just|successfully)"
_ME = r"(?:saya|kami|aku|gue|gw|kita|mimin|admin)"
_NOTED = r"(?:di)?(?:catat|simpan|jadwal\w*|booking|reservasi\w*)"
_SENT = r"(?:di)?(?:kirim\w*|email\w*)"
_PASSED = r"(?:di)?(?:teruskan|sambungkan|hubungkan|sampaikan|laporkan|eskalasi\w*)"
_DONE = (
    r"(?:di)?(?:refund\w*|batal\w*|proses|transfer\w*|kembalikan|bayar\w*|hapus|ubah|ganti|naikkan|"
    r"upgrade|aktifkan|nonaktifkan|blokir|setujui|konfirmasi|pesan\w*|order\w*|cairkan|potong)"
)
_WAS_DONE = (
    r"(?:refunded|cancel+ed|processed|transferred|deleted|removed|changed|updated|upgraded|"
    r"activated|approved|confirmed|placed|paid|applied|issued|credited|waived|reset)"
)
_KINDS = (
    ("noted", _NOTED, r"(?:noted|saved|booked|scheduled|recorded)"),
    ("sent", _SENT, r"(?:sent|mailed|emailed)"),
    ("passed", _PASSED, r"(?:forwarded|escalated|connected|passed)"),
    ("done", _DONE, _WAS_DONE),
)
_MINE = {
    kind: re.compile(
        rf"\b{_ALREADY}\s+{_ME}\s+(?:me\w{{0,2}})?{verbs}\b"
        rf"|\b{_ME}\s+(?:juga\s+)?{_ALREADY}\s+(?:me\w{{0,3}})?{verbs}\b"
        rf"|\b{_ALREADY}\s+ku{verbs}\b"
        rf"|\b(?:i|we)(?:'ve|’ve|\s+have)?\s+(?:\w+ly\s+|just\s+|already\s+|now\s+)*{past}\b",
        re.I,
    )
    for kind, verbs, past in _KINDS
}
_PASSIVE = re.compile(
    rf"\b(?:refund\w*|pesanan\w*|order\w*|dana\w*|uang\w*|saldo\w*|akun\w*|pembayaran\w*|alamat\w*|"
    rf"account|payment|money|booking|address|voucher\w*|diskon\w*)\s+(?:\w+\s+){{0,3}}?"
    rf"(?:{_ALREADY}|has been|have been|was|is now)\s+(?:\w+ )?(?:{_DONE}|{_WAS_DONE})\b",
    re.I,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*|\n")
_CLAUSE = re.compile(r"[^,;:—–(]+[,;:—–(]*")


@dataclass(frozen=True, slots=True)
class Deeds:
    """What tools did in this turn: wrote something down, sent something, acted or looked outside."""

    noted: bool = False
    sent: bool = False
    acted: bool = False
    asked: bool = False

    def allow(self, kind: str) -> bool:
        return {
            "noted": self.noted or self.acted,
            "sent": self.sent or self.acted,
            "passed": self.noted or self.acted,
            "done": self.acted,
        }[kind]


NOTHING_DONE = Deeds()


def given(sources: Iterable[str]) -> frozenset[str]:
    """Which gifts the sources speak of other than to refuse them."""
    return frozenset(
        name for text in sources for clause in _clauses(text) for name in _gifts_of(clause.text)
    )


def first_promise(answer: str, gives: frozenset[str]) -> tuple[int, str] | None:
    """The first clause that gives what no source does, as (where it begins, what it says)."""
    for clause in _clauses(answer):
        leaves, denies = _LEAVES.search(clause.sentence), _NOT.search(clause.sentence)
        if clause.asks or (leaves and denies):
            continue
        if _ABOUT.search(clause.text) and (leaves or denies):
            continue
        if _gifts_of(clause.text) - gives:
            return clause.start, clause.text.strip()
    return None


def first_deed(answer: str, deeds: Deeds, told: str) -> tuple[int, str] | None:
    """The first sentence that says something was done which no tool did."""
    for found in _SENTENCE.finditer(answer):
        sentence = found[0]
        if sentence.rstrip().endswith("?") or words(sentence) in told:
            continue
        for kind, pattern in _MINE.items():
            match = pattern.search(sentence)
            if match and not _is_unreal(sentence, match) and not deeds.allow(kind):
                return found.start(), sentence.strip()
        match = _PASSIVE.search(sentence)
        if match and not _is_unreal(sentence, match) and not (deeds.acted or deeds.asked):
            return found.start(), sentence.strip()
    return None


def words(text: str) -> str:
    """Its words alone, to find a sentence again in what a source says."""
    return " ".join(re.findall(r"\w+", text.lower())) or "\0"


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    sentence: str
    start: int

    @property
    def asks(self) -> bool:
        return self.sentence.rstrip().endswith("?")


def _clauses(text: str) -> Iterator[_Clause]:
    for sentence in _SENTENCE.finditer(text):
        for clause in _CLAUSE.finditer(sentence[0]):
            yield _Clause(clause[0], sentence[0], sentence.start() + clause.start())


def _gifts_of(clause: str) -> set[str]:
    bare = _OTHER_FREE.sub(" ", clause)
    found = {name for name, pattern in _GIFT.items() if pattern.search(bare)}
    return set() if found and _NOT.search(bare) else found


def _is_unreal(sentence: str, match: re.Match[str]) -> bool:
    """What stands before a condition or in a denial was not done."""
    before = sentence[: match.start()]
    said = match[0]
    return bool(_IF.search(before + said) or _NOT.search(before[-40:]) or _NOT.search(said))
