"""
Proving again who one is (`step_up.require_recent`): by passkey, authenticator app or mailed code.

Whoever has set up an app has two factors, and a mailbox alone is not enough to pass for them:
they give their password before a code is mailed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chatrigo import limits, security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import challenges, notices, passkeys, recovery, sessions, totp
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.domain.accounts.passwords import normal
from chatrigo.errors import Invalid, SignedOut
from chatrigo.models.account import Account, AuthSession
from chatrigo.models.columns import now as this_moment

PURPOSE = "step_up"


@dataclass(frozen=True, slots=True)
class Ways:
    """How the person can prove it, the easiest first: passkey, app, code."""

    names: list[str]
    password_too: bool
    email: str


def list_ways(session: Session, actor: Actor) -> Ways:
    account = notices.person(session, actor)
    assert account.id
    has_app = totp.enabled(session, account.id)
    has_passkey = passkeys.count_passkeys(session, account.id) > 0
    names = [*(["passkey"] if has_passkey else []), *(["app"] if has_app else []), "code"]
    return Ways(names, password_too=has_app, email=account.email)


def send_code(
    session: Session,
    actor: Actor,
    password: Any = None,
    *,
    browser: str,
    address: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> Issued:
    """Mail a code, for the password of whoever has an app. Raises Invalid, LimitReached."""
    account = notices.person(session, actor)
    assert account.id
    if totp.enabled(session, account.id):
        check_password(session, account, password, now)
    return challenges.issue(
        session,
        PURPOSE,
        account.email,
        account_id=account.id,
        business_id=actor.business_id,
        browser=browser,
        address=address,
        locale=locale,
        openly=True,
        now=now,
    )


def confirm_code(
    session: Session,
    actor: Actor,
    challenge_id: Any,
    code: Any,
    *,
    browser: str,
    address: str = "",
    now: datetime | None = None,
) -> str:
    """For the mailed code: proof for ten minutes. Returns the ticket of `sessions.rotate`."""
    challenge = challenges.answer(
        session, PURPOSE, challenge_id, code, browser, address=address, now=now
    )
    if challenge.account_id != actor.account_id:
        raise Invalid("auth.code_gone")
    return _confirmed(session, actor, "code", browser, now)


def confirm_app(
    session: Session, actor: Actor, code: Any, *, browser: str, now: datetime | None = None
) -> str:
    """The same for a code of the app. Raises Invalid, LimitReached."""
    if not totp.verify(session, _id(actor), code, now):
        raise Invalid("security.totp_wrong").keeping()
    return _confirmed(session, actor, "app", browser, now)


def confirm_recovery(
    session: Session,
    actor: Actor,
    code: Any,
    *,
    browser: str,
    locale: str = "id",
    now: datetime | None = None,
) -> str:
    """The same for a recovery code. Raises Invalid, LimitReached."""
    if not recovery.use(session, _id(actor), code, now):
        raise Invalid("security.recovery_wrong").keeping()
    left = recovery.count_left(session, _id(actor))
    notices.tell(session, actor, "recovery_used", locale=locale, now=now, left=left)
    return _confirmed(session, actor, "recovery", browser, now)


def confirm_passkey(
    session: Session, actor: Actor, answer: Any, *, browser: str, now: datetime | None = None
) -> str:
    """The same for the answer to `passkeys.begin_proof`. Raises Invalid."""
    passkeys.finish_proof(session, actor, answer, browser=browser, now=now)
    return _confirmed(session, actor, "passkey", browser, now)


def check_password(
    session: Session, account: Account, password: Any, now: datetime | None = None
) -> None:
    """Raises Invalid for a wrong one, which counts; LimitReached."""
    limits.check(session, "passwords by account", str(account.id), now)
    if not security.verify_password(normal(password), account.password_hash):
        raise Invalid("security.password_wrong").keeping()


def _confirmed(session: Session, actor: Actor, how: str, browser: str, now: datetime | None) -> str:
    kept = session.get(AuthSession, actor.session_id) if actor.session_id else None
    if kept is None or kept.account_id != actor.account_id:
        raise SignedOut
    kept.confirmed_at = now or this_moment()
    audit.note(session, actor, "security.confirmed", after={"by": how})
    return sessions.rotate(session, actor, browser=browser, now=now)


def _id(actor: Actor) -> int:
    if actor.account_id is None:
        raise SignedOut
    return actor.account_id
