from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC, system
from chatrigo.domain.team import members, ownership
from chatrigo.errors import ChatrigoError, ConfirmItsYou, Forbidden, Invalid, NotFound
from chatrigo.models.account import AuthSession, OutgoingMail
from chatrigo.models.audit import AuditEntry
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel, Contact, Conversation
from tests.domain.team.conftest import at_work, roles, run
from tests.support.browser import also, join


def conversation_of(shop, account_id):
    with db.transaction(shop) as session:
        channel = Channel(business_id=shop.business_id)
        contact = Contact(business_id=shop.business_id)
        session.add_all([channel, contact])
        session.flush()
        row = Conversation(
            business_id=shop.business_id,
            channel_id=channel.id,
            contact_id=contact.id,
            handler="human",
            assignee_id=account_id,
        )
        session.add(row)
    return row.id


def assignee_of(shop, id):
    with db.transaction(shop) as session:
        return session.get(Conversation, id).assignee_id


def acts(shop):
    with db.transaction(shop) as session:
        return list(session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars())


def grow_old(actor):
    with db.transaction(PUBLIC) as session:
        session.get(AuthSession, actor.session_id).confirmed_at = now() - timedelta(minutes=11)


def test_the_list_shows_everybody_owners_first_and_what_the_viewer_may_change(shop, team):
    rows = run(members.list_members, team.admin)
    assert [row.role for row in rows] == ["owner", "admin", "agent", "viewer"]
    assert [row.manageable for row in rows] == [False, False, True, True]
    assert [row.is_you for row in rows] == [False, True, False, False]
    assert all(row.seen_at for row in rows)
    assert all(row.manageable for row in run(members.list_members, team.owner))


def test_agents_and_viewers_do_not_see_the_team(team):
    for actor in (team.agent, team.viewer):
        with pytest.raises(Forbidden):
            run(members.list_members, actor)


def test_another_business_sees_and_changes_nobody(shop, team, stranger):
    outsider = at_work(join(stranger.business_id, "owner"))
    assert [row.is_you for row in run(members.list_members, outsider)] == [True]
    for act in (members.remove_member, ownership.transfer_ownership):
        with pytest.raises(NotFound):
            run(act, outsider, team.agent.account_id)
    with pytest.raises(NotFound):
        run(members.change_role, outsider, team.agent.account_id, "viewer")
    assert len(roles(shop)) == 4


def test_a_role_changes_and_is_written_down(shop, team):
    run(members.change_role, team.admin, team.agent.account_id, "viewer")
    assert roles(shop)[team.agent.account_id] == "viewer"
    with db.transaction(shop) as session:
        entry = session.query(AuditEntry).one()
    assert (entry.act, entry.before, entry.after) == (
        "team.role_changed",
        {"role": "agent"},
        {"role": "viewer"},
    )


def test_whoever_becomes_a_viewer_holds_no_conversations(shop, team):
    id = conversation_of(shop, team.agent.account_id)
    run(members.change_role, team.owner, team.agent.account_id, "viewer")
    assert assignee_of(shop, id) is None


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_an_admin_makes_no_admins_and_no_owners(shop, team, role):
    with pytest.raises(Forbidden):
        run(members.change_role, team.admin, team.agent.account_id, role)


@pytest.mark.parametrize("whom", ["owner", "admin"])
def test_an_admin_touches_neither_owners_nor_admins(shop, team, whom):
    target = getattr(team, whom).account_id
    with pytest.raises(Forbidden):
        run(members.change_role, team.admin, target, "viewer")
    if whom == "owner":
        with pytest.raises(Forbidden):
            run(members.remove_member, team.admin, target)


def test_roles_removal_and_ownership_ask_for_fresh_proof(shop, team):
    grow_old(team.owner)
    agent = team.agent.account_id
    for act, *args in (
        (members.change_role, agent, "viewer"),
        (members.remove_member, agent),
        (members.leave_business,),
        (ownership.transfer_ownership, agent),
    ):
        with pytest.raises(ConfirmItsYou):
            run(act, team.owner, *args)
    assert roles(shop)[agent] == "agent"


