"""The people of a business: their roles, removing them, leaving."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlmodel import col, func, select

from chatrigo.domain import audit
from chatrigo.domain.access import ROLES, Actor, as_id, may, require
from chatrigo.domain.accounts import businesses, step_up
from chatrigo.domain.fields import choice_of
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.events import Missed, SettingsChanged, record
from chatrigo.models.account import Account, AuthSession, Membership
from chatrigo.models.conversation import Conversation

MOST_MEMBERS = 100
# Only an owner may give, change or take these.
OWNERS_ALONE = frozenset({"owner", "admin"})


@dataclass(frozen=True, slots=True)
class MemberRow:
    """
    `joined_at` and `seen_at` (empty if never) are ISO 8601 in UTC. `manageable` if the person
    who looks may change or remove this one.
    """

    account_id: int
    name: str
    email: str
    role: str
    joined_at: str
    seen_at: str
    is_you: bool
    manageable: bool
    assigned: int


def list_members(session: Session, actor: Actor) -> list[MemberRow]:
    """Owners first, then by name; with how many conversations are theirs."""
    require(actor, "team")
    seen = (
        select(func.max(AuthSession.last_seen_at))
        .where(
            AuthSession.account_id == Membership.account_id,
            AuthSession.business_id == Membership.business_id,
        )
        .correlate(Membership)
        .scalar_subquery()
    )
    assigned = (
        select(func.count())
        .where(
            Conversation.business_id == Membership.business_id,
            Conversation.assignee_id == Membership.account_id,
            Conversation.status != "resolved",
        )
        .correlate(Membership)
        .scalar_subquery()
    )
    query = (
        select(Membership, Account, seen, assigned)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(Membership.business_id == actor.business_id)
        .order_by(func.lower(Account.name), col(Account.id))
    )
    rows = [_row(actor, *found) for found in session.execute(query)]
    return sorted(rows, key=lambda row: ROLES.index(row.role))


def change_role(session: Session, actor: Actor, account_id: Any, role: Any) -> None:
    """
    Give a member another role; it counts at their next click.

    Raises Invalid for the last owner, Forbidden for a role above the actor's own reach.
    """
    require(actor, "team")
    step_up.require_recent(session, actor)
    wanted = choice_of(role, "team.role", ROLES)
    team = lock_team(session, actor)
    member = member_of(team, account_id)
    require_reach(actor, team, member.role, wanted)
    if member.role == wanted:
        return
    before = member.role
    if before == "owner":
        _keep_an_owner(team, member)
    member.role = wanted
    session.flush()
    if not may(wanted, "inbox.write"):
        _take_conversations(session, actor, member.account_id)
    audit.note(
        session,
        actor,
        "team.role_changed",
        name_of(session, member.account_id),
        before={"role": before},
        after={"role": wanted},
    )
    businesses.load_anew(session, actor, member.account_id)
    announce(session, actor)


def remove_member(session: Session, actor: Actor, account_id: Any) -> str:
    """
    Take somebody out of the business at once; returns their name.

    Their conversations are nobody's from then on, and their browsers fall to another business
    of theirs or are signed out. Raises Invalid for oneself and for the last owner.
    """
    require(actor, "team")
    step_up.require_recent(session, actor)
    team = lock_team(session, actor)
    member = member_of(team, account_id)
    require_reach(actor, team, member.role)
    if member.account_id == actor.account_id:
        raise Invalid("team.remove_yourself")
    name = name_of(session, member.account_id)
    audit.note(session, actor, "team.removed", name, before={"role": member.role})
    _remove(session, actor, team, member)
    return name


def leave_business(session: Session, actor: Actor) -> None:
    """Leave the business of one's own accord. Raises Invalid for its last owner."""
    require(actor, "inbox.read")
    step_up.require_recent(session, actor)
    team = lock_team(session, actor)
    member = member_of(team, actor.account_id)
    name = name_of(session, member.account_id)
    audit.note(session, actor, "team.left", name, before={"role": member.role})
    _remove(session, actor, team, member)


def lock_team(session: Session, actor: Actor) -> dict[int, Membership]:
    """Every membership by its account, held until the commit: one change at a time."""
    query = (
        select(Membership)
        .where(Membership.business_id == actor.business_id)
        .order_by(col(Membership.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {each.account_id: each for each in session.execute(query).scalars()}


def member_of(team: dict[int, Membership], account_id: Any) -> Membership:
    """Raises NotFound for somebody who does not work here."""
    member = team.get(as_id(account_id))
    if member is None:
        raise NotFound
    return member


def require_reach(actor: Actor, team: dict[int, Membership], *roles: str) -> None:
    """
    Raises Forbidden if one of the roles is beyond what the actor may give or take.

    What counts is the actor's role as it is now that the team is held, not as it was when the
    click came in.
    """
    if actor.role == "system":
        return
    mine = team.get(actor.account_id or 0)
    if mine is None or not may(mine.role, "team"):
        raise Forbidden
    if OWNERS_ALONE.intersection(roles) and not may(mine.role, "own"):
        raise Forbidden("team.owners_alone")


def name_of(session: Session, account_id: int) -> str:
    account = session.get(Account, account_id)
    return f"{account.name or account.email}" if account else ""


def announce(session: Session, actor: Actor) -> None:
    record(session, SettingsChanged(actor.business_id, "team"))


def _remove(
    session: Session, actor: Actor, team: dict[int, Membership], member: Membership
) -> None:
    if member.role == "owner":
        _keep_an_owner(team, member)
    session.delete(member)
    session.flush()
    _take_conversations(session, actor, member.account_id)
    businesses.send_elsewhere(session, actor, member.account_id)
    announce(session, actor)


def _keep_an_owner(team: dict[int, Membership], leaving: Membership) -> None:
    if all(each.role != "owner" or each is leaving for each in team.values()):
        raise Invalid("team.last_owner")


def _take_conversations(session: Session, actor: Actor, account_id: int) -> None:
    """What was theirs is nobody's, and so in the list of what waits for somebody."""
    freed = session.execute(
        update(Conversation)
        .where(
            col(Conversation.business_id) == actor.business_id,
            col(Conversation.assignee_id) == account_id,
        )
        .values(assignee_id=None)
        .returning(col(Conversation.id))
    ).all()
    if freed:
        # Any number of rows may have changed: every open list loads again.
        record(session, Missed(actor.business_id))


def _row(
    actor: Actor, member: Membership, account: Account, seen: datetime | None, assigned: int
) -> MemberRow:
    is_you = member.account_id == actor.account_id
    return MemberRow(
        account_id=member.account_id,
        name=account.name or account.email.partition("@")[0],
        email=account.email,
        role=member.role,
        joined_at=member.created_at.isoformat(),
        seen_at=seen.isoformat() if seen else "",
        is_you=is_you,
        manageable=member.role not in OWNERS_ALONE or may(actor.role, "own"),
        assigned=assigned,
    )
