"""
How we write who somebody is on WhatsApp.

A person has a telephone number, or an id that only this business knows (since usernames, some
have no number for us). Both are digits and letters: a prefix keeps them apart for ever.
"""

import re

PHONE = "phone:"
USER = "user:"

_PHONE = re.compile(r"[1-9][0-9]{4,19}")
_USER = re.compile(r"[A-Za-z0-9._-]{3,110}")


def phone_id(value: object) -> str:
    """ "phone:6281…", or "" for what is no number."""
    digits = re.sub(r"[\s+()-]", "", value) if isinstance(value, str) else ""
    return PHONE + digits if _PHONE.fullmatch(digits) else ""


def user_id(value: object) -> str:
    """ "user:ID.1349…", or "" for what is no such id."""
    return USER + value if isinstance(value, str) and _USER.fullmatch(value) else ""


def parted(id: str) -> tuple[str, str]:
    """("phone" or "user", what Meta calls it); ("", "") for what is neither."""
    if id.startswith(USER):
        return ("user", id[len(USER) :]) if user_id(id[len(USER) :]) else ("", "")
    found = phone_id(id.removeprefix(PHONE))
    return ("phone", found[len(PHONE) :]) if found else ("", "")
