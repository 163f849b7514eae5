"""
"Export chat" of WhatsApp, as text or as the archive that carries it.

Android writes `12/03/24 14.05 - Budi: Halo`, an iPhone `[12/03/24 14.05.33] Budi: Halo`; the
order of day and month, the clock and the phrases for what was left out follow the phone's
language. A line that begins neither way belongs to the message before it.
"""

import re
from datetime import datetime
from pathlib import Path

from chatrigo.integrations.documents.formats import family, opened
from chatrigo.integrations.documents.found import Document, Turn, Unreadable, visible
from chatrigo.integrations.documents.plain import decoded

MOST_TURNS = 50_000
LONGEST_NAME = 80

_LINE = re.compile(
    r"^\[?(?P<a>\d{1,4})[/.\-](?P<b>\d{1,2})[/.\-](?P<c>\d{2,4}),?\s+(?:pukul\s+|at\s+)?"
    r"(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:]\d{2})?\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?"
    r"(?:\]|\s+-)\s+(?P<rest>.*)$",
    re.DOTALL,
)
_NOT_SAID = re.compile(
    r"media tidak disertakan|media omitted|(?:image|video|audio|sticker|gif|document|contact card)"
    r" omitted|(?:gambar|video|audio|stiker|gif|dokumen|kartu kontak) tidak disertakan"
    r"|\(file terlampir\)|\(file attached\)|<attached: |<terlampir: "
    r"|pesan ini telah dihapus|pesan ini dihapus|anda menghapus pesan ini"
    r"|this message was deleted|you deleted this message"
    r"|end-to-end encrypted|terenkripsi secara end-to-end|dienkripsi secara end-to-end"
    r"|panggilan (?:suara|video) tak terjawab|missed (?:voice|video) call"
    r"|^null$|menunggu pesan ini|waiting for this message",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"\s*<(?:pesan ini diedit|this message was edited|pesan ini telah diedit)\.?>", re.IGNORECASE
)


def read(path: Path, name: str) -> Document:
    with path.open("rb") as file:
        is_archive = family(file.read(4096)) == "zip"
    text = _of_archive(path) if is_archive else decoded(path.read_bytes())
    turns = turns_of(text)
    if len(turns) < 2:
        raise Unreadable("sources.no_chat")
    notice = "sources.cut_turns" if len(turns) >= MOST_TURNS else ""
    values = {"turns": MOST_TURNS} if notice else {}
    return Document("chat", "", turns=turns, notice=notice, notice_values=values)


def turns_of(text: str) -> list[Turn]:
    """Every message that says something, oldest first."""
    begun: list[tuple[re.Match[str], list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        # iPhones mark the beginning, and put a narrow space before AM and PM.
        plain = line.lstrip("\ufeff\u200e\u200f").replace("\u202f", " ").replace("\xa0", " ")
        start = _LINE.match(plain)
        if start:
            if len(begun) >= MOST_TURNS:
                break
            begun.append((start, [start["rest"]]))
        elif begun:
            begun[-1][1].append(line)
    month_first = _month_first([start for start, _ in begun])
    turns = (_turn(start, "\n".join(lines), month_first) for start, lines in begun)
    return [turn for turn in turns if turn]


def _turn(start: re.Match[str], said: str, month_first: bool) -> Turn | None:
    who, colon, text = said.partition(": ")
    # Without a name it is news of the chat itself ("Budi joined").
    if not colon or len(who) > LONGEST_NAME or "\n" in who or _NOT_SAID.search(text):
        return None
    text = visible(_EDITED.sub("", text))
    return Turn(_minute(start, month_first), visible(who).lstrip("~ "), text) if text else None


def _month_first(starts: list[re.Match[str]]) -> bool:
    """American phones write the month first; a number over 12 tells, else the 12-hour clock."""
    if any(int(start["a"]) > 12 for start in starts):
        return False
    return any(int(start["b"]) > 12 for start in starts)


def _minute(start: re.Match[str], month_first: bool) -> int:
    a, b, c = int(start["a"]), int(start["b"]), int(start["c"])
    year, month, day = (a, b, c) if a > 31 else (c, a, b) if month_first else (c, b, a)
    hour = int(start["hour"])
    if start["half"]:
        hour = hour % 12 + (12 if start["half"].lower().startswith("p") else 0)
    try:
        when = datetime(year + (2000 if year < 100 else 0), month, day, hour, int(start["minute"]))
    except ValueError:
        return 0
    return round((when - datetime(2009, 1, 1)).total_seconds() / 60)


def _of_archive(path: Path) -> str:
    with opened(path) as archive:
        texts = [m for m in archive.infolist() if m.filename.lower().endswith(".txt")]
        if not texts:
            raise Unreadable("sources.no_chat")
        chat = next((m for m in texts if "chat" in m.filename.lower()), texts[0])
        if chat.flag_bits & 0x1:
            raise Unreadable("sources.encrypted")
        return decoded(archive.read(chat))
