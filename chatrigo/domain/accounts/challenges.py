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
from chatrigo.domain import post
from chatrigo.domain.access import Actor, as_id
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.errors import Invalid, LimitReached, NotFound
from chatrigo.i18n import known, translate
from chatrigo.models.account import Account, Challenge
from chatrigo.models.columns import now as this_moment

LASTS = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=60)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that waits for its answer; `mail` is promised."""

    challenge_id: int
    email: str
    mail: Mail


def issue(
    session: Session,
    purpose: str,
    email: str,
    *,
    browser: str,
    address: str = "",
    locale: str,
    account_id: int | None = None,
    business_id: int = 0,
    payload: dict[str, Any] | None = None,
    words: str = "",
    answerable: bool = True,
    openly: bool = False,
    now: datetime | None = None,
) -> Issued:
    """
    Make a code for `purpose` and mail it. An earlier one of this browser is void from now on.

    `words` names the mail, if it is not the one of the purpose. A challenge that is not
    `answerable` has no right answer: its mail is for an address that may not be told a code.
    When too many codes went to one business, its people are told so if `openly`; else nothing is
    mailed and nothing is said, since that would tell whose address is known. Raises Invalid
    without a browser, LimitReached.
    """
    if not browser:
        raise Invalid("auth.cookies_needed")
    now = now or this_moment()
    challenge = _new(session, purpose, email, browser, account_id, now)
    challenge.payload = {
        **(payload or {}),
        "locale": known(locale),
        "words": words or purpose,
        "answerable": answerable,
        "business": business_id,
        "openly": openly,
    }
    session.add(challenge)
    session.flush()
    return _send(session, challenge, address, now)


def resend(
    session: Session,
    actor: Actor,
    challenge_id: Any,
    browser: str,
    now: datetime | None = None,
    *,
    address: str = "",
) -> Issued:
    """
    Make and mail a new code for the same challenge; the old one is void.

    Raises Invalid for one that is over, LimitReached within a minute of the last code.
    """
    now = now or this_moment()
    challenge = waiting(session, challenge_id, browser)
    if "words" not in challenge.payload:
        raise Invalid("auth.code_gone")  # it asks for something that is not mailed
    wait = challenge.sent_at + RESEND_AFTER - now
    if wait > timedelta(0):
        raise LimitReached("auth.resend_too_soon", retry_after=round(wait.total_seconds() + 0.5))
    return _send(session, challenge, address, now)


def begin(
    session: Session,
    purpose: str,
    account: Account,
    *,
    browser: str,
    payload: dict[str, Any] | None = None,
    lasts: timedelta = LASTS,
    now: datetime | None = None,
) -> Challenge:
    """A challenge without a mailed code: what the person has to show is the caller's to check."""
    if not browser:
        raise Invalid("auth.cookies_needed")
    now = now or this_moment()
    challenge = _new(session, purpose, account.email, browser, account.id, now)
    challenge.payload = payload or {}
    challenge.expires_at = now + lasts
    session.add(challenge)
    session.flush()
    return challenge


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
    challenge = open_for(session, purpose, challenge_id, browser, address=address, now=now)
    if not security.same(_seal(challenge, _digits(code)), challenge.code_hash):
        raise wrong(challenge)
    challenge.used_at = now
    return challenge


def open_for(
    session: Session,
    purpose: str,
    challenge_id: Any,
    browser: str,
    *,
    address: str = "",
    now: datetime | None = None,
) -> Challenge:
    """
    The challenge, if one more answer to it may be looked at. Counts that there was one.

    Raises Invalid, LimitReached.
    """
    now = now or this_moment()
    challenge = waiting(session, challenge_id, browser, purpose)
    limits.check(session, "code answers by e-mail", challenge.email, now)
    limits.check(session, "code answers by address", address, now)
    if challenge.expires_at <= now:
        raise Invalid("auth.code_expired" if challenge.code_hash else "auth.code_gone")
    if challenge.tries >= TRIES:
        raise Invalid(_used_up(challenge))
    return challenge


def wrong(challenge: Challenge) -> Invalid:
    """The refusal of a wrong answer, which counts it."""
    challenge.tries += 1
    left = TRIES - challenge.tries
    return Invalid("auth.code_wrong" if left else _used_up(challenge), left=left).keeping()


def _used_up(challenge: Challenge) -> str:
    """Of a code that was mailed there can be a new one; else one begins again."""
    return "auth.code_used_up" if challenge.code_hash else "auth.code_gone"


def ticket(challenge: Challenge, *, trust: bool = False) -> str:
    """
    What the browser exchanges for its cookie, now that the answer was right.

    With `trust` it also gets the token of a trusted device.
    """
    made = security.token()
    if trust:
        challenge.payload = {**challenge.payload, "trust": True}
    challenge.ticket_hash = security.digest(made)
    return made


def forget_old(session: Session, now: datetime | None = None) -> None:
    """Remove challenges of which nothing can come any more."""
    session.execute(
        delete(Challenge).where(Challenge.expires_at < (now or this_moment()) - timedelta(days=1))
    )


def waiting(session: Session, id: Any, browser: str, purpose: str = "") -> Challenge:
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


def _new(
    session: Session,
    purpose: str,
    email: str,
    browser: str,
    account_id: int | None,
    now: datetime,
) -> Challenge:
    """A challenge that takes the place of this browser's earlier one."""
    browser_hash = security.digest(browser)
    session.execute(
        delete(Challenge).where(
            Challenge.purpose == purpose,
            Challenge.email == email,
            Challenge.browser_hash == browser_hash,
        )
    )
    return Challenge(
        purpose=purpose,
        email=email,
        account_id=account_id,
        browser_hash=browser_hash,
        code_hash="",
        created_at=now,
        sent_at=now,
    )


def _send(session: Session, challenge: Challenge, address: str, now: datetime) -> Issued:
    withheld = _too_many(session, challenge, address, now)
    code = pyotp.HOTP(pyotp.random_base32()).at(0)
    # Without a right answer every answer is wrong, in the same words and time.
    right = code if challenge.payload["answerable"] else security.token()
    challenge.code_hash = _seal(challenge, right)
    challenge.tries = 0
    challenge.sent_at = now
    challenge.expires_at = now + LASTS
    assert challenge.id
    mail = _letter(challenge, code)
    # What is withheld is promised all the same, so that it takes the same time.
    post.send(session, mail, good_for=timedelta(0) if withheld else LASTS)
    return Issued(challenge.id, challenge.email, mail)


def _too_many(session: Session, challenge: Challenge, address: str, now: datetime) -> bool:
    """Whether the code must be withheld, silently. Raises LimitReached where it may be said."""
    limits.check(session, "code mails by e-mail", challenge.email, now)
    if address:
        limits.check(session, "code mails by address", address, now)
    business = challenge.payload["business"]
    key = str(business) if business else f"nobody {challenge.email}"
    seconds = limits.seconds_over(session, "code mails by business", key, now)
    if seconds and challenge.payload["openly"]:
        raise LimitReached("errors.too_many_codes", retry_after=seconds)
    return bool(seconds)


def _letter(challenge: Challenge, code: str) -> Mail:
    name, locale = challenge.payload["words"], challenge.payload["locale"]
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
