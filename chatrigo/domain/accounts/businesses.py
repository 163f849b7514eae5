"""The businesses a person works in, and in which of them a browser is at work."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo import security
from chatrigo.domain.access import Actor, as_id
from chatrigo.errors import Forbidden, NotFound, SignedOut
from chatrigo.events import NOBODY, SessionsChanged, SessionsEnded, record
from chatrigo.models.account import AuthSession, Membership
from chatrigo.models.business import Business
from chatrigo.models.columns import now

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class WorkplaceRow:
    """A business, and what the person is in it."""

    id: int
    name: str
    role: str


def list_workplaces(session: Session, actor: Actor) -> list[WorkplaceRow]:
    """All businesses of the actor's account, by name."""
    if actor.account_id is None:
        raise SignedOut
    query = (
        select(Business.id, Business.name, Membership.role)
        .join(Membership, col(Membership.business_id) == Business.id)
        .where(Membership.account_id == actor.account_id)
        .order_by(func.lower(Business.name), col(Business.id))
        .limit(MOST_LISTED)
    )
    return [WorkplaceRow(id or 0, name, role) for id, name, role in session.execute(query)]


def switch_business(session: Session, actor: Actor, business_id: Any) -> str:
    """
    Let the actor's browser work in another business of theirs; returns the session's new token.

    The old token opens nothing any more: a session that may do other things than before is
    another secret. Raises NotFound.
    """
    if actor.account_id is None or not actor.session_id:
        raise SignedOut
    if actor.support_id:
        raise Forbidden  # they come out by the door through which they came in
    wanted = as_id(business_id)
    works_there = select(Membership.id).where(
        Membership.account_id == actor.account_id, Membership.business_id == wanted
    )
    if session.execute(works_there).first() is None:
        raise NotFound
    token = security.token()
    kept = session.get_one(AuthSession, actor.session_id, with_for_update=True)
    record(session, SessionsChanged(NOBODY, (kept.token_hash,)))
    kept.business_id, kept.token_hash = wanted, security.digest(token)
    session.flush()
    return token


def send_elsewhere(session: Session, actor: Actor, account_id: int) -> None:
    """
    Somebody has left the actor's business: their browsers at work in it fall to the first of
    their other businesses, or are signed out.
    """
    other = _first_workplace(session, actor, account_id)
    hashes = _change(
        session,
        actor,
        account_id,
        {"business_id": other} if other else {"revoked_at": now()},
    )
    fact = SessionsChanged if other else SessionsEnded
    record(session, fact(NOBODY, hashes))


def load_anew(session: Session, actor: Actor, account_id: int) -> None:
    """What somebody may do in the actor's business has changed: their tabs there load anew."""
    record(session, SessionsChanged(NOBODY, _change(session, actor, account_id, {})))


def _change(
    session: Session, actor: Actor, account_id: int, change: dict[str, Any]
) -> tuple[str, ...]:
    """Change the live sessions of an account in the actor's business; the hashes of their tokens."""
    here = (
        col(AuthSession.account_id) == account_id,
        col(AuthSession.business_id) == actor.business_id,
        col(AuthSession.revoked_at).is_(None),
    )
    statement: Any = select(AuthSession).where(*here)
    if change:
        statement = update(AuthSession).where(*here).values(**change).returning(AuthSession)
    return tuple(each.token_hash for each in session.execute(statement).scalars())


def _first_workplace(session: Session, actor: Actor, account_id: int) -> int | None:
    """Row-level security shows memberships elsewhere to the account itself: speak for it shortly."""
    speak_for(session, account_id)
    query = (
        select(Membership.business_id)
        .where(Membership.account_id == account_id, Membership.business_id != actor.business_id)
        .order_by(col(Membership.id))
        .limit(1)
    )
    found = session.execute(query).scalar()
    speak_for(session, actor.account_id)
    return found


def speak_for(session: Session, account_id: int | None) -> None:
    session.execute(
        text("SELECT set_config('chatrigo.account_id', :account, true)"),
        {"account": str(account_id or "")},
    )
