"""Changing what one signs in with and is reached by: password, e-mail, phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import (
    challenges,
    notices,
    open_sessions,
    passwords,
    proofs,
    step_up,
)
from chatrigo.domain.accounts.addresses import address as spelled
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.errors import Invalid
from chatrigo.models.account import Account, Challenge

EMAIL = "new_email"
HOME = "ID"


@dataclass(frozen=True, slots=True)
class ReachRow:
    """How a person signs in and is reached; `phone` as people here write it, or empty."""

    email: str
    phone: str


def get_reach(session: Session, actor: Actor) -> ReachRow:
    account = notices.person(session, actor)
    return ReachRow(account.email, _shown(account.phone))


def change_password(
    session: Session,
    actor: Actor,
    old: Any,
    new: Any,
    *,
    locale: str = "id",
    now: datetime | None = None,
) -> int:
    """
    For the old password, or, if that is None, for fresh proof. The other sessions end, no device
    is trusted any more, and the person is told by mail; returns how many sessions ended.

    Raises ConfirmItsYou, Invalid, LimitReached.
    """
    account = notices.person(session, actor)
    if old is None:
        step_up.require_recent(session, actor, now)
    else:
        proofs.check_password(session, account, old, now)
    password = passwords.acceptable(new, about=passwords.about(session, account))
    passwords.replace(session, account, password, actor=actor, locale=locale, now=now)
    audit.note(session, actor, "security.password_changed", account.email)
    _void_codes(session, account)
    return len(open_sessions.end_others(session, actor, now))


def start_email(
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
    Mail a code to the new address; if that has an account, a word that it has one.

    Both look the same from here. Raises ConfirmItsYou, Invalid, LimitReached.
    """
    account = notices.person(session, actor)
    step_up.require_recent(session, actor, now)
    new = spelled(email)
    if new == account.email:
        raise Invalid("security.email_same")
    taken = _holder(session, new) is not None
    return challenges.issue(
        session,
        EMAIL,
        new,
        account_id=account.id,
        business_id=actor.business_id,
        browser=browser,
        address=address,
        locale=locale,
        words="address_taken" if taken else "",
        answerable=not taken,
        openly=True,
        now=now,
    )


def confirm_email(
    session: Session,
    actor: Actor,
    challenge_id: Any,
    code: Any,
    *,
    browser: str,
    address: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> ReachRow:
    """For the code: the new address signs in, and the old one is told by whom and when."""
    account = notices.person(session, actor)
    step_up.require_recent(session, actor, now)
    challenge = challenges.answer(
        session, EMAIL, challenge_id, code, browser, address=address, now=now
    )
    if challenge.account_id != account.id:
        raise Invalid("auth.code_gone")
    old, account.email = account.email, challenge.email
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        # Signed up in the meantime.
        raise Invalid("security.email_taken") from None
    _void_codes(session, account)
    change = {"before": {"email": old}, "after": {"email": account.email}}
    audit.note(session, actor, "security.email_changed", account.email, **change)
    for to in (old, account.email):
        notices.tell(
            session,
            actor,
            "email_changed",
            to=to,
            locale=locale,
            now=now,
            old=old,
            new=account.email,
        )
    return ReachRow(account.email, _shown(account.phone))


def change_phone(
    session: Session,
    actor: Actor,
    number: Any,
    *,
    locale: str = "id",
    now: datetime | None = None,
) -> ReachRow:
    """Keep a phone number, or none for an empty one. Raises ConfirmItsYou, Invalid."""
    account = notices.person(session, actor)
    step_up.require_recent(session, actor, now)
    old, new = account.phone, phone_number(number)
    if old == new:
        return ReachRow(account.email, _shown(account.phone))
    account.phone = new
    change = {"before": {"phone": old}, "after": {"phone": new}}
    audit.note(session, actor, "security.phone_changed", account.email, **change)
    what = "phone_changed" if new else "phone_removed"
    words = {"old": _shown(old), "new": _shown(new)}
    notices.tell(session, actor, what, locale=locale, now=now, **words)
    return ReachRow(account.email, _shown(new))


def phone_number(typed: Any) -> str | None:
    """In E.164, as it is stored; numbers without a country are Indonesian. Raises Invalid."""
    if not isinstance(typed, str) or len(typed) > 40:
        raise Invalid("security.phone_invalid")
    if not typed.strip():
        return None
    try:
        number = phonenumbers.parse(typed, HOME)
    except NumberParseException:
        raise Invalid("security.phone_invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise Invalid("security.phone_invalid")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _shown(stored: str | None) -> str:
    if not stored:
        return ""
    number = phonenumbers.parse(stored)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _void_codes(session: Session, account: Account) -> None:
    """Whoever asked for a code under the old password, or at the old address, came too early."""
    session.execute(
        delete(Challenge).where(
            col(Challenge.account_id) == account.id, col(Challenge.used_at).is_(None)
        )
    )


def _holder(session: Session, email: str) -> int | None:
    return session.execute(select(Account.id).where(col(Account.email) == email)).scalar()
