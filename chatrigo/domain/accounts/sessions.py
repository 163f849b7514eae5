"""Who is signed in, in which browser: from the ticket of an answered code to signing out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import TextClause, text, update
from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo import security
from chatrigo.domain import access, audit
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import challenges
from chatrigo.domain.operator import support
from chatrigo.errors import Invalid, SignedOut
from chatrigo.events import NOBODY, SessionsChanged, SessionsEnded, record
from chatrigo.models.account import Account, AuthSession, Challenge, Membership
from chatrigo.models.columns import now as this_moment

ABSOLUTE = timedelta(days=30)
IDLE = timedelta(hours=12)
TICKET_LASTS = timedelta(seconds=60)
# The purpose of a ticket that makes no new session.
ROTATION = "rotate"
# Writing at every click would cost more than knowing the second is worth.
SEEN_EVERY = timedelta(minutes=1)

# Asked at every event, hence by hand. The first statement also speaks for the account it finds:
# row-level security shows an account its own memberships, and nobody else's. The role is read
# afresh each time, so that a changed one counts at once.
_FIND = """
    SELECT s.id, s.account_id, s.business_id, s.last_seen_at, s.support_id, a.name, a.email,
        b.name AS business_name, b.slug, b.zone, b.suspended_at, b.suspension_reason,
        set_config('chatrigo.account_id', CAST(s.account_id AS text), true)
    FROM auth_session s
    JOIN account a ON a.id = s.account_id
    JOIN business b ON b.id = s.business_id
    WHERE {column} = :hash AND s.revoked_at IS NULL
        AND s.expires_at > :now AND s.last_seen_at > :idle_since
    """
_BY_TOKEN = text(_FIND.format(column="s.token_hash"))
_BY_ROTATION = text(_FIND.format(column="s.rotated_by"))
_ROLE = text(
    """
    SELECT (SELECT role FROM membership
            WHERE account_id = :account_id AND business_id = :business_id) AS role,
        EXISTS (SELECT FROM operator WHERE account_id = :account_id) AS operates
    """
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """
    A person at work in one of their businesses.

    operates       one of our own team
    support_until  when the consent ends under which an operator looks at this business
    suspended      why the business is closed for the time being, or empty
    """

    actor: Actor
    session_id: int
    name: str
    email: str
    business_name: str
    business_slug: str
    zone: str
    operates: bool = False
    support_until: datetime | None = None
    suspended: str = ""


def enter(
    session: Session,
    actor: Actor,
    ticket: str,
    browser: str,
    *,
    replaces: str = "",
    user_agent: str = "",
    address: str = "",
    now: datetime | None = None,
) -> str:
    """
    Turn a ticket into a session; returns its token, which is stored nowhere.

    A ticket is good once, for a minute, in the browser that answered the code. The session whose
    token the browser had until now (`replaces`) ends. Raises Invalid.
    """
    now = now or this_moment()
    challenge = _spend(session, ticket, browser, now)
    if challenge.purpose == ROTATION or challenge.account_id is None:
        raise Invalid("auth.ticket_gone")
    leave(session, actor, replaces, now)
    token = security.token()
    business_id, role = _first_business(session, challenge.account_id)
    entered = AuthSession(
        token_hash=security.digest(token),
        account_id=challenge.account_id,
        business_id=business_id,
        user_agent=user_agent[:300],
        address=address[:64],
        created_at=now,
        last_seen_at=now,
        confirmed_at=now,
        expires_at=now + ABSOLUTE,
    )
    session.add(entered)
    session.flush()
    access.enter(session, business_id, role)
    person = Actor(challenge.account_id, business_id, role, entered.id or 0)
    audit.note(session, person, "account.signed_in", challenge.email)
    return token


def rotate(session: Session, actor: Actor, *, browser: str, now: datetime | None = None) -> str:
    """
    End the token of the actor's session, at a change of what it may do; the session goes on.

    Returns the ticket for which `/auth/rotate` gives this browser the new token (`renew`). The
    tab that has the ticket finds the session by it meanwhile (`find_rotated`); sockets that were
    opened with the old token are dropped. Raises SignedOut.
    """
    now = now or this_moment()
    kept = session.get(AuthSession, actor.session_id, with_for_update=True)
    if kept is None or kept.account_id != actor.account_id or kept.revoked_at is not None:
        raise SignedOut
    account = session.get(Account, kept.account_id)
    assert account is not None
    passed = challenges.begin(
        session, ROTATION, account, browser=browser, payload={"session": kept.id}, now=now
    )
    passed.used_at = now
    ticket = challenges.ticket(passed)
    record(session, SessionsChanged(NOBODY, (kept.token_hash,)))
    kept.token_hash = security.digest(security.token())
    kept.rotated_by = security.digest(ticket)
    return ticket


def renew(
    session: Session, actor: Actor, ticket: str, browser: str, now: datetime | None = None
) -> str:
    """The new token of a session that was rotated. Raises Invalid."""
    now = now or this_moment()
    challenge = _spend(session, ticket, browser, now)
    kept = session.get(AuthSession, challenge.payload.get("session") or 0, with_for_update=True)
    if challenge.purpose != ROTATION or kept is None or kept.revoked_at is not None:
        raise Invalid("auth.ticket_gone")
    token = security.token()
    kept.token_hash = security.digest(token)
    return token


def find(
    session: Session, actor: Actor, token: str, now: datetime | None = None
) -> SignedIn | None:
    """Who holds this token; None if nobody does any more. Called at every event."""
    return _find(session, _BY_TOKEN, token, now or this_moment()) if token else None


def find_rotated(
    session: Session, actor: Actor, ticket: str, now: datetime | None = None
) -> SignedIn | None:
    """Whose session was last rotated for this ticket, in the tab that asked for it."""
    return _find(session, _BY_ROTATION, ticket, now or this_moment()) if ticket else None


def _find(session: Session, query: TextClause, secret: str, now: datetime) -> SignedIn | None:
    kept = session.execute(
        query, {"hash": security.digest(secret), "now": now, "idle_since": now - IDLE}
    ).one_or_none()
    if kept is None:
        return None
    role, operates = session.execute(_ROLE, kept._asdict()).one()
    until = None
    if kept.support_id:
        until = support.good_until(session, kept.account_id, kept.business_id, kept.support_id, now)
        if until is None:
            support.end(session, kept.account_id, kept.business_id, kept.id)
            return _find(session, query, secret, now)
        role = "viewer"
    if role is None:
        return None
    if kept.last_seen_at < now - SEEN_EVERY:
        session.execute(
            update(AuthSession).where(AuthSession.id == kept.id).values(last_seen_at=now)
        )
    return SignedIn(
        actor=Actor(kept.account_id, kept.business_id, role, kept.id, kept.support_id or 0),
        session_id=kept.id,
        name=kept.name,
        email=kept.email,
        business_name=kept.business_name,
        business_slug=kept.slug,
        zone=kept.zone,
        operates=operates,
        support_until=until,
        suspended=kept.suspension_reason if kept.suspended_at else "",
    )


def leave(session: Session, actor: Actor, token: str, now: datetime | None = None) -> None:
    """Sign out: the token opens nothing any more. Repeating it, or a wrong token, does no harm."""
    ended = session.execute(
        update(AuthSession)
        .where(AuthSession.token_hash == security.digest(token), AuthSession.revoked_at.is_(None))
        .values(revoked_at=now or this_moment())
        .returning(
            AuthSession.token_hash,
            AuthSession.account_id,
            AuthSession.business_id,
            AuthSession.id,
        )
    ).one_or_none()
    if ended is None:
        return
    _hang_up(session, [ended.token_hash])
    access.enter(session, ended.business_id, "public")
    person = Actor(ended.account_id, ended.business_id, "", ended.id)
    audit.note(session, person, "account.signed_out")


def revoke_all(session: Session, actor: Actor, now: datetime | None = None) -> int:
    """Sign the actor's account out everywhere; returns of how many browsers."""
    revoked = session.execute(
        update(AuthSession)
        .where(AuthSession.account_id == actor.account_id, AuthSession.revoked_at.is_(None))
        .values(revoked_at=now or this_moment())
        .returning(AuthSession.token_hash)
    )
    hashes = revoked.scalars().all()
    _hang_up(session, hashes)
    return len(hashes)


