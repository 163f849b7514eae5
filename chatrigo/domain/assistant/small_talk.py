"""Hello, thanks and ok: answered in kind, without asking a model or calling a person."""

import re

_GREETINGS = frozenset(
    [
        "halo",
        "hallo",
        "hai",
        "hi",
        "hei",
        "hey",
        "hello",
        "helo",
        "hola",
        "p",
        "ping",
        "permisi",
        "punten",
        "assalamualaikum",
        "assalamu'alaikum",
        "asalamualaikum",
        "pagi",
        "siang",
        "sore",
        "malam",
        "selamat",
        "met",
        "morning",
        "good",
        "afternoon",
        "evening",
        "spada",
        "misi",
        "start",  # the button that opens a chat with a Telegram bot writes "/start"
    ]
)
_THANKS = frozenset(
    [
        "makasih",
        "mksh",
        "makasi",
        "mks",
        "terima",
        "kasih",
        "terimakasih",
        "trims",
        "tq",
        "thx",
        "thanks",
        "thank",
        "you",
        "tks",
        "nuhun",
        "hatur",
        "suwun",
        "matur",
        "tengkyu",
        "thankyou",
        "ty",
    ]
)
_OKS = frozenset(
    [
        "ok",
        "oke",
        "okey",
        "okay",
        "oce",
        "okee",
        "okeh",
        "sip",
        "siap",
        "siip",
        "sipp",
        "iya",
        "ya",
        "yaa",
        "y",
        "noted",
        "baik",
        "baiklah",
        "mantap",
        "mantul",
        "nice",
        "great",
        "good",
        "alright",
    ]
)
_FILLERS = frozenset(
    [
        "kak",
        "kaka",
        "kakak",
        "gan",
        "sis",
        "min",
        "mimin",
        "admin",
        "bang",
        "bro",
        "bos",
        "boss",
        "bu",
        "pak",
        "mas",
        "mbak",
        "ya",
        "yaa",
        "dong",
        "deh",
        "nih",
        "banyak",
        "banget",
        "bgt",
        "sangat",
        "atas",
        "infonya",
        "info",
        "udah",
        "sudah",
        "bantuannya",
        "all",
        "semua",
        "there",
        "ka",
        "sob",
        "wr",
        "wb",
    ]
)


def kind_of(text: str) -> str:
    """`greeting`, `thanks`, `acknowledged`, or empty when there is something to answer."""
    words = re.findall(r"[\w']+", _squeezed(text.lower()))
    if not words or len(words) > 8:
        return ""
    said = [word for word in words if word not in _FILLERS]
    if not said or not all(word in _GREETINGS | _THANKS | _OKS for word in said):
        return "greeting" if words and not said and len(words) == 1 else ""
    if any(word in _THANKS for word in said):
        return "thanks"
    if any(word in _GREETINGS for word in said):
        return "greeting"
    return "acknowledged"


def _squeezed(text: str) -> str:
    """haloooo → halo, makasihhh → makasih."""
    return re.sub(r"(\w)\1{2,}", r"\1", text)
