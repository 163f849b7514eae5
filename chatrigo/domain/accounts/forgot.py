"""
A forgotten password: address, the code that was mailed there, a new password.

Whether an address has an account is told in a mail to that address, and nowhere else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo import limits
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, enter
from chatrigo.domain.accounts import challenges, passwords, second_step, sessions, totp
from chatrigo.domain.accounts.addresses import address as spelled
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.domain.accounts.sign_in import business_of
from chatrigo.models.account import Account, Challenge
from chatrigo.models.columns import now as this_moment

CODE = "reset"
CHOICE = "reset_choice"
# To think of a password and write it down.
CHOOSING_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Proven:
    """The code was right: a new password may be chosen, by who also shows the app's code."""

    challenge_id: int
    asks_app: bool


def start(
    session: Session,
    actor: Actor,
    email: Any,
    *,
    browser: str,
    address: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> Issued:
    """Mail a code; or, to an address without an account, that it has none. Raises as below."""
    email = spelled(email)
    limits.check(session, "sign-in by address", address, now)
    account = session.execute(select(Account).where(Account.email == email)).scalar_one_or_none()
    return challenges.issue(
        session,
        CODE,
        email,
        account_id=account.id if account else None,
        business_id=business_of(session, account),
        browser=browser,
        address=address,
        locale=locale,
        words="reset" if account else "no_account",
        answerable=account is not None,
        now=now,
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
) -> Proven:
    """The right code lets its browser choose a password once. Raises Invalid, LimitReached."""
    answered = challenges.answer(
        session, CODE, challenge_id, code, browser, address=address, now=now
    )
    account = _account(session, answered)
    choice = challenges.begin(
        session,
        CHOICE,
        account,
        browser=browser,
        payload={"locale": answered.payload["locale"]},
        lasts=CHOOSING_LASTS,
        now=now,
    )
    assert choice.id
    assert account.id
    return Proven(choice.id, asks_app=totp.enabled(session, account.id))


def finish(
    session: Session,
    actor: Actor,
    challenge_id: Any,
    password: Any,
    app_code: Any = "",
    *,
    browser: str,
    address: str = "",
    now: datetime | None = None,
) -> str:
    """
    Set the password, end every session, trust no device any more; returns the ticket to enter.

    Whoever has an authenticator app shows its code, or a recovery code, as well.

    Raises Invalid, LimitReached.
    """
    choice = challenges.open_for(session, CHOICE, challenge_id, browser, address=address, now=now)
    account = _account(session, choice)
    assert account.id
    new = passwords.acceptable(password, about=passwords.about(session, account))
    person = Actor(account.id, business_of(session, account), "public")
    second_step.require(session, choice, app_code, business_id=person.business_id, now=now)
    choice.used_at = now or this_moment()
    sessions.revoke_all(session, person, now)
    passwords.replace(
        session,
        account,
        new,
        actor=person,
        told="password_reset",
        locale=choice.payload["locale"],
        now=now,
    )
    if person.business_id:
        enter(session, person.business_id, person.role)
        audit.note(session, person, "account.reset", account.email, after={"address": address})
    return challenges.ticket(choice)


def _account(session: Session, challenge: Challenge) -> Account:
    return session.execute(select(Account).where(Account.id == challenge.account_id)).scalar_one()