def _hang_up(session: Session, token_hashes: Sequence[str]) -> None:
    """Their sockets are closed after the commit, in every process."""
    if token_hashes:
        record(session, SessionsEnded(NOBODY, tuple(token_hashes)))


def _spend(session: Session, ticket: str, browser: str, now: datetime) -> Challenge:
    """The challenge of this ticket, which is good no more. Raises Invalid."""
    challenge = session.execute(
        select(Challenge).where(Challenge.ticket_hash == security.digest(ticket)).with_for_update()
    ).scalar_one_or_none()
    if (
        challenge is None
        or challenge.used_at is None
        or challenge.used_at + TICKET_LASTS < now
        or challenge.browser_hash != security.digest(browser)
    ):
        raise Invalid("auth.ticket_gone")
    challenge.ticket_hash = None
    return challenge


def _first_business(session: Session, account_id: int) -> tuple[int, str]:
    """Where the person works, and as what. Raises Invalid if that is nowhere any more."""
    _speak_for(session, account_id)
    query = (
        select(Membership.business_id, Membership.role)
        .where(Membership.account_id == account_id)
        .order_by(Membership.id)
        .limit(1)
    )
    first = session.execute(query).one_or_none()
    if first is None:
        raise Invalid("auth.no_business")
    return first.business_id, first.role


def _speak_for(session: Session, account_id: int) -> None:
    """Row-level security shows an account its own memberships, and nobody else's."""
    session.execute(
        text("SELECT set_config('chatrigo.account_id', :account, true)"),
        {"account": str(account_id)},
    )
