"""Ten codes on paper, for the day the phone is gone. Each is good once."""

import re
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import limits, security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, speaking_for
from chatrigo.domain.accounts import notices, step_up
from chatrigo.errors import Invalid
from chatrigo.models.columns import now as this_moment
from chatrigo.models.factors import RecoveryCode, Totp

HOW_MANY = 10
LENGTH = 10
# Nothing that looks like something else on paper: no i, l, o, u, 0 or 1.
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"


def regenerate(
    session: Session, actor: Actor, *, locale: str = "id", now: datetime | None = None
) -> list[str]:
    """
    Ten new codes, to be shown this once; the old ones are void.

    Raises ConfirmItsYou, and Invalid without an authenticator app to stand in for.
    """
    account = notices.person(session, actor)
    assert account.id
    step_up.require_recent(session, actor, now)
    on = select(Totp.account_id).where(
        col(Totp.account_id) == account.id, col(Totp.confirmed_at).is_not(None)
    )
    if session.execute(on).scalar() is None:
        raise Invalid("security.totp_gone")
    audit.note(session, actor, "security.recovery_renewed", account.email)
    notices.tell(session, actor, "recovery_renewed", locale=locale, now=now)
    return renew(session, account.id, now)


def renew(session: Session, account_id: int, now: datetime | None = None) -> list[str]:
    """Ten new codes in place of the old ones. The caller has asked for proof."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = [_code() for _ in range(HOW_MANY)]
    for code in codes:
        hashed = security.hash_password(_plain(code))
        session.add(
            RecoveryCode(account_id=account_id, code_hash=hashed, created_at=now or this_moment())
        )
    return codes


def use(session: Session, account_id: int, code: Any, now: datetime | None = None) -> bool:
    """
    Whether this is a code of the account that was not used before; from now on it was.

    Tries are limited: raises LimitReached. A refusal that follows a False must be `keeping()`,
    or the try does not count.
    """
    now = now or this_moment()
    limits.check(session, "app codes by account", str(account_id), now)
    typed = _plain(code)
    if len(typed) != LENGTH:
        return False
    with speaking_for(session, account_id):
        for kept in _unused(session, account_id):
            if security.verify_password(typed, kept.code_hash):
                kept.used_at = now
                return True
    return False


def count_left(session: Session, account_id: int) -> int:
    with speaking_for(session, account_id):
        query = select(func.count()).where(
            col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None)
        )
        return session.execute(query).scalar_one()


def _unused(session: Session, account_id: int) -> list[RecoveryCode]:
    """Held until the commit: of two who show the same code at once, one is too late."""
    query = (
        select(RecoveryCode)
        .where(col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None))
        .order_by(col(RecoveryCode.id))
        .with_for_update()
    )
    return list(session.execute(query).scalars())


def _code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _plain(code: Any) -> str:
    """However it was typed: in capitals, without the dash, with spaces."""
    return re.sub(r"[^a-z0-9]", "", code[:60].lower()) if isinstance(code, str) else ""
