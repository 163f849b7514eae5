"""
Signing in: address and password and then the mailed code, or the mailed code alone.

Of an account with an authenticator app the app's code is asked instead of the mailed one, or
after it where that stood alone: a mailbox that was broken into opens no such account.

Whether an address has an account shows in no answer here, nor in the time it takes.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo import limits, security
from chatrigo.domain.access import Actor, speaking_for
from chatrigo.domain.accounts import challenges, second_step, totp, trusted
from chatrigo.domain.accounts.addresses import address as spelled
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.domain.accounts.passwords import normal
from chatrigo.domain.accounts.second_step import AppAsked
from chatrigo.errors import Invalid
from chatrigo.models.account import Account, Challenge, Membership
from chatrigo.models.columns import now as this_moment

PURPOSE = "sign_in"


def start(
    session: Session,
    actor: Actor,
    email: Any,
    password: Any,
    *,
    browser: str,
    address: str = "",
    device: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> Issued | AppAsked | str:
    """
    Ask whoever knows the password for a second proof; where the browser is trusted (`device` is
    what its cookie holds) the password is enough, and the ticket is returned.

    A wrong password and an unknown address are refused in the same words, after the same work,
    and both count. Raises Invalid, LimitReached.
    """
    email = spelled(email)
    limits.check(session, "sign-in by address", address, now)
    account = _account(session, email)
    is_trusted = trusted.knows(session, account.id if account else None, device, now)
    if is_trusted:
        limits.check(session, "sign-in by device", device, now)
    else:
        limits.check(session, "sign-in by e-mail", email, now)
    known = security.verify_password(normal(password), account.password_hash if account else None)
    if account is None or not known:
        raise Invalid("auth.wrong_credentials").keeping()
    if is_trusted:
        return _let_in(session, account, browser, now)
    assert account.id
    if totp.enabled(session, account.id):
        return second_step.ask(session, account, browser=browser, locale=locale, now=now)
    return challenges.issue(
        session,
        PURPOSE,
        email,
        account_id=account.id,
        business_id=business_of(session, account),
        browser=browser,
        address=address,
        locale=locale,
        payload={"password": True},
        openly=True,
        now=now,
    )


def start_without_password(
    session: Session,
    actor: Actor,
    email: Any,
    *,
    browser: str,
    address: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> Issued:
    """
    Send a code to the address; one without an account is told so there, and nowhere else.

    Raises Invalid, LimitReached.
    """
    email = spelled(email)
    limits.check(session, "sign-in by address", address, now)
    account = _account(session, email)
    return challenges.issue(
        session,
        PURPOSE,
        email,
        account_id=account.id if account else None,
        business_id=business_of(session, account),
        browser=browser,
        address=address,
        locale=locale,
        words="sign_in_alone" if account else "no_account",
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
    trust: bool = False,
    now: datetime | None = None,
) -> AppAsked | str:
    """
    The ticket for the right code, unless the account has an app, which is asked for then.

    `trust` the browser from now on, if the password was shown as well. Raises Invalid,
    LimitReached.
    """
    challenge = challenges.answer(
        session, PURPOSE, challenge_id, code, browser, address=address, now=now
    )
    account = session.get_one(Account, challenge.account_id)
    assert account.id
    if totp.enabled(session, account.id):
        locale = challenge.payload["locale"]
        return second_step.ask(session, account, browser=browser, locale=locale, now=now)
    return challenges.ticket(challenge, trust=trust and _showed_password(challenge))


def confirm_app(
    session: Session,
    actor: Actor,
    challenge_id: Any,
    code: Any,
    *,
    browser: str,
    address: str = "",
    trust: bool = False,
    now: datetime | None = None,
) -> str:
    """The ticket for the app's code, or for a recovery code. Raises Invalid, LimitReached."""
    challenge = challenges.open_for(
        session, second_step.PURPOSE, challenge_id, browser, address=address, now=now
    )
    account = session.get_one(Account, challenge.account_id)
    business_id = business_of(session, account)
    second_step.require(session, challenge, code, business_id=business_id, now=now)
    challenge.used_at = now or this_moment()
    return challenges.ticket(challenge, trust=trust)


def business_of(session: Session, account: Account | None) -> int:
    """The business whose limits count for the person; the same work if there is nobody."""
    id = (account.id if account else None) or 0
    with speaking_for(session, id):
        query = (
            select(Membership.business_id)
            .where(Membership.account_id == id)
            .order_by(Membership.id)
            .limit(1)
        )
        return session.execute(query).scalar() or 0


def _account(session: Session, email: str) -> Account | None:
    return session.execute(select(Account).where(Account.email == email)).scalar_one_or_none()


def _showed_password(challenge: Challenge) -> bool:
    return bool(challenge.payload.get("password"))


def _let_in(session: Session, account: Account, browser: str, now: datetime | None) -> str:
    passed = challenges.begin(session, PURPOSE, account, browser=browser, now=now)
    passed.used_at = passed.created_at
    return challenges.ticket(passed)
