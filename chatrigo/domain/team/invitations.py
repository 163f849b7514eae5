"""
Asking people in by e-mail.

The mail carries a link with 256 random bits, good once, for seven days, for that address. Only
its hash is stored, and what the sending of the mail needs of it is encrypted. Sending again
makes a new link; the one before is void.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo import duties, limits, security
from chatrigo.config import settings
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.accounts import step_up
from chatrigo.domain.accounts.addresses import address as spelled
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.domain.fields import choice_of
from chatrigo.domain.settings import own_business
from chatrigo.domain.team.members import (
    MOST_MEMBERS,
    OWNERS_ALONE,
    announce,
    lock_team,
    name_of,
    require_reach,
)
from chatrigo.errors import Invalid, NotFound
from chatrigo.i18n import known, translate
from chatrigo.models.account import Account, Membership
from chatrigo.models.columns import now as this_moment
from chatrigo.models.team import Invitation

LASTS = timedelta(days=7)
# An owner is made of somebody who works here already.
ROLES = ("admin", "agent", "viewer")


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """
    One that waits for its answer. `delivery` is waiting, sent or failed; times are ISO 8601.
    `manageable` if the person who looks may send it again or take it back.
    """

    id: int
    email: str
    role: str
    inviter: str
    delivery: str
    sent_at: str
    expires_at: str
    expired: bool
    manageable: bool


def list_invitations(
    session: Session, actor: Actor, now: datetime | None = None
) -> list[InvitationRow]:
    """All that are open, newest first; also those that have run out, until they are taken back."""
    require(actor, "team")
    query = (
        select(Invitation, Account.name, Account.email)
        .outerjoin(Account, col(Account.id) == Invitation.inviter_id)
        .where(*_open(actor))
        .order_by(col(Invitation.sent_at).desc(), col(Invitation.id).desc())
        .limit(MOST_MEMBERS)
    )
    reach = ROLES if actor.role in ("owner", "system") else tuple(set(ROLES) - OWNERS_ALONE)
    moment = now or this_moment()
    return [
        InvitationRow(
            id=each.id or 0,
            email=each.email,
            role=each.role,
            inviter=name or email or "",
            delivery=each.delivery,
            sent_at=each.sent_at.isoformat(),
            expires_at=each.expires_at.isoformat(),
            expired=each.expires_at <= moment,
            manageable=each.role in reach,
        )
        for each, name, email in session.execute(query)
    ]


def invite(
    session: Session,
    actor: Actor,
    email: Any,
    role: Any,
    locale: str = "id",
    now: datetime | None = None,
) -> None:
    """
    Ask somebody in. Raises Invalid for a member or an address that is asked already,
    LimitReached, and for admins ConfirmItsYou.
    """
    require(actor, "team")
    wanted = choice_of(role, "team.role", ROLES)
    if wanted in OWNERS_ALONE:
        step_up.require_recent(session, actor)
    address = spelled(email)
    own_business(session, actor, lock=True)
    team = lock_team(session, actor)
    require_reach(actor, team, wanted)
    moment = now or this_moment()
    _require_new(session, actor, address, moment)
    _require_room(session, actor, len(team))
    token = security.token()
    invitation = Invitation(
        business_id=actor.business_id,
        email=address,
        role=wanted,
        token_hash=security.digest(token),
        inviter_id=actor.account_id,
        locale=known(locale),
        created_at=moment,
    )
    session.add(invitation)
    _send(session, actor, invitation, token, moment)
    audit.note(session, actor, "team.invited", address, after={"role": wanted})


def send_again(
    session: Session, actor: Actor, invitation_id: Any, now: datetime | None = None
) -> None:
    """Mail a new link, good for seven days from now; the one before is void."""
    invitation = _manageable(session, actor, invitation_id)
    token = security.token()
    invitation.token_hash = security.digest(token)
    invitation.sends += 1
    _send(session, actor, invitation, token, now or this_moment())
    audit.note(session, actor, "team.invited_again", invitation.email)


def take_back(session: Session, actor: Actor, invitation_id: Any) -> None:
    """The link opens nothing any more."""
    invitation = _manageable(session, actor, invitation_id)
    invitation.revoked_at = this_moment()
    session.flush()
    audit.note(
        session,
        actor,
        "team.invitation_revoked",
        invitation.email,
        before={"role": invitation.role},
    )
    announce(session, actor)


def letter(session: Session, actor: Actor, invitation_id: int, sends: int, token: str) -> Mail:
    """The mail for the latest sending. Raises NotFound once it is void or answered."""
    invitation = owned(session, actor, Invitation, invitation_id)
    if invitation.sends != sends or invitation.accepted_at or invitation.revoked_at:
        raise NotFound
    values = {
        "business": own_business(session, actor).name,
        "inviter": name_of(session, invitation.inviter_id or 0),
        "role": translate(f"team.role_{invitation.role}", invitation.locale),
        "link": f"{settings.origin}/invite#{token}",
        "days": LASTS.days,
    }
    return Mail(
        invitation.email,
        translate("team.mail_invite_subject", invitation.locale, **values),
        translate("team.mail_invite_text", invitation.locale, **values),
    )


def note_delivery(session: Session, actor: Actor, invitation_id: int, sends: int, how: str) -> None:
    """What became of the mail; a later sending has its own news."""
    invitation = owned(session, actor, Invitation, invitation_id, lock=True)
    if invitation.sends == sends:
        invitation.delivery = how
        session.flush()
        announce(session, actor)


def held(session: Session, token: Any) -> Invitation:
    """
    The invitation that this token opens; row-level security shows it to whoever holds the token.

    Raises Invalid for one that is void, answered or unknown, all in the same words.
    """
    hash = security.digest(token) if isinstance(token, str) and token else ""
    session.execute(text("SELECT set_config('chatrigo.invitation', :hash, true)"), {"hash": hash})
    query = select(Invitation).where(Invitation.token_hash == hash)
    invitation = session.execute(query).scalar_one_or_none()
    if invitation is None or invitation.accepted_at or invitation.revoked_at:
        raise Invalid("team.invitation_gone")
    return invitation


def _send(
    session: Session, actor: Actor, invitation: Invitation, token: str, now: datetime
) -> None:
    limits.check(session, "invitations by business", str(actor.business_id), now)
    limits.check(session, "invitations by e-mail", invitation.email, now)
    invitation.delivery = "waiting"
    invitation.sent_at, invitation.expires_at = now, now + LASTS
    session.flush()
    assert invitation.id
    duties.enqueue(
        session,
        "invite",
        actor.business_id,
        invitation.id,
        invitation.sends,
        security.lock(f"invitation {invitation.id}", token),
        key=f"invite:{invitation.id}:{invitation.sends}",
        queue="mails",
        partition=f"invite:{invitation.id}",
    )
    announce(session, actor)


def _open(actor: Actor) -> tuple[Any, ...]:
    return (
        Invitation.business_id == actor.business_id,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
    )


def _manageable(session: Session, actor: Actor, invitation_id: Any) -> Invitation:
    require(actor, "team")
    team = lock_team(session, actor)
    invitation = owned(session, actor, Invitation, invitation_id, lock=True)
    require_reach(actor, team, invitation.role)
    if invitation.accepted_at or invitation.revoked_at:
        raise NotFound
    return invitation


def _require_new(session: Session, actor: Actor, email: str, now: datetime) -> None:
    works_here = (
        select(Membership.id)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(Membership.business_id == actor.business_id, Account.email == email)
    )
    if session.execute(works_here).first() is not None:
        raise Invalid("team.email_member", email=email)
    asked = session.execute(
        select(Invitation).where(*_open(actor), Invitation.email == email)
    ).scalar_one_or_none()
    if asked is None:
        return
    if asked.expires_at > now:
        raise Invalid("team.email_invited", email=email)
    asked.revoked_at = now
    session.flush()


def _require_room(session: Session, actor: Actor, members: int) -> None:
    count = select(func.count()).select_from(Invitation).where(*_open(actor))
    if members + session.execute(count).scalar_one() >= MOST_MEMBERS:
        raise Invalid("team.email_full", limit=MOST_MEMBERS)
