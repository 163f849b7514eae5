"""Proving again who one is, before money, roles, exports, deletions and keys."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain.access import Actor
from chatrigo.errors import ConfirmItsYou
from chatrigo.models.account import AuthSession
from chatrigo.models.columns import now as this_moment

GOOD_FOR = timedelta(minutes=10)


def require_recent(session: Session, actor: Actor, now: datetime | None = None) -> None:
    """
    Raises ConfirmItsYou unless the person proved who they are within GOOD_FOR in this browser.

    Our own work (`system`) has nobody to ask and passes.
    """
    if actor.role == "system":
        return
    query = select(AuthSession.confirmed_at).where(
        col(AuthSession.id) == actor.session_id,
        col(AuthSession.account_id) == actor.account_id,
    )
    confirmed_at = session.execute(query).scalar()
    if confirmed_at is None or confirmed_at < (now or this_moment()) - GOOD_FOR:
        raise ConfirmItsYou
