"""Secrets: random tokens, what is stored of them, password hashes, signatures of ours."""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from passlib.hash import argon2

from chatrigo.config import settings

# OWASP's parameters for Argon2id: 19 MiB, so that a crowd signing in at once fits in memory.
_argon2 = argon2.using(type="ID", memory_cost=19 * 1024, time_cost=2, parallelism=1)
# Loaded now: two threads that come first at once would be in each other's way.
argon2.set_backend("argon2_cffi")


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
    against = stored or _nobodys_password()
    return _argon2.verify(password, against) and stored is not None


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


def lock(purpose: str, value: str) -> str:
    """
    Encrypt a secret for the database, with AES-256-GCM under a key made of the server's secret.

    `purpose` ("model key 12", with the row's business) is bound to it: in another row, or for
    another purpose, it does not open.
    """
    key_id, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, _bytes(value), _bytes(purpose))
    return f"{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def unlock(purpose: str, locked: str) -> str:
    """What was locked, also under a secret of before. Raises ValueError if it can't be opened."""
    key_id, _, text = locked.partition(".")
    key = _keys().get(key_id)
    if key is None:
        raise ValueError("locked under a secret that is not set any more")
    sealed = base64.urlsafe_b64decode(text)
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], _bytes(purpose)).decode()
    except InvalidTag:
        raise ValueError("not what was locked for this purpose") from None


def current_key() -> str:
    """The short name of the key that locks: what was locked with it begins so."""
    return next(iter(_keys()))


def locked_with_old(locked: str) -> bool:
    """Whether it should be locked anew: the server's secret has changed since."""
    return not locked.startswith(current_key() + ".")


def _keys() -> dict[str, bytes]:
    """The keys that open what is locked, by their short names; the first one locks."""
    return {_named(key): key for key in map(_derived, (settings.secret, *settings.old_secrets))}


def _named(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]


@cache
def _derived(secret: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"chatrigo at rest").derive(secret)


def _bytes(text: str) -> bytes:
    """Also of half a character, which JSON may carry: a guess like any other."""
    return text.encode(errors="surrogatepass")


@cache
def _nobodys_password() -> str:
    return hash_password(token())
