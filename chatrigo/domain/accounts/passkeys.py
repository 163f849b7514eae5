"""
Passkeys (WebAuthn): a key that a device keeps, opened by its owner's finger, face or PIN.

Every ceremony starts from a challenge that is good once, for five minutes, in the browser that
asked; the answer must come from our own origin, with the user verified.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, text
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import limits, security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, as_id, speaking_for
from chatrigo.domain.accounts import ceremonies, challenges, notices, step_up
from chatrigo.domain.accounts.ceremonies import LASTS, Known
from chatrigo.errors import Invalid, NotFound
from chatrigo.models.account import Account, Challenge
from chatrigo.models.columns import now as this_moment
from chatrigo.models.factors import Passkey

MOST = 20
MAX_NAME = 60
SIGN_IN, REGISTER, PROVE = "passkey", "passkey_new", "passkey_proof"

_ACCOUNT_OF = text("SELECT passkey_account(:credential)")


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None
    backed_up: bool


def list_passkeys(session: Session, actor: Actor) -> list[PasskeyRow]:
    """The account's own, the oldest first."""
    return [_row(passkey) for passkey in _own(session, actor)]


def begin_registration(
    session: Session, actor: Actor, *, browser: str, now: datetime | None = None
) -> dict[str, Any]:
    """What the browser makes a passkey from. Raises ConfirmItsYou, Invalid."""
    account = notices.person(session, actor)
    step_up.require_recent(session, actor, now)
    own = _own(session, actor)
    if len(own) >= MOST:
        raise Invalid("security.passkeys_many", limit=MOST)
    handle = own[0].user_handle if own else secrets.token_urlsafe(32)
    challenge = _challenge(session, REGISTER, browser, actor.account_id, now)
    challenge.payload = {"user_handle": handle}
    return ceremonies.creation_options(
        _drawn(challenge), handle, account.email, account.name, _known(own)
    )


def finish_registration(
    session: Session,
    actor: Actor,
    answer: Any,
    name: Any,
    *,
    browser: str,
    locale: str = "id",
    now: datetime | None = None,
) -> PasskeyRow:
    """Keep the passkey that the browser made. Raises ConfirmItsYou, Invalid."""
    account = notices.person(session, actor)
    assert account.id
    step_up.require_recent(session, actor, now)
    challenge, drawn = _answered(session, REGISTER, answer, browser, now)
    if challenge.account_id != account.id:
        raise Invalid("security.passkey_gone")
    made = ceremonies.check_made(answer, drawn)
    if session.execute(_ACCOUNT_OF, {"credential": made.credential_id}).scalar() is not None:
        raise Invalid("security.passkey_known")
    passkey = Passkey(
        account_id=account.id,
        credential_id=made.credential_id,
        user_handle=challenge.payload["user_handle"],
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        backed_up=made.backed_up,
        name=_name(name),
        created_at=now or this_moment(),
    )
    session.add(passkey)
    session.flush()
    audit.note(session, actor, "security.passkey_added", passkey.name)
    notices.tell(session, actor, "passkey_added", locale=locale, now=now, name=passkey.name)
    return _row(passkey)


def rename(session: Session, actor: Actor, passkey_id: Any, name: Any) -> PasskeyRow:
    """Raises NotFound, Invalid."""
    passkey = _owned(session, actor, passkey_id)
    before, passkey.name = passkey.name, _name(name)
    if before != passkey.name:
        after = {"name": passkey.name}
        audit.note(
            session, actor, "security.passkey_renamed", before, before={"name": before}, after=after
        )
    return _row(passkey)


def delete_passkey(
    session: Session,
    actor: Actor,
    passkey_id: Any,
    *,
    locale: str = "id",
    now: datetime | None = None,
) -> None:
    """Raises ConfirmItsYou, NotFound."""
    step_up.require_recent(session, actor, now)
    passkey = _owned(session, actor, passkey_id)
    session.delete(passkey)
    audit.note(session, actor, "security.passkey_deleted", passkey.name)
    notices.tell(session, actor, "passkey_deleted", locale=locale, now=now, name=passkey.name)


def begin_sign_in(
    session: Session,
    actor: Actor,
    *,
    browser: str,
    address: str = "",
    now: datetime | None = None,
) -> dict[str, Any]:
    """
    What the browser asks its passkeys with; which account it will be, the passkey tells.

    Raises Invalid without a browser, LimitReached.
    """
    limits.check(session, "passkeys by address", address, now)
    challenge = _challenge(session, SIGN_IN, browser, None, now)
    return ceremonies.request_options(_drawn(challenge))


def finish_sign_in(
    session: Session,
    actor: Actor,
    answer: Any,
    *,
    browser: str,
    address: str,
    now: datetime | None = None,
) -> str:
    """The ticket that `sessions.enter` takes, for a passkey's answer. Raises Invalid, LimitReached."""
    limits.check(session, "passkeys by address", address, now)
    challenge, drawn = _answered(session, SIGN_IN, answer, browser, now)
    found = session.execute(_ACCOUNT_OF, {"credential": ceremonies.part(answer, "id")}).scalar()
    if found is None:
        raise Invalid("security.passkey_unknown")
    account_id = int(found)
    with speaking_for(session, account_id):
        _verify(session, account_id, answer, drawn, now, handle_needed=True)
    challenge.account_id = account_id
    challenge.email = session.execute(
        select(Account.email).where(col(Account.id) == account_id)
    ).scalar_one()
    return challenges.ticket(challenge)


