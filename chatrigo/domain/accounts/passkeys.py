"""
Passkeys (WebAuthn): a key that a device keeps, opened by its owner's finger, face or PIN.

Every ceremony starts from a challenge that is good once, for five minutes, in the browser that
asked; the answer must come from our own origin, with the user verified.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, text
from sqlalchemy.orm import Session
from sqlmodel import col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from chatrigo import limits, security
from chatrigo.config import settings
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, as_id, speaking_for
from chatrigo.domain.accounts import challenges, notices, step_up
from chatrigo.errors import Invalid, NotFound
from chatrigo.models.account import Account, Challenge
from chatrigo.models.columns import now as this_moment
from chatrigo.models.factors import Passkey

LASTS = timedelta(minutes=5)
MOST = 20
MAX_NAME = 60
SIGN_IN, REGISTER, PROVE = "passkey", "passkey_new", "passkey_proof"
# What a credential of sensible size fits in, written as base64.
LONGEST_PART = 20_000

_VERIFIED = UserVerificationRequirement.REQUIRED
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
    handle = own[0].user_handle if own else bytes_to_base64url(secrets.token_bytes(32))
    challenge = _challenge(session, REGISTER, browser, actor.account_id, now)
    challenge.payload = {"user_handle": handle}
    options = generate_registration_options(
        rp_id=_site(),
        rp_name="Chatrigo",
        user_id=base64url_to_bytes(handle),
        user_name=account.email,
        user_display_name=account.name or account.email,
        challenge=_drawn(challenge),
        timeout=int(LASTS.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_descriptors(own),
    )
    return options_to_json_dict(options)


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
    made = _checked(
        verify_registration_response,
        credential=answer,
        expected_challenge=drawn,
        expected_rp_id=_site(),
        expected_origin=settings.origin,
        require_user_verification=True,
    )
    credential_id = bytes_to_base64url(made.credential_id)
    if session.execute(_ACCOUNT_OF, {"credential": credential_id}).scalar() is not None:
        raise Invalid("security.passkey_known")
    passkey = Passkey(
        account_id=account.id,
        credential_id=credential_id,
        user_handle=challenge.payload["user_handle"],
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(answer),
        backed_up=made.credential_backed_up,
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
    return _request(challenge, [])


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
    found = session.execute(_ACCOUNT_OF, {"credential": _part(answer, "id")}).scalar()
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
    return _request(challenge, _descriptors(own))


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
            col(Passkey.credential_id) == _part(answer, "id"),
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
    seen = _checked(
        verify_authentication_response,
        credential=answer,
        expected_challenge=drawn,
        expected_rp_id=_site(),
        expected_origin=settings.origin,
        credential_public_key=passkey.public_key,
        credential_current_sign_count=passkey.sign_count,
        require_user_verification=True,
    )
    passkey.sign_count = seen.new_sign_count
    passkey.backed_up = seen.credential_backed_up
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
    drawn = _challenge_in(answer)
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


def _challenge_in(answer: Any) -> bytes:
    """The challenge that a browser says it answers; anybody may send anything."""
    try:
        return parse_client_data_json(base64url_to_bytes(_part(answer, "clientDataJSON"))).challenge
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        raise Invalid("security.passkey_wrong") from None


def _part(answer: Any, name: str) -> str:
    """A text of the answer, or of its `response`. Raises Invalid for what has none."""
    inner = answer.get("response") if isinstance(answer, dict) else None
    if not isinstance(inner, dict):
        raise Invalid("security.passkey_wrong")
    parts = [part for part in (*answer.values(), *inner.values()) if isinstance(part, str)]
    value = answer.get(name, inner.get(name))
    if not isinstance(value, str) or any(len(part) > LONGEST_PART for part in parts):
        raise Invalid("security.passkey_wrong")
    return value


def _checked(verify: Any, **what: Any) -> Any:
    """
    The library's verdict. What it could not even read is refused like what is wrong; a used-up
    challenge stays used, so that nothing can be tried twice.
    """
    try:
        return verify(**what)
    except Exception:
        raise Invalid("security.passkey_wrong").keeping() from None


def _request(challenge: Challenge, allowed: list[PublicKeyCredentialDescriptor]) -> dict[str, Any]:
    return options_to_json_dict(
        generate_authentication_options(
            rp_id=_site(),
            challenge=_drawn(challenge),
            timeout=int(LASTS.total_seconds() * 1000),
            allow_credentials=allowed,
            user_verification=_VERIFIED,
        )
    )


def _drawn(challenge: Challenge) -> bytes:
    return bytes.fromhex(challenge.code_hash)


def _site() -> str:
    """The relying party: our host, without scheme and port."""
    return urlsplit(settings.origin).hostname or "localhost"


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


def _descriptors(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(name) for name in passkey.transports] or None,
        )
        for passkey in passkeys
    ]


def _transports(answer: Any) -> list[str]:
    sent = answer["response"].get("transports")
    known = {transport.value for transport in AuthenticatorTransport}
    return [name for name in sent if name in known][:8] if isinstance(sent, list) else []


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
