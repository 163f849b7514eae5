"""The authenticator app: a secret shared once, and a code of it every 30 seconds (RFC 6238)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import limits, security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, speaking_for
from chatrigo.domain.accounts import notices, recovery, step_up
from chatrigo.errors import Invalid
from chatrigo.models.columns import now as this_moment
from chatrigo.models.factors import RecoveryCode, Totp

STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be early or late
ISSUER = "Chatrigo"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the app is told: as a QR code of `uri`, or typed as `key`."""

    uri: str
    key: str


def enabled(session: Session, account_id: int) -> bool:
    """Whether the account has an app that was confirmed."""
    with speaking_for(session, account_id):
        query = select(Totp.account_id).where(
            col(Totp.account_id) == account_id, col(Totp.confirmed_at).is_not(None)
        )
        return session.execute(query).scalar() is not None


def begin(session: Session, actor: Actor, now: datetime | None = None) -> Enrolment:
    """
    A new secret, which counts once a code of it was shown.

    Raises ConfirmItsYou, and Invalid for whoever has an app already.
    """
    now = now or this_moment()
    account = notices.person(session, actor)
    assert account.id
    step_up.require_recent(session, actor, now)
    if enabled(session, account.id):
        raise Invalid("security.totp_already")
    secret = pyotp.random_base32()
    new = {
        "secret": security.lock(_purpose(account.id), secret),
        "last_step": 0,
        "created_at": now,
        "confirmed_at": None,
    }
    session.execute(
        insert(Totp)
        .values(account_id=account.id, **new)
        .on_conflict_do_update(
            index_elements=["account_id"], set_=new, where=col(Totp.confirmed_at).is_(None)
        )
    )
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)
    return Enrolment(uri=uri, key=" ".join(secret[at : at + 4] for at in range(0, 32, 4)))


def confirm(
    session: Session, actor: Actor, code: Any, *, locale: str = "id", now: datetime | None = None
) -> list[str]:
    """
    Turn the app on, for a code of the secret that `begin` made.

    Returns the recovery codes, to be shown this once. Raises Invalid, LimitReached.
    """
    now = now or this_moment()
    account = notices.person(session, actor)
    assert account.id
    step_up.require_recent(session, actor, now)
    limits.check(session, "app codes by account", str(account.id), now)
    kept = _kept(session, account.id)
    if kept is None or kept.confirmed_at is not None:
        raise Invalid("security.totp_gone")
    if not _accept(kept, code, now):
        raise Invalid("security.totp_wrong").keeping()
    kept.confirmed_at = now
    audit.note(session, actor, "security.totp_on", account.email)
    notices.tell(session, actor, "totp_on", locale=locale, now=now)
    return recovery.renew(session, account.id, now)


def verify(session: Session, account_id: int, code: Any, now: datetime | None = None) -> bool:
    """
    Whether this is a code of the account's app that was not used before.

    Tries are limited: raises LimitReached. A refusal that follows a False must be `keeping()`,
    or the try does not count.
    """
    now = now or this_moment()
    limits.check(session, "app codes by account", str(account_id), now)
    with speaking_for(session, account_id):
        kept = _kept(session, account_id)
        return bool(kept and kept.confirmed_at and _accept(kept, code, now))


def disable(
    session: Session, actor: Actor, *, locale: str = "id", now: datetime | None = None
) -> None:
    """Turn the app off; its recovery codes go with it. Raises ConfirmItsYou."""
    account = notices.person(session, actor)
    step_up.require_recent(session, actor, now)
    gone = session.execute(
        delete(Totp).where(col(Totp.account_id) == account.id).returning(Totp.confirmed_at)
    ).scalar()
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    if gone is not None:
        audit.note(session, actor, "security.totp_off", account.email)
        notices.tell(session, actor, "totp_off", locale=locale, now=now)


def _kept(session: Session, account_id: int) -> Totp | None:
    """The row, held until the commit: of two who show the same code at once, one is too late."""
    query = select(Totp).where(col(Totp.account_id) == account_id).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def _accept(kept: Totp, code: Any, now: datetime) -> bool:
    assert kept.account_id
    purpose = _purpose(kept.account_id)
    secret = security.unlock(purpose, kept.secret)
    step = _step_of(secret, code, now)
    if step <= kept.last_step:
        return False
    kept.last_step = step
    if security.locked_with_old(kept.secret):
        kept.secret = security.lock(purpose, secret)
    return True


def _step_of(secret: str, code: Any, now: datetime) -> int:
    """The newest step near `now` whose code this is; 0 if it is none."""
    typed = "".join(character for character in str(code)[:40] if character in "0123456789")
    this = int(now.timestamp()) // STEP_SECONDS
    codes = pyotp.HOTP(secret)
    fits = [
        step
        for step in range(this - DRIFT, this + DRIFT + 1)
        if security.same(codes.at(step), typed)
    ]
    return max(fits, default=0)


def _purpose(account_id: int) -> str:
    return f"authenticator app of account {account_id}"
