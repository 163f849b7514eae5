"""Browsers in which a person's password is enough, because they showed a second proof there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, as_id, speaking_for
from chatrigo.domain.accounts import notices
from chatrigo.errors import NotFound, SignedOut
from chatrigo.models.account import Challenge, TrustedDevice
from chatrigo.models.columns import now as this_moment

LASTS = timedelta(days=30)
# A cookie holds a few tokens: colleagues share the browser at the counter.
SHARED_BY = 4


@dataclass(frozen=True, slots=True)
class DeviceRow:
    id: int
    user_agent: str
    address: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


def remember(
    session: Session,
    actor: Actor,
    ticket: str,
    kept: str,
    *,
    user_agent: str = "",
    address: str = "",
    now: datetime | None = None,
) -> str:
    """
    Trust the browser if the person asked for it when they earned this ticket.

    Call it in the transaction that exchanges the ticket. Returns what its cookie shall hold, from
    what it holds now (`kept`); empty if it need not change.
    """
    query = select(Challenge).where(Challenge.ticket_hash == security.digest(ticket))
    challenge = session.execute(query).scalar_one_or_none()
    if challenge is None or challenge.account_id is None or not challenge.payload.get("trust"):
        return ""
    now = now or this_moment()
    token = security.token()
    with speaking_for(session, challenge.account_id):
        _forget_old(session, now)
        session.add(
            TrustedDevice(
                account_id=challenge.account_id,
                token_hash=security.digest(token),
                user_agent=user_agent[:300],
                address=address[:64],
                created_at=now,
                last_used_at=now,
                expires_at=now + LASTS,
            )
        )
    return ".".join([token, *_tokens(kept)][:SHARED_BY])


def knows(session: Session, account_id: int | None, kept: str, now: datetime | None = None) -> bool:
    """Whether this browser is trusted by the account; `kept` is what its cookie holds."""
    now = now or this_moment()
    hashes = [security.digest(token) for token in _tokens(kept)]
    with speaking_for(session, account_id or 0):
        found = session.execute(
            update(TrustedDevice)
            .where(
                col(TrustedDevice.account_id) == (account_id or 0),
                col(TrustedDevice.token_hash).in_(hashes),
                col(TrustedDevice.expires_at) > now,
            )
            .values(last_used_at=now)
            .returning(TrustedDevice.id)
        )
        return found.first() is not None


def list_devices(session: Session, actor: Actor, now: datetime | None = None) -> list[DeviceRow]:
    """The actor's own, the last used first."""
    query = (
        select(TrustedDevice)
        .where(
            col(TrustedDevice.account_id) == _person(actor),
            col(TrustedDevice.expires_at) > (now or this_moment()),
        )
        .order_by(col(TrustedDevice.last_used_at).desc(), col(TrustedDevice.id).desc())
        .limit(50)
    )
    return [
        DeviceRow(
            id=device.id or 0,
            user_agent=device.user_agent,
            address=device.address,
            created_at=device.created_at,
            last_used_at=device.last_used_at,
            expires_at=device.expires_at,
        )
        for device in session.execute(query).scalars()
    ]


def revoke(session: Session, actor: Actor, id: Any, *, locale: str = "id") -> None:
    """Trust one of the actor's browsers no more, and tell them by mail. Raises NotFound."""
    gone = session.execute(
        delete(TrustedDevice)
        .where(col(TrustedDevice.id) == as_id(id), col(TrustedDevice.account_id) == _person(actor))
        .returning(TrustedDevice.user_agent)
    ).first()
    if gone is None:
        raise NotFound
    audit.note(session, actor, "security.device_revoked", before={"device": gone.user_agent})
    name = notices.device_in_words(gone.user_agent, locale)
    notices.tell(session, actor, "device_revoked", locale=locale, name=name)


def revoke_all(session: Session, account_id: int) -> int:
    """Trust none of the account's browsers any more; returns how many it were."""
    with speaking_for(session, account_id):
        gone = session.execute(
            delete(TrustedDevice)
            .where(col(TrustedDevice.account_id) == account_id)
            .returning(TrustedDevice.id)
        )
        return len(gone.all())


def _forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(TrustedDevice).where(col(TrustedDevice.expires_at) <= now))


def _person(actor: Actor) -> int:
    if actor.account_id is None:
        raise SignedOut
    return actor.account_id


def _tokens(kept: str) -> list[str]:
    return [token for token in kept[:400].split(".") if token][:SHARED_BY]