@pytest.mark.parametrize("role", ["boss", "", None, 7, ["owner"]])
def test_an_unknown_role_is_refused(team, role):
    with pytest.raises(Invalid):
        run(members.change_role, team.owner, team.agent.account_id, role)


def test_the_last_owner_stays(shop, team):
    with pytest.raises(Invalid, match="last_owner"):
        run(members.change_role, team.owner, team.owner.account_id, "admin")
    with pytest.raises(Invalid, match="last_owner"):
        run(members.leave_business, team.owner)
    run(members.change_role, team.owner, team.admin.account_id, "owner")
    run(members.leave_business, team.owner)
    assert team.owner.account_id not in roles(shop)


def test_two_owners_leaving_at_once_leave_one_behind(shop, team):
    other = at_work(join(shop.business_id, "owner"))

    def leave(actor):
        try:
            run(members.leave_business, actor)
        except ChatrigoError as refused:
            return refused.key
        return "left"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(leave, (team.owner, other)))
    assert outcomes == ["left", "team.last_owner"]
    assert list(roles(shop).values()).count("owner") == 1


def test_two_owners_demoting_each_other_at_once_leave_one(shop, team):
    other = at_work(join(shop.business_id, "owner"))

    def demote(pair):
        try:
            run(members.change_role, pair[0], pair[1].account_id, "agent")
        except ChatrigoError as refused:
            return type(refused)
        return None

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(demote, ((team.owner, other), (other, team.owner))))
    assert outcomes.count(None) == 1
    assert Forbidden in outcomes  # the second was no owner any more when its turn came
    assert list(roles(shop).values()).count("owner") == 1


def test_who_is_removed_keeps_nothing_here(shop, team):
    id = conversation_of(shop, team.agent.account_id)
    run(members.remove_member, team.owner, team.agent.account_id)
    assert team.agent.account_id not in roles(shop)
    assert assignee_of(shop, id) is None
    with db.transaction(PUBLIC) as session:
        assert session.get(AuthSession, team.agent.session_id).revoked_at
    assert acts(shop) == ["team.removed"]


def test_who_is_removed_falls_to_another_business_of_theirs(shop, team, stranger):
    also(team.agent, stranger.business_id, "viewer")
    run(members.remove_member, team.owner, team.agent.account_id)
    with db.transaction(PUBLIC) as session:
        kept = session.get(AuthSession, team.agent.session_id)
    assert kept.revoked_at is None
    assert kept.business_id == stranger.business_id


def test_nobody_removes_themselves_but_everybody_may_leave(shop, team):
    with pytest.raises(Invalid, match="remove_yourself"):
        run(members.remove_member, team.owner, team.owner.account_id)
    for actor in (team.admin, team.agent, team.viewer):
        run(members.leave_business, actor)
    assert list(roles(shop)) == [team.owner.account_id]


def test_ownership_goes_over_at_once_and_both_are_told(shop, team):
    run(ownership.transfer_ownership, team.owner, team.agent.account_id)
    assert roles(shop)[team.agent.account_id] == "owner"
    assert roles(shop)[team.owner.account_id] == "admin"
    assert acts(shop) == ["team.ownership_transferred"]
    assert told(2)


def test_only_an_owner_hands_over_and_not_to_themselves(shop, team):
    with pytest.raises(Forbidden):
        run(ownership.transfer_ownership, team.admin, team.agent.account_id)
    with pytest.raises(Invalid):
        run(ownership.transfer_ownership, team.owner, team.owner.account_id)


def told(mails: int) -> bool:
    """Whether so many mails are promised."""
    with db.transaction(system(0)) as session:
        return session.query(OutgoingMail).count() == mails
