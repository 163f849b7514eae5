"""
Signing up: nothing is created until the code that was mailed is shown.

Whether an address has an account already is told in a mail to that address, and nowhere else.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo import limits, security
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import challenges
from chatrigo.domain.accounts.addresses import address as spelled
from chatrigo.domain.accounts.addresses import name_in
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.domain.accounts.founding import business_name, found_business
from chatrigo.domain.accounts.passwords import acceptable
from chatrigo.errors import Invalid
from chatrigo.models.account import Account, Challenge

PURPOSE = "sign_up"


def start(
    session: Session,
    actor: Actor,
    business: Any,
    email: Any,
    password: Any,
    *,
    browser: str,
    address: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> Issued:
    """
    Mail a code to the address, or, if it has an account, a word that it has one.

    Both look the same from here. Raises Invalid, LimitReached.
    """
    name = business_name(business)
    email = spelled(email)
    password = acceptable(password, about=(email, name))
    limits.check(session, "sign-up by address", address, now)
    password_hash = security.hash_password(password)
    taken = _account_id(session, email) is not None
    return challenges.issue(
        session,
        PURPOSE,
        email,
        browser=browser,
        address=address,
        locale=locale,
        payload={"name": name, "password_hash": password_hash},
        words="already_registered" if taken else "",
        answerable=not taken,
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
) -> str:
    """
    Create the account and its business; returns the ticket to enter with.

    Raises Invalid, LimitReached.
    """
    challenge = challenges.answer(
        session, PURPOSE, challenge_id, code, browser, address=address, now=now
    )
    challenge.account_id = _create(session, challenge)
    found_business(
        session,
        challenge.payload["name"],
        owner_id=challenge.account_id,
        locale=challenge.payload["locale"],
    )
    challenge.payload = {}
    return challenges.ticket(challenge)


def _create(session: Session, challenge: Challenge) -> int:
    """Raises Invalid if the address was signed up meanwhile, in another browser."""
    added = session.execute(
        insert(Account)
        .values(
            email=challenge.email,
            name=name_in(challenge.email),
            password_hash=challenge.payload["password_hash"],
            created_at=challenge.used_at,
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(Account.id)
    ).scalar_one_or_none()
    if added is None:
        raise Invalid("auth.already_registered")
    return added


def _account_id(session: Session, email: str) -> int | None:
    return session.execute(select(Account.id).where(Account.email == email)).scalar_one_or_none()
