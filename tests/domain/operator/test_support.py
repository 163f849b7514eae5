"""Support looks into a business only as its owner allowed, and only looks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from chatrigo import db, security
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import sessions
from chatrigo.domain.assistant import versions
from chatrigo.domain.conversations import listing
from chatrigo.domain.operator import support
from chatrigo.domain.settings import labels
from chatrigo.domain.settings import support as consent
from chatrigo.errors import ConfirmItsYou, Forbidden, Invalid, NotFound
from chatrigo.events import SessionsChanged, recorded
from chatrigo.models.account import AuthSession
from chatrigo.models.business import Label
from chatrigo.models.columns import now
from chatrigo.models.operator import SupportGrant
from chatrigo.serving import operators
from tests.domain.operator.conftest import audit_of, do, who
from tests.support.browser import join


def inside(operator: tuple[Actor, str], owner: Actor, hours: int = 1) -> Actor:
    """The operator, let in by the owner."""
    do(consent.allow_support, owner, hours)
    do(support.open_business, operator[0], owner.business_id)
    found = who(operator[1])
    assert found
    return found.actor


def test_nobody_goes_in_without_the_owner_s_consent(operator, owner, stranger):
    with pytest.raises(Forbidden, match="no_consent"):
        do(support.open_business, operator[0], owner.business_id)
    do(consent.allow_support, owner, 24)
    with pytest.raises(Forbidden, match="no_consent"):
        do(support.open_business, operator[0], stranger.business_id)
    assert who(operator[1]).actor.business_id == operator[0].business_id


def test_an_operator_inside_looks_and_can_not_write(operator, owner, shop):
    actor = inside(operator, owner)
    assert (actor.business_id, actor.role) == (owner.business_id, "viewer")
    assert do(listing.count_conversations, actor).all == 0
    with pytest.raises(Forbidden):
        do(versions.get_desk, actor)
    with pytest.raises(Forbidden):
        do(labels.add_label, actor, "Baru", "teal")
    # Even where our own code forgot to ask, and whatever role it believes.
    for forgot in (actor, replace(actor, role="owner")):
        with (
            pytest.raises(Forbidden, match="support_only_looks"),
            db.transaction(forgot) as session,
        ):
            session.add(Label(business_id=shop.business_id, name="x"))
        with (
            pytest.raises(Forbidden, match="support_only_looks"),
            db.transaction(forgot) as session,
        ):
            session.execute(text("UPDATE assistant SET enabled = false"))
    assert do(labels.list_labels, owner) == []


def test_it_is_all_in_the_business_s_own_audit_log(operator, owner):
    actor = inside(operator, owner)
    for _ in range(3):
        do(support.note_look, replace(actor, support_id=0), "open_screen", "/inbox/7")
    do(support.note_look, replace(actor, support_id=0), "open_screen", "/inbox/8")
    do(support.leave_business, replace(actor, support_id=0), actor.support_id)
    ours = "tim@chatrigo.example"
    assert audit_of(owner.business_id) == [
        ("pemilik@example.com", "support.allowed"),
        (ours, "support.opened"),
        (ours, "support.looked"),
        (ours, "support.looked"),
        (ours, "support.left"),
    ]
    with db.transaction(owner) as session:
        addresses = session.execute(text("SELECT DISTINCT address FROM audit_entry")).scalars()
        assert set(addresses) == {"203.0.113.7"}
    assert who(operator[1]).actor == operator[0]


def test_it_ends_when_its_time_is_over(operator, owner):
    inside(operator, owner)
    with db.transaction(owner) as session:
        session.execute(update(SupportGrant).values(expires_at=now() - timedelta(seconds=1)))
    assert who(operator[1]).actor == operator[0]
    assert audit_of(owner.business_id)[-1] == ("tim@chatrigo.example", "support.ended")
    with pytest.raises(Forbidden, match="no_consent"):
        do(support.open_business, operator[0], owner.business_id)


def test_it_ends_when_the_owner_takes_it_back(operator, owner):
    inside(operator, owner)
    (row,) = do(consent.get_support, owner).consents
    with db.transaction(owner) as session:
        consent.end_support(session, owner, row.id)
        assert SessionsChanged(0, (security.digest(operator[1]),)) in recorded(session)
    assert who(operator[1]).actor == operator[0]
    view = do(consent.get_support, owner)
    assert view.consents == []
    assert [visit.act for visit in view.visits] == ["ended", "revoked", "opened", "allowed"]


def test_it_ends_when_they_operate_no_more(operator, owner, database_url):
    inside(operator, owner)
    operators.remove(database_url, "tim@chatrigo.example")
    assert who(operator[1]).actor == operator[0]
    assert not who(operator[1]).operates


def test_the_end_wakes_the_open_tabs_by_itself(operator, owner):
    do(consent.allow_support, owner, 1)
    with db.transaction(owner) as session:
        duty = session.execute(
            text(
                "SELECT name, status, delay_until_epoch_ms FROM dbos.workflow_status"
                " WHERE name = 'end_support' ORDER BY created_at DESC LIMIT 1"
            )
        ).one()
    assert duty.status == "DELAYED"
    assert abs(duty.delay_until_epoch_ms / 1000 - (now() + timedelta(hours=1)).timestamp()) < 60


@pytest.mark.parametrize("role", ["admin", "agent", "viewer"])
def test_only_the_owner_consents(shop, role, signed_in):
    person, _ = signed_in(join(shop.business_id, role))
    for fn, *args in (
        (consent.get_support,),
        (consent.allow_support, 1),
        (consent.end_support, 1),
    ):
        with pytest.raises(Forbidden):
            do(fn, person, *args)


@pytest.mark.parametrize("hours", [0, 2, 1000, -1, "x", None, [], "1.5"])
def test_only_the_times_that_are_offered(owner, hours):
    with pytest.raises(Invalid):
        do(consent.allow_support, owner, hours)


def test_consent_asks_who_it_is(owner):
    with db.transaction(owner) as session:
        session.execute(update(AuthSession).values(confirmed_at=now() - timedelta(minutes=11)))
    with pytest.raises(ConfirmItsYou):
        do(consent.allow_support, owner, 1)


def test_another_business_sees_nothing_of_it(owner, stranger, signed_in):
    do(consent.allow_support, owner, 1)
    (row,) = do(consent.get_support, owner).consents
    other, _ = signed_in(join(stranger.business_id, "owner"))
    assert do(consent.get_support, other).consents == []
    with pytest.raises(NotFound):
        do(consent.end_support, other, row.id)
    assert len(do(consent.get_support, owner).consents) == 1


def test_a_session_that_is_over_does_not_come_back_through_support(operator, owner):
    inside(operator, owner)
    do(sessions.leave, operator[0], operator[1])
    assert who(operator[1]) is None
