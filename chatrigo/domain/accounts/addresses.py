"""E-mail addresses, as people type them."""

import re

from chatrigo.errors import Invalid

LONGEST = 254
_SHAPE = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


def address(typed: object) -> str:
    """The address in the one spelling that is stored. Raises Invalid."""
    spelled = typed.strip().lower() if isinstance(typed, str) else ""
    if len(spelled) > LONGEST or not spelled.isprintable() or not _SHAPE.fullmatch(spelled):
        raise Invalid("auth.email_invalid")
    return spelled


def name_in(email: str) -> str:
    """What to call somebody of whom only the address is known: "sari.dewi@…" is Sari Dewi."""
    words = re.split(r"[._+\-\d]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word)[:120]
