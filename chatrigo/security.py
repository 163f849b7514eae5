"""Secrets: random tokens, what is stored of them, password hashes, signatures of ours."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from functools import cache

from passlib.hash import argon2

from chatrigo.config import settings

# OWASP's parameters for Argon2id: 19 MiB, so that a crowd signing in at once fits in memory.
_argon2 = argon2.using(type="ID", memory_cost=19 * 1024, time_cost=2, parallelism=1)


def token() -> str:
    """256 random bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: enough to recognise it, not enough to use it."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def hash_password(password: str) -> str:
    """Argon2id. Takes tens of milliseconds on purpose: call it off the event loop."""
    return _argon2.hash(password)


def verify_password(password: str, stored: str | None) -> bool:
    """
    Whether the password is the one that was hashed.

    With nothing stored the answer is no, after the same work: time does not tell whether an
    account exists.
    """
    matches = _argon2.verify(password, stored or _nobodys_password())
    return matches and stored is not None


def seal(purpose: str, value: str) -> str:
    """A keyed hash, for what is too short to be stored by `digest`: six digits, say."""
    return hmac.new(settings.secret, _bytes(f"{purpose}\n{value}"), "sha256").hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def sign(purpose: str, value: str, expires: datetime) -> str:
    """A signature for a link: it opens `value` for `purpose` until `expires`, and no more."""
    until = int(expires.timestamp())
    return f"{until}." + seal(purpose, f"{value}\n{until}")


def verify(purpose: str, value: str, signature: str, now: datetime | None = None) -> bool:
    """Whether `sign` made this signature and its time has not run out."""
    until, _, _ = signature.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) <= 12):
        return False
    if int(until) < (now or datetime.now(UTC)).timestamp():
        return False
    return same(signature, f"{until}." + seal(purpose, f"{value}\n{until}"))


def _bytes(text: str) -> bytes:
    """Also of half a character, which JSON may carry: a guess like any other."""
    return text.encode(errors="surrogatepass")


@cache
def _nobodys_password() -> str:
    return hash_password(token())
