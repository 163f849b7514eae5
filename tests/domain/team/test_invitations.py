from datetime import timedelta

import pytest
from sqlalchemy import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from chatrigo.domain.team import invitations, joining
from chatrigo.errors import ChatrigoError, ConfirmItsYou, Forbidden, Invalid, LimitReached, NotFound
from chatrigo.models.account import Account, AuthSession, Membership
from chatrigo.models.columns import now
from chatrigo.models.team import Invitation
from tests.domain.team.conftest import at_work, roles, run
from tests.support.browser import join

RINA = "rina@kopi.example"
BROWSER = "browser-of-rina"
PASSWORD = "senja di teras rumah"


@pytest.fixture
def links(monkeypatch):
    """The tokens that were put into mails, newest last."""
    made = []
    lock = invitations.security.lock
    monkeypatch.setattr(
        invitations.security,
        "lock",
        lambda purpose, value: made.append(value) or lock(purpose, value),
    )
    return made


def rows(shop):
    with db.transaction(shop) as session:
        return list(session.execute(select(Invitation).order_by(Invitation.id)).scalars())


def sign_up(token, *, code=None, browser=BROWSER):
    issued = run(
        joining.start, PUBLIC, token, "Rina", PASSWORD, browser=browser, address="10.0.0.1"
    )
    shown = issued.mail.subject.split()[-1] if code is None else code
    ticket = run(joining.confirm, PUBLIC, issued.challenge_id, shown, browser=browser)
    return run(sessions.find, PUBLIC, run(sessions.enter, PUBLIC, ticket, browser)).actor


def test_an_invitation_waits_with_only_the_hash_of_its_token(shop, team, links):
    run(invitations.invite, team.admin, " Rina@Kopi.example ", "agent")
    (row,) = rows(shop)
    assert (row.email, row.role, row.delivery) == (RINA, "agent", "waiting")
    assert len(links[0]) >= 43
    assert links[0] not in str(row)
    (listed,) = run(invitations.list_invitations, team.admin)
    assert (listed.email, listed.inviter, listed.expired) == (RINA, "Sari", False)


def test_the_mail_names_business_inviter_role_and_keeps_the_token_in_the_fragment(
    shop, team, links
):
    run(invitations.invite, team.owner, RINA, "agent", "en")
    mail = run(invitations.letter, shop, rows(shop)[0].id, 1, links[0])
    assert mail.to == RINA
    assert f"/invite#{links[0]}" in mail.text
    for words in ("Kopi Uji", "Sari", "Agent"):
        assert words in mail.subject + mail.text


def test_agents_and_viewers_invite_nobody_and_admins_no_admins(team):
    for actor in (team.agent, team.viewer):
        with pytest.raises(Forbidden):
            run(invitations.invite, actor, RINA, "viewer")
        with pytest.raises(Forbidden):
            run(invitations.list_invitations, actor)
    with pytest.raises(Forbidden):
        run(invitations.invite, team.admin, RINA, "admin")
    with pytest.raises(Invalid):
        run(invitations.invite, team.owner, RINA, "owner")


def test_inviting_an_admin_asks_for_fresh_proof(team):
    with db.transaction(PUBLIC) as session:
        session.get(AuthSession, team.owner.session_id).confirmed_at = now() - timedelta(hours=1)
    with pytest.raises(ConfirmItsYou):
        run(invitations.invite, team.owner, RINA, "admin")
    run(invitations.invite, team.owner, RINA, "agent")


def test_members_and_invited_addresses_are_not_invited_again(team):
    with pytest.raises(Invalid, match="email_member"):
        run(invitations.invite, team.owner, "agent@kopi.example", "viewer")
    run(invitations.invite, team.owner, RINA, "agent")
    with pytest.raises(Invalid, match="email_invited"):
        run(invitations.invite, team.owner, RINA, "viewer")
    run(invitations.invite, team.owner, RINA, "viewer", now=now() + timedelta(days=8))


def test_another_business_sees_and_changes_no_invitation(shop, team, stranger):
    outsider = at_work(join(stranger.business_id, "owner"))
    run(invitations.invite, team.owner, RINA, "agent")
    assert run(invitations.list_invitations, outsider) == []
    for act in (invitations.send_again, invitations.take_back):
        with pytest.raises(NotFound):
            run(act, outsider, rows(shop)[0].id)


def test_so_many_invitations_and_no_more(team):
    moment = now()
    for number in range(60):
        run(invitations.invite, team.owner, f"a{number}@kopi.example", "agent", now=moment)
    with pytest.raises(LimitReached):
        run(invitations.invite, team.owner, RINA, "agent", now=moment)


