"""A session's token is made anew when what it may do changes."""

import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import sessions
from chatrigo.errors import SignedOut
from chatrigo.models.account import AuthSession
from tests.domain.accounts.conftest import NOON, after, found
from tests.domain.accounts.test_sign_in import refused


@pytest.fixture
def token(sari):
    return sari.enter(sari.confirm(sari.sign_in()))


def rotate(sari, actor, now=NOON):
    with db.transaction(actor) as session:
        return sessions.rotate(session, actor, browser=sari.browser, now=now)


def renew(ticket, browser, now=NOON):
    with db.transaction(PUBLIC) as session:
        return sessions.renew(session, PUBLIC, ticket, browser, now)


def found_rotated(ticket, now=NOON):
    with db.transaction(PUBLIC) as session:
        return sessions.find_rotated(session, PUBLIC, ticket, now)


def test_the_old_token_ends_at_once_and_the_new_one_is_the_same_session(sari, token):
    before = found(token)
    ticket = rotate(sari, before.actor)
    assert found(token) is None
    renewed = renew(ticket, sari.browser)
    assert renewed != token
    assert found(renewed).actor == before.actor
    assert found(token) is None


def test_the_tab_that_asked_goes_on_before_and_after_the_cookie_is_there(sari, token):
    actor = found(token).actor
    ticket = rotate(sari, actor)
    assert found_rotated(ticket).actor == actor
    renew(ticket, sari.browser)
    assert found_rotated(ticket).actor == actor
    assert found_rotated("guess") is found_rotated("") is None
    rotate(sari, actor)
    assert found_rotated(ticket) is None


def test_the_ticket_is_good_once_for_a_minute_in_its_browser_and_makes_no_session(sari, token):
    actor = found(token).actor
    assert refused(renew, rotate(sari, actor), "another browser") == "auth.ticket_gone"
    assert refused(renew, rotate(sari, actor), sari.browser, after(seconds=61)) == (
        "auth.ticket_gone"
    )
    ticket = rotate(sari, actor)
    renew(ticket, sari.browser)
    assert refused(renew, ticket, sari.browser) == "auth.ticket_gone"
    assert refused(sari.enter, rotate(sari, actor)) == "auth.ticket_gone"
    with db.transaction(PUBLIC) as session:
        assert len(session.execute(select(AuthSession)).all()) == 1


def test_a_ticket_of_signing_in_renews_nothing(sari, token):
    assert refused(renew, sari.confirm(sari.sign_in()), sari.browser) == "auth.ticket_gone"


def test_a_session_that_ended_is_not_renewed(sari, token):
    actor = found(token).actor
    ticket = rotate(sari, actor)
    with db.transaction(actor) as session:
        sessions.revoke_all(session, actor)
    assert refused(renew, ticket, sari.browser) == "auth.ticket_gone"
    assert found_rotated(ticket) is None
    with pytest.raises(SignedOut):
        rotate(sari, actor)


def test_nobody_rotates_the_session_of_another(sari, token):
    actor = found(token).actor
    thief = Actor(actor.account_id + 1, actor.business_id, "owner", actor.session_id)
    with pytest.raises(SignedOut):
        rotate(sari, thief)
    assert found(token)
