"""
One-time codes: sent to an address, answered in the browser that asked.

A code has six digits, lasts five minutes, is good once, and dies at the fifth wrong try. Only
its seal is stored. Whether an address has an account shows neither in what is returned here
nor in the time it takes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyotp
from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo import limits, security
from chatrigo.domain.access import Actor, as_id
from chatrigo.errors import Invalid, LimitReached, NotFound
from chatrigo.i18n import known, translate
from chatrigo.models.account import Challenge
from chatrigo.models.columns import now as this_moment

LASTS = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=60)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that waits for its answer; `mail` is still to be sent."""

    challenge_id: int
    email: str
    mail: Mail


def issue(
    session: Session,
    purpose: str,
    email: str,
    *,
    browser: str,
    locale: str,
    account_id: int | None = None,
    payload: dict[str, Any] | None = None,
    letter: str = "",
    now: datetime | None = None,
) -> Issued:
    """
    Make a code for `purpose`. An earlier one of this browser is void from now on.

    `letter` names a mail without a code, for an address that may not be told one; such a
    challenge has no right answer. Raises Invalid without a browser, LimitReached.
    """
    if not browser:
        raise Invalid("auth.cookies_needed")
    now = now or this_moment()
    limits.check(session, "code mails by e-mail", email, now)
    browser_hash = security.digest(browser)
    session.execute(
        delete(Challenge).where(
            Challenge.purpose == purpose,
            Challenge.email == email,
            Challenge.browser_hash == browser_hash,
        )
    )
    challenge = Challenge(
        purpose=purpose,
        email=email,
        account_id=account_id,
        browser_hash=browser_hash,
        code_hash="",
        payload={**(payload or {}), "locale": known(locale), "letter": letter},
        created_at=now,
    )
    session.add(challenge)
    session.flush()
    return _send(challenge, now)


def resend(
    session: Session, actor: Actor, challenge_id: Any, browser: str, now: datetime | None = None
) -> Issued:
    """
    Make a new code for the same challenge; the old one is void.

    Raises Invalid for one that is over, LimitReached within a minute of the last code.
    """
    now = now or this_moment()
    challenge = _waiting(session, challenge_id, browser)
    wait = challenge.sent_at + RESEND_AFTER - now
    if wait > timedelta(0):
        raise LimitReached("auth.resend_too_soon", retry_after=round(wait.total_seconds() + 0.5))
    limits.check(session, "code mails by e-mail", challenge.email, now)
    return _send(challenge, now)


def answer(
    session: Session,
    purpose: str,
    challenge_id: Any,
    code: Any,
    browser: str,
    *,
    address: str = "",
    now: datetime | None = None,
) -> Challenge:
    """
    The challenge, if this is its code; it cannot be answered again.

    A wrong code counts although it is refused. Raises Invalid, LimitReached.
    """
    now = now or this_moment()
    challenge = _waiting(session, challenge_id, browser, purpose)
    limits.check(session, "code answers by e-mail", challenge.email, now)
    limits.check(session, "code answers by address", address, now)
    if challenge.expires_at <= now:
        raise Invalid("auth.code_expired")
    if challenge.tries >= TRIES:
        raise Invalid("auth.code_used_up")
    if not security.same(_seal(challenge, _digits(code)), challenge.code_hash):
        challenge.tries += 1
        left = TRIES - challenge.tries
        raise Invalid("auth.code_wrong" if left else "auth.code_used_up", left=left).keeping()
    challenge.used_at = now
    return challenge


def ticket(challenge: Challenge) -> str:
    """What the browser exchanges for its cookie, now that the code was right."""
    made = security.token()
    challenge.ticket_hash = security.digest(made)
    return made


def forget_old(session: Session, now: datetime | None = None) -> None:
    """Remove challenges of which nothing can come any more."""
    session.execute(
        delete(Challenge).where(Challenge.expires_at < (now or this_moment()) - timedelta(days=1))
    )


def _waiting(session: Session, id: Any, browser: str, purpose: str = "") -> Challenge:
    """The challenge, held until the commit: two answers at once are counted as two."""
    try:
        number = as_id(id)
    except NotFound:
        raise Invalid("auth.code_gone") from None
    query = select(Challenge).where(
        Challenge.id == number,
        Challenge.browser_hash == security.digest(browser),
        Challenge.used_at.is_(None),
    )
    challenge = session.execute(query.with_for_update()).scalar_one_or_none()
    if challenge is None or (purpose and challenge.purpose != purpose):
        raise Invalid("auth.code_gone")
    return challenge


def _send(challenge: Challenge, now: datetime) -> Issued:
    code = pyotp.HOTP(pyotp.random_base32()).at(0)
    letter = challenge.payload["letter"]
    # Without a right answer every answer is wrong, in the same words and time.
    challenge.code_hash = _seal(challenge, security.token() if letter else code)
    challenge.tries = 0
    challenge.sent_at = now
    challenge.expires_at = now + LASTS
    assert challenge.id
    mail = _letter(letter or challenge.purpose, challenge, code)
    return Issued(challenge.id, challenge.email, mail)


def _letter(name: str, challenge: Challenge, code: str) -> Mail:
    locale = challenge.payload["locale"]
    values = {"code": code, "minutes": LASTS.seconds // 60, "email": challenge.email}
    return Mail(
        to=challenge.email,
        subject=translate(f"mail.{name}_subject", locale, **values),
        text=translate(f"mail.{name}_text", locale, **values),
    )


def _seal(challenge: Challenge, code: str) -> str:
    return security.seal(f"code for {challenge.purpose}", f"{challenge.id}:{code}")


def _digits(code: Any) -> str:
    """The six digits, however they were pasted."""
    typed = code if isinstance(code, str) else ""
    return "".join(character for character in typed[:40] if character in "0123456789")
