"""The audit log: every sensitive act, written in the transaction that does it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor
from chatrigo.models.account import Account, AuthSession
from chatrigo.models.audit import AuditEntry


def note(
    session: Session,
    actor: Actor,
    act: str,
    subject: str = "",
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """
    Write down that the actor did `act` to `subject`, from the browser of its session.

    `act` is a key of the catalogue's area `audit` (`team.invited`). `before` and `after` hold the
    fields that changed; never a secret, a code or a customer's message.
    """
    address, user_agent = _from_where(session, actor)
    session.add(
        AuditEntry(
            business_id=actor.business_id,
            account_id=actor.account_id,
            actor_name=_name(session, actor),
            act=act,
            subject=subject[:300],
            before=dict(before or {}),
            after=dict(after or {}),
            address=address,
            user_agent=user_agent,
        )
    )


def _name(session: Session, actor: Actor) -> str:
    if actor.account_id is None:
        return actor.role
    query = select(Account.email).where(col(Account.id) == actor.account_id)
    return session.execute(query).scalar() or ""


def _from_where(session: Session, actor: Actor) -> tuple[str, str]:
    if not actor.session_id:
        return "", ""
    query = select(AuthSession.address, AuthSession.user_agent).where(
        col(AuthSession.id) == actor.session_id
    )
    found = session.execute(query).one_or_none()
    return (found.address, found.user_agent) if found else ("", "")
