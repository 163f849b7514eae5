"""Which passwords are good enough."""

import unicodedata
from functools import cache
from pathlib import Path

from chatrigo.errors import Invalid

SHORTEST = 10
# Far beyond any passphrase, and short enough that hashing one is no work to speak of.
LONGEST = 200


def normal(typed: object) -> str:
    """
    The characters that are hashed: the same whatever keyboard composed them.

    Raises Invalid for what cannot be anybody's password.
    """
    if not isinstance(typed, str) or len(typed) > LONGEST:
        raise Invalid("auth.password_too_long", most=LONGEST)
    try:
        typed.encode()
    except UnicodeEncodeError:
        raise Invalid("auth.password_unreadable") from None
    return unicodedata.normalize("NFKC", typed)


def acceptable(typed: object, *, about: tuple[str, ...] = ()) -> str:
    """
    A new password, normal. Raises Invalid for one that is short or easily guessed.

    `about` is what a stranger would try first: the address, the business's name.
    """
    password = normal(typed)
    if len(password) < SHORTEST:
        raise Invalid("auth.password_too_short", least=SHORTEST)
    plain = _plain(password)
    if len(set(plain)) < 4 or plain in _common() or plain in {_plain(word) for word in about}:
        raise Invalid("auth.password_common")
    return password


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(lines.split())
