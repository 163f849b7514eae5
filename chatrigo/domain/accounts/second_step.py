"""What an account with an authenticator app shows besides: the app's code, or a recovery code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import challenges, notices, recovery, totp
from chatrigo.models.account import Account, Challenge

PURPOSE = "sign_in_app"


@dataclass(frozen=True, slots=True)
class AppAsked:
    """The app's code is waited for."""

    challenge_id: int


def ask(
    session: Session,
    account: Account,
    *,
    browser: str,
    locale: str,
    now: datetime | None = None,
) -> AppAsked:
    """Wait for the app's code in this browser, for as long as a mailed code lasts."""
    asked = challenges.begin(
        session, PURPOSE, account, browser=browser, payload={"locale": locale}, now=now
    )
    assert asked.id
    return AppAsked(asked.id)


def require(
    session: Session, challenge: Challenge, code: Any, *, business_id: int, now: datetime | None
) -> None:
    """
    Returns if the account has no app, or this is its code or an unused recovery code.

    Raises Invalid, which counts as a wrong answer to the challenge, and LimitReached.
    """
    account_id = challenge.account_id
    if account_id is None or not totp.enabled(session, account_id):
        return
    if _looks_like_the_app_s(code):
        if totp.verify(session, account_id, code, now):
            return
    elif recovery.use(session, account_id, code, now):
        left = recovery.count_left(session, account_id)
        person = Actor(account_id, business_id, "public")
        locale = challenge.payload["locale"]
        notices.tell(session, person, "recovery_used", locale=locale, now=now, left=left)
        return
    raise challenges.wrong(challenge)


def _looks_like_the_app_s(code: Any) -> bool:
    """Recovery codes have ten letters and digits; an app's code has six digits."""
    typed = code if isinstance(code, str) else ""
    return sum(character.isalnum() for character in typed[:60]) <= 6