def test_an_address_is_not_flooded_with_mails(shop, team):
    run(invitations.invite, team.owner, RINA, "agent")
    for _ in range(4):
        run(invitations.send_again, team.owner, rows(shop)[0].id)
    with pytest.raises(LimitReached):
        run(invitations.send_again, team.owner, rows(shop)[0].id)


def test_sending_again_voids_the_link_before(shop, team, links):
    run(invitations.invite, team.owner, RINA, "agent")
    run(invitations.send_again, team.owner, rows(shop)[0].id)
    with pytest.raises(Invalid):
        run(joining.look, PUBLIC, links[0])
    assert run(joining.look, PUBLIC, links[1]).email == RINA
    with pytest.raises(NotFound):
        run(invitations.letter, shop, rows(shop)[0].id, 1, links[0])


@pytest.mark.parametrize("token", ["", "guessed", None, 7, ["x"], "ü" * 43, "\ud800"])
def test_a_guessed_link_shows_nothing(team, token):
    run(invitations.invite, team.owner, RINA, "agent")
    with pytest.raises(Invalid, match="invitation_gone"):
        run(joining.look, PUBLIC, token)


def test_a_link_taken_back_or_run_out_is_over(shop, team, links):
    run(invitations.invite, team.owner, RINA, "agent")
    with pytest.raises(Invalid):
        run(joining.look, PUBLIC, links[0], now() + timedelta(days=7, seconds=1))
    run(invitations.take_back, team.owner, rows(shop)[0].id)
    with pytest.raises(Invalid):
        run(joining.look, PUBLIC, links[0])


def test_a_new_person_signs_up_through_the_link_and_founds_no_business(shop, team, links):
    run(invitations.invite, team.owner, RINA, "agent")
    assert run(joining.look, PUBLIC, links[0]).standing == "sign_up"
    rina = sign_up(links[0])
    assert (rina.business_id, rina.role) == (shop.business_id, "agent")
    assert len(roles(shop)) == 5
    with pytest.raises(Invalid):
        run(joining.look, PUBLIC, links[0])


def test_the_link_without_the_code_from_the_mail_makes_no_account(shop, team, links):
    run(invitations.invite, team.owner, RINA, "agent")
    with pytest.raises(Invalid):
        sign_up(links[0], code="000000")
    with db.transaction(PUBLIC) as session:
        assert session.query(Account).where(Account.email == RINA).first() is None
    assert len(roles(shop)) == 4


def test_a_link_taken_back_while_the_code_was_typed_opens_nothing(shop, team, links):
    run(invitations.invite, team.owner, RINA, "agent")
    issued = run(joining.start, PUBLIC, links[0], "Rina", PASSWORD, browser=BROWSER)
    run(invitations.take_back, team.owner, rows(shop)[0].id)
    with pytest.raises(ChatrigoError):
        code = issued.mail.subject.split()[-1]
        run(joining.confirm, PUBLIC, issued.challenge_id, code, browser=BROWSER)
    assert len(roles(shop)) == 4


def test_who_has_an_account_signs_in_and_accepts(shop, team, stranger, links):
    rina = at_work(join(stranger.business_id, "owner", RINA))
    run(invitations.invite, team.owner, RINA, "viewer")
    assert run(joining.look, PUBLIC, links[0]).standing == "sign_in"
    assert run(joining.look, rina, links[0]).standing == "mine"
    assert run(joining.accept, rina, links[0]) == shop.business_id
    assert roles(shop)[rina.account_id] == "viewer"
    with pytest.raises(Invalid):
        run(joining.accept, rina, links[0])


def test_the_wrong_person_is_told_and_nothing_happens(shop, team, stranger, links):
    wrong = at_work(join(stranger.business_id, "owner", "budi@lain.example"))
    run(invitations.invite, team.owner, RINA, "agent")
    seen = run(joining.look, wrong, links[0])
    assert seen.standing == "other"
    assert seen.email == "r•••@kopi.example"
    with pytest.raises(Invalid, match="invitation_other"):
        run(joining.accept, wrong, links[0])
    assert wrong.account_id not in roles(shop)
    assert rows(shop)[0].accepted_at is None


def test_who_works_nowhere_any_more_comes_back_through_an_invitation(shop, team, links):
    rina = join(shop.business_id, "agent", RINA)
    with db.transaction(shop) as session:
        session.delete(
            session.query(Membership).where(Membership.account_id == rina.account_id).one()
        )
    run(invitations.invite, team.owner, RINA, "agent")
    assert run(joining.look, PUBLIC, links[0]).standing == "sign_up"
    assert sign_up(links[0]).account_id == rina.account_id


def test_joining_is_written_down(shop, team, links):
    from chatrigo.models.audit import AuditEntry

    run(invitations.invite, team.owner, RINA, "agent")
    sign_up(links[0])
    with db.transaction(shop) as session:
        acts = list(session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars())
    assert acts == ["team.invited", "team.joined", "account.signed_in"]
