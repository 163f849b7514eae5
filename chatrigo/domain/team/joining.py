"""
What an invited person does with the link: read it, sign up if they must, accept.

The link alone makes nobody a member. Whoever has an account accepts signed in under the address
that was invited; whoever has none signs up, and shows the code that is mailed to that address.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import limits, security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, enter, owned
from chatrigo.domain.accounts import businesses, challenges
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.domain.accounts.passwords import acceptable
from chatrigo.domain.fields import line_of
from chatrigo.domain.team.invitations import held
from chatrigo.domain.team.members import announce, name_of
from chatrigo.errors import Invalid
from chatrigo.models.account import Account, Challenge, Membership
from chatrigo.models.business import Business
from chatrigo.models.columns import now as this_moment
from chatrigo.models.team import Invitation

PURPOSE = "join"
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class InvitationView:
    """
    What the page shows. `standing` is

    mine      the person who is signed in is the one who was invited
    other     somebody else is signed in: `email` is veiled
    sign_in   the address has an account that works somewhere: sign in with it
    sign_up   there is no account yet, or one that works nowhere any more
    """

    standing: str
    business_name: str
    inviter: str
    role: str
    email: str


def look(session: Session, actor: Actor, token: Any, now: datetime | None = None) -> InvitationView:
    """What the link says to whoever looks. Raises Invalid for one that is over."""
    invitation = _valid(session, token, now or this_moment())
    standing = _standing(session, actor, invitation)
    return InvitationView(
        standing=standing,
        business_name=_business_name(session, invitation),
        inviter=name_of(session, invitation.inviter_id or 0),
        role=invitation.role,
        email=_veiled(invitation.email) if standing == "other" else invitation.email,
    )


def accept(session: Session, actor: Actor, token: Any, now: datetime | None = None) -> int:
    """
    Join as the person who is signed in; returns the business. Anybody but the invited person
    is refused, and the invitation waits on. Raises Invalid.
    """
    moment = now or this_moment()
    invitation = _valid(session, token, moment)
    if _standing(session, actor, invitation) != "mine":
        raise Invalid("team.invitation_other", email=_veiled(invitation.email))
    assert actor.account_id
    _join(session, invitation, actor.account_id, moment, actor.session_id)
    return invitation.business_id


def start(
    session: Session,
    actor: Actor,
    token: Any,
    name: Any,
    password: Any,
    *,
    browser: str,
    address: str = "",
    locale: str = "id",
    now: datetime | None = None,
) -> Issued:
    """
    Sign up for the invitation: mail a code to the invited address. Nothing is made yet.

    Raises Invalid, LimitReached.
    """
    moment = now or this_moment()
    limits.check(session, "sign-up by address", address, moment)
    invitation = _valid(session, token, moment)
    if _standing(session, actor, invitation) != "sign_up":
        raise Invalid("auth.already_registered")
    called = line_of(name, "team.name", most=MAX_NAME, least=1)
    email = invitation.email
    chosen = acceptable(password, about=(email, email.partition("@")[0], called))
    return challenges.issue(
        session,
        PURPOSE,
        email,
        browser=browser,
        address=address,
        locale=locale,
        payload={
            "token_hash": invitation.token_hash,
            "invitation": str(invitation.id),
            "joins": invitation.business_id,
            "name": called,
            "password_hash": security.hash_password(chosen),
        },
        now=now,
    )


def confirm(
    session: Session,
    actor: Actor,
    challenge_id: Any,
    code: Any,
    *,
    browser: str,
    address: str = "",
    now: datetime | None = None,
) -> str:
    """Make the account and the membership; returns the ticket to enter with."""
    moment = now or this_moment()
    challenge = challenges.answer(
        session, PURPOSE, challenge_id, code, browser, address=address, now=now
    )
    business = enter(session, challenge.payload["joins"], "system")
    invitation = owned(session, business, Invitation, challenge.payload["invitation"])
    if invitation.token_hash != challenge.payload["token_hash"] or invitation.expires_at <= moment:
        raise Invalid("team.invitation_gone")
    challenge.account_id = _account(session, challenge, moment)
    _join(session, invitation, challenge.account_id, moment)
    challenge.payload = {}
    return challenges.ticket(challenge)


def _valid(session: Session, token: Any, now: datetime) -> Invitation:
    invitation = held(session, token)
    if invitation.expires_at <= now:
        raise Invalid("team.invitation_gone")
    return invitation


def _standing(session: Session, actor: Actor, invitation: Invitation) -> str:
    query = select(Account.id, Account.email)
    if actor.account_id is not None:
        mine = session.execute(query.where(col(Account.id) == actor.account_id)).one()
        return "mine" if mine.email == invitation.email else "other"
    known = session.execute(query.where(Account.email == invitation.email)).first()
    if known is None or not known.id:
        return "sign_up"
    return "sign_in" if _works_somewhere(session, known.id) else "sign_up"


def _works_somewhere(session: Session, account_id: int) -> bool:
    """Whoever works nowhere can't sign in; the invitation is their way back."""
    businesses.speak_for(session, account_id)
    query = select(Membership.id).where(Membership.account_id == account_id).limit(1)
    found = session.execute(query).first() is not None
    businesses.speak_for(session, None)
    return found


def _join(
    session: Session,
    invitation: Invitation,
    account_id: int,
    now: datetime,
    session_id: int = 0,
) -> None:
    """Raises Invalid if the invitation was answered or taken back meanwhile."""
    enter(session, invitation.business_id, "system")
    newcomer = Actor(account_id, invitation.business_id, invitation.role, session_id)
    session.refresh(invitation, with_for_update=True)
    if invitation.accepted_at or invitation.revoked_at:
        raise Invalid("team.invitation_gone")
    invitation.accepted_at = now
    joined = insert(Membership).values(
        business_id=invitation.business_id,
        account_id=account_id,
        role=invitation.role,
        created_at=now,
    )
    session.execute(joined.on_conflict_do_nothing(index_elements=["business_id", "account_id"]))
    session.flush()
    audit.note(session, newcomer, "team.joined", invitation.email, after={"role": invitation.role})
    announce(session, newcomer)


def _account(session: Session, challenge: Challenge, now: datetime) -> int:
    """A new account, or the one that works nowhere with its new password."""
    values = {
        "name": challenge.payload["name"],
        "password_hash": challenge.payload["password_hash"],
    }
    added = session.execute(
        insert(Account)
        .values(email=challenge.email, created_at=now, **values)
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(Account.id)
    ).scalar_one_or_none()
    if added is not None:
        return added
    known = session.execute(
        select(Account).where(Account.email == challenge.email).with_for_update()
    ).scalar_one()
    assert known.id
    if _works_somewhere(session, known.id):
        raise Invalid("auth.already_registered")
    known.name, known.password_hash = values["name"], values["password_hash"]
    session.flush()
    return known.id


def _business_name(session: Session, invitation: Invitation) -> str:
    query = select(Business.name).where(Business.id == invitation.business_id)
    return session.execute(query).scalar_one()


def _veiled(email: str) -> str:
    """Enough to recognise one's own address, not to learn somebody's: r•••@toko.id."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
