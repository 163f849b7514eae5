"""The browsers in which a person is signed in: which they are, and ending them from afar."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, as_id
from chatrigo.domain.accounts import notices
from chatrigo.domain.accounts.devices import browser_of, is_handheld, system_of
from chatrigo.domain.accounts.sessions import IDLE
from chatrigo.errors import NotFound
from chatrigo.events import NOBODY, SessionsEnded, record
from chatrigo.models.account import AuthSession
from chatrigo.models.columns import now as this_moment

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class SessionRow:
    """`browser` and `system` are names, or empty for what we don't know."""

    id: int
    browser: str
    system: str
    handheld: bool
    address: str
    created_at: datetime
    last_seen_at: datetime
    here: bool


def list_sessions(session: Session, actor: Actor, now: datetime | None = None) -> list[SessionRow]:
    """Where the actor's account is signed in: this browser first, then the last seen."""
    account = notices.person(session, actor)
    query = (
        select(AuthSession)
        .where(*_alive(account.id, now))
        .order_by(
            (col(AuthSession.id) == actor.session_id).desc(),
            col(AuthSession.last_seen_at).desc(),
            col(AuthSession.id).desc(),
        )
        .limit(MOST_LISTED)
    )
    return [_row(kept, actor) for kept in session.execute(query).scalars()]


def revoke(
    session: Session,
    actor: Actor,
    session_id: Any,
    *,
    locale: str = "id",
    now: datetime | None = None,
) -> None:
    """End one of the account's sessions, at once. Raises NotFound."""
    account = notices.person(session, actor)
    ended = _end(session, account.id, [col(AuthSession.id) == as_id(session_id)], now)
    if not ended:
        raise NotFound
    _tell(session, actor, ended, "session_revoked", locale, now)


def revoke_others(
    session: Session, actor: Actor, *, locale: str = "id", now: datetime | None = None
) -> int:
    """End every session of the account but this one; returns how many."""
    notices.person(session, actor)
    ended = end_others(session, actor, now)
    if ended:
        _tell(session, actor, ended, "sessions_revoked", locale, now)
    return len(ended)


def end_others(session: Session, actor: Actor, now: datetime | None = None) -> list[AuthSession]:
    """As `revoke_others`, for a change that is told and noted by itself: a new password, say."""
    return _end(session, actor.account_id, [col(AuthSession.id) != actor.session_id], now)


def which_are_over(
    session: Session, actor: Actor, token_hashes: list[str], now: datetime | None = None
) -> set[str]:
    """Those of these tokens that open nothing any more."""
    query = select(AuthSession.token_hash).where(
        col(AuthSession.token_hash).in_(token_hashes), *_alive(None, now)
    )
    return set(token_hashes) - set(session.execute(query).scalars())


def _end(
    session: Session,
    account_id: int | None,
    which: list[ColumnElement[bool]],
    now: datetime | None,
) -> list[AuthSession]:
    ended = session.execute(
        update(AuthSession)
        .where(*_alive(account_id, now), *which)
        .values(revoked_at=now or this_moment())
        .returning(AuthSession)
    )
    found = list(ended.scalars())
    if found:
        record(session, SessionsEnded(NOBODY, tuple(each.token_hash for each in found)))
    return found


def _alive(account_id: int | None, now: datetime | None = None) -> list[ColumnElement[bool]]:
    now = now or this_moment()
    mine = [col(AuthSession.account_id) == account_id] if account_id is not None else []
    return [
        *mine,
        col(AuthSession.revoked_at).is_(None),
        col(AuthSession.expires_at) > now,
        col(AuthSession.last_seen_at) > now - IDLE,
    ]


def _tell(
    session: Session,
    actor: Actor,
    ended: list[AuthSession],
    what: str,
    locale: str,
    now: datetime | None,
) -> None:
    names = ", ".join(_name(each) for each in ended)
    audit.note(session, actor, f"security.{what}", names)
    notices.tell(session, actor, what, locale=locale, now=now, count=len(ended), name=names)


def _name(kept: AuthSession) -> str:
    words = " · ".join(filter(None, (browser_of(kept.user_agent), system_of(kept.user_agent))))
    return f"{words or '?'} ({kept.address or '-'})"


def _row(kept: AuthSession, actor: Actor) -> SessionRow:
    assert kept.id
    return SessionRow(
        id=kept.id,
        browser=browser_of(kept.user_agent),
        system=system_of(kept.user_agent),
        handheld=is_handheld(kept.user_agent),
        address=kept.address,
        created_at=kept.created_at,
        last_seen_at=kept.last_seen_at,
        here=kept.id == actor.session_id,
    )
