"""What a browser calls itself, in words: "Chrome" on "Android"."""

import re

# The first that fits wins: Edge and Samsung say "Chrome" as well, and Chrome says "Safari".
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\b(?:OPR|OPT|Opera)/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("UC Browser", r"\bUC ?Browser/"),
    ("Mi Browser", r"\bMiuiBrowser/"),
    ("Yandex", r"\bYaBrowser/"),
    ("WhatsApp", r"\bWhatsApp/"),
    ("Instagram", r"\bInstagram\b"),
    ("Facebook", r"\b(?:FBAN|FBAV)/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/"),
    ("Safari", r"\bVersion/[\d.]+.*\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)
_HANDHELD = frozenset({"iPhone", "iPad", "Android"})


def browser_of(user_agent: str) -> str:
    """The browser's name; empty if it is none we know."""
    return _first(_BROWSERS, user_agent)


def system_of(user_agent: str) -> str:
    """What it runs on; empty if it is nothing we know."""
    return _first(_SYSTEMS, user_agent)


def is_handheld(user_agent: str) -> bool:
    return system_of(user_agent) in _HANDHELD


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, sign in known if re.search(sign, user_agent)), "")
