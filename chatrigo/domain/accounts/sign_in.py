"""Signing in: address and password, then the code that was mailed."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo import limits, security
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import challenges
from chatrigo.domain.accounts.addresses import address as spelled
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.domain.accounts.passwords import normal
from chatrigo.errors import Invalid
from chatrigo.models.account import Account

PURPOSE = "sign_in"


def start(
    session: Session,
    actor: Actor,
    email: Any,
    password: Any,
    *,
    browser: str,
    address: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> Issued:
    """
    Send a code to whoever knows the password.

    A wrong password and an unknown address are refused in the same words, after the same work,
    and both count. Raises Invalid, LimitReached.
    """
    email = spelled(email)
    limits.check(session, "sign-in by address", address, now)
    limits.check(session, "sign-in by e-mail", email, now)
    account = session.execute(select(Account).where(Account.email == email)).scalar_one_or_none()
    known = security.verify_password(normal(password), account.password_hash if account else None)
    if account is None or not known:
        raise Invalid("auth.wrong_credentials").keeping()
    return challenges.issue(
        session, PURPOSE, email, account_id=account.id, browser=browser, locale=locale, now=now
    )


def confirm(
    session: Session,
    actor: Actor,
    challenge_id: Any,
    code: Any,
    *,
    browser: str,
    address: str = "",
    now: datetime | None = None,
) -> str:
    """The ticket for the right code. Raises Invalid, LimitReached."""
    challenge = challenges.answer(
        session, PURPOSE, challenge_id, code, browser, address=address, now=now
    )
    return challenges.ticket(challenge)