def begin_proof(
    session: Session, actor: Actor, *, browser: str, now: datetime | None = None
) -> dict[str, Any]:
    """As `begin_sign_in`, for somebody who is signed in and has passkeys. Raises Invalid."""
    own = _own(session, actor)
    if not own:
        raise Invalid("security.passkey_unknown")
    challenge = _challenge(session, PROVE, browser, actor.account_id, now)
    return ceremonies.request_options(_drawn(challenge), _known(own))


def finish_proof(
    session: Session, actor: Actor, answer: Any, *, browser: str, now: datetime | None = None
) -> None:
    """Returns if a passkey of the actor's own account answered. Raises Invalid."""
    challenge, drawn = _answered(session, PROVE, answer, browser, now)
    if not actor.account_id or challenge.account_id != actor.account_id:
        raise Invalid("security.passkey_gone")
    _verify(session, actor.account_id, answer, drawn, now, handle_needed=False)


def _verify(
    session: Session,
    account_id: int,
    answer: Any,
    drawn: bytes,
    now: datetime | None,
    *,
    handle_needed: bool,
) -> None:
    """Check the answer against the account's own passkey, and count its use."""
    query = (
        select(Passkey)
        .where(
            col(Passkey.credential_id) == ceremonies.part(answer, "id"),
            col(Passkey.account_id) == account_id,
        )
        .with_for_update()
    )
    passkey = session.execute(query).scalar_one_or_none()
    if passkey is None:
        raise Invalid("security.passkey_unknown")
    handle = answer["response"].get("userHandle")
    if handle != passkey.user_handle and (handle or handle_needed):
        raise Invalid("security.passkey_wrong")
    passkey.sign_count, passkey.backed_up = ceremonies.check_answer(
        answer, drawn, *_known([passkey])
    )
    passkey.last_used_at = now or this_moment()


def _challenge(
    session: Session, purpose: str, browser: str, account_id: int | None, now: datetime | None
) -> Challenge:
    """A new one; earlier ones of this browser for the same are void."""
    if not browser:
        raise Invalid("auth.cookies_needed")
    now = now or this_moment()
    browser_hash = security.digest(browser)
    session.execute(
        delete(Challenge).where(
            col(Challenge.purpose) == purpose,
            col(Challenge.browser_hash) == browser_hash,
            col(Challenge.ticket_hash).is_(None),
        )
    )
    challenge = Challenge(
        purpose=purpose,
        email="",
        account_id=account_id,
        browser_hash=browser_hash,
        code_hash=secrets.token_hex(32),
        created_at=now,
        sent_at=now,
        expires_at=now + LASTS,
    )
    session.add(challenge)
    session.flush()
    return challenge


def _answered(
    session: Session, purpose: str, answer: Any, browser: str, now: datetime | None
) -> tuple[Challenge, bytes]:
    """The waiting challenge that this answers, and its bytes; it cannot be answered again."""
    now = now or this_moment()
    drawn = ceremonies.challenge_in(answer)
    query = select(Challenge).where(
        col(Challenge.purpose) == purpose,
        col(Challenge.browser_hash) == security.digest(browser),
        col(Challenge.code_hash) == drawn.hex(),
        col(Challenge.used_at).is_(None),
        col(Challenge.expires_at) > now,
    )
    challenge = session.execute(query.with_for_update()).scalar_one_or_none()
    if challenge is None:
        raise Invalid("security.passkey_gone")
    challenge.used_at = now
    return challenge, drawn


def _drawn(challenge: Challenge) -> bytes:
    return bytes.fromhex(challenge.code_hash)


def _own(session: Session, actor: Actor) -> list[Passkey]:
    query = (
        select(Passkey)
        .where(col(Passkey.account_id) == actor.account_id)
        .order_by(col(Passkey.id))
        .limit(MOST)
    )
    return list(session.execute(query).scalars())


def count_passkeys(session: Session, account_id: int) -> int:
    with speaking_for(session, account_id):
        query = select(func.count()).where(col(Passkey.account_id) == account_id)
        return session.execute(query).scalar_one()


def _owned(session: Session, actor: Actor, passkey_id: Any) -> Passkey:
    query = select(Passkey).where(
        col(Passkey.id) == as_id(passkey_id), col(Passkey.account_id) == actor.account_id
    )
    passkey = session.execute(query.with_for_update()).scalar_one_or_none()
    if passkey is None:
        raise NotFound
    return passkey


def _known(passkeys: list[Passkey]) -> list[Known]:
    return [
        Known(
            credential_id=passkey.credential_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            transports=passkey.transports,
        )
        for passkey in passkeys
    ]


def _name(typed: Any) -> str:
    name = " ".join(typed.split())[:MAX_NAME] if isinstance(typed, str) else ""
    if not name or not name.isprintable():
        raise Invalid("security.passkey_name_missing")
    return name


def _row(passkey: Passkey) -> PasskeyRow:
    assert passkey.id
    return PasskeyRow(
        id=passkey.id,
        name=passkey.name,
        created_at=passkey.created_at,
        last_used_at=passkey.last_used_at,
        backed_up=passkey.backed_up,
    )
