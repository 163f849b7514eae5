"""
Looking into a business as its owner allowed: read-only, for a while, and written down.

An operator's session is then in that business under `support_id`. Whoever asks who is signed in
(`sessions.find`, at every event) asks here whether the consent still stands, and the transaction
of such an actor is read-only (`db.transaction`): not even a mistake of ours can write in it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.domain.access import Actor, as_id, enter
from chatrigo.domain.audit import note
from chatrigo.domain.operator.crossing import require_operator
from chatrigo.errors import Forbidden
from chatrigo.models.account import AuthSession, Membership
from chatrigo.models.audit import AuditEntry
from chatrigo.models.columns import now as this_moment
from chatrigo.models.operator import Operator, SupportGrant

# What is looked at again within this time is not written down again.
ONCE_PER = timedelta(minutes=10)


def open_business(session: Session, actor: Actor, id: Any) -> None:
    """
    Go in, in this browser. Raises Forbidden without the owner's consent, ConfirmItsYou, NotFound.
    """
    require_operator(session, actor, act=True)
    business_id = as_id(id)
    inside = _inside(session, actor, business_id)
    consent = session.execute(_standing(business_id, this_moment())).scalars().first()
    if consent is None or not actor.session_id:
        raise Forbidden("operator.no_consent")
    session.execute(
        update(AuthSession)
        .where(col(AuthSession.id) == actor.session_id)
        .values(business_id=business_id, support_id=consent.id)
    )
    note(session, inside, "support.opened", consent.granted_by_name)


def leave_business(session: Session, actor: Actor, consent_id: int) -> None:
    """Come out again; harmless for whoever is in none. The actor is one who may write."""
    if consent_id:
        inside = _inside(session, actor, actor.business_id)
        note(session, inside, "support.left")
        _come_out(session, actor.session_id, actor.account_id)


def note_look(session: Session, actor: Actor, what: str, where: str) -> None:
    """Write down what an operator looks at; the same again only after a while."""
    inside = _inside(session, actor, actor.business_id)
    known = select(AuditEntry.id).where(
        col(AuditEntry.business_id) == actor.business_id,
        col(AuditEntry.account_id) == actor.account_id,
        col(AuditEntry.act) == "support.looked",
        col(AuditEntry.subject) == where[:300],
        col(AuditEntry.after)["read"].astext == what,  # type: ignore[index]
        col(AuditEntry.created_at) > this_moment() - ONCE_PER,
    )
    if session.execute(known.limit(1)).first() is None:
        note(session, inside, "support.looked", where, after={"read": what})


def good_until(
    session: Session, account_id: int, business_id: int, consent_id: int, now: datetime
) -> datetime | None:
    """When the consent ends, or None if it has: run out, taken back, or no operator any more."""
    enter(session, business_id, "support")
    operates = select(Operator.account_id).where(col(Operator.account_id) == account_id)
    if session.execute(operates).first() is None:
        return None
    standing = _standing(business_id, now).where(col(SupportGrant.id) == consent_id)
    consent = session.execute(standing).scalars().first()
    return consent.expires_at if consent else None


def end(session: Session, account_id: int, business_id: int, session_id: int) -> None:
    """The consent has ended while an operator was inside."""
    inside = Actor(account_id, business_id, "operator", session_id)
    enter(session, business_id, "support")
    note(session, inside, "support.ended")
    _come_out(session, session_id, account_id)


def _standing(business_id: int, now: datetime) -> Any:
    return (
        select(SupportGrant)
        .where(
            col(SupportGrant.business_id) == business_id,
            col(SupportGrant.revoked_at).is_(None),
            col(SupportGrant.expires_at) > now,
        )
        .order_by(col(SupportGrant.expires_at).desc())
    )


def _inside(session: Session, actor: Actor, business_id: int) -> Actor:
    enter(session, business_id, "operator")
    return Actor(actor.account_id, business_id, "operator", actor.session_id)


def _come_out(session: Session, session_id: int, account_id: int | None) -> None:
    """Back to the operator's own first business; signed out without one."""
    session.execute(
        text("SELECT set_config('chatrigo.account_id', :account, true)"),
        {"account": str(account_id)},
    )
    own = (
        select(Membership.business_id)
        .where(col(Membership.account_id) == account_id)
        .order_by(col(Membership.id))
        .limit(1)
    )
    home = session.execute(own).scalar()
    change = {"business_id": home} if home else {"revoked_at": this_moment()}
    session.execute(
        update(AuthSession)
        .where(col(AuthSession.id) == session_id)
        .values(support_id=None, **change)
    )
