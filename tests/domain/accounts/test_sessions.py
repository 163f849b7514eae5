from datetime import timedelta

import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor, system
from chatrigo.domain.accounts import sessions
from chatrigo.models.account import AuthSession, Membership
from tests.domain.accounts.conftest import NOON, after, found
from tests.support.browser import join


@pytest.fixture
def token(sari):
    return sari.enter(sari.confirm(sari.sign_in()))


def kept() -> AuthSession:
    with db.transaction(PUBLIC) as session:
        return session.execute(select(AuthSession)).scalar_one()


def test_the_token_is_long_random_and_not_stored(token):
    assert len(token) == 43
    assert token not in kept().token_hash


@pytest.mark.parametrize("guess", ["", "guess", "\x00", "a" * 5000, "💥"])
def test_a_guess_finds_nobody(token, guess):
    assert found(guess) is None


def test_a_session_ends_after_twelve_idle_hours(token):
    assert found(token, after(hours=11, minutes=59))
    assert found(token, after(hours=23, minutes=58))
    assert found(token, after(hours=36)) is None


def test_a_session_ends_after_thirty_days_however_busy(token):
    now = NOON
    while now < NOON + timedelta(days=30) - timedelta(hours=11):
        now += timedelta(hours=11)
        assert found(token, min(now, NOON + timedelta(days=30) - timedelta(seconds=1)))
    assert found(token, NOON + timedelta(days=30)) is None


def test_when_it_was_last_seen_is_written_at_most_once_a_minute(token):
    found(token, after(seconds=59))
    assert kept().last_seen_at == NOON
    found(token, after(seconds=61))
    assert kept().last_seen_at == after(seconds=61)


def test_signing_out_ends_this_session_and_no_other(sari, token):
    other = sari.enter(sari.confirm(sari.sign_in()))
    with db.transaction(PUBLIC) as session:
        sessions.leave(session, PUBLIC, token)
        sessions.leave(session, PUBLIC, token)
        sessions.leave(session, PUBLIC, "guess")
    assert found(token) is None
    assert found(other)


def test_an_account_can_be_signed_out_everywhere(sari, token):
    other = sari.enter(sari.confirm(sari.sign_in()))
    actor = found(token).actor
    with db.transaction(actor) as session:
        assert sessions.revoke_all(session, Actor(actor.account_id + 1, 1, "owner")) == 0
        assert sessions.revoke_all(session, actor) == 2
    assert found(token) is found(other) is None


def test_a_role_is_read_anew_and_without_one_nobody_is_signed_in(token):
    actor = found(token).actor
    with db.transaction(system(actor.business_id)) as session:
        membership = session.execute(select(Membership)).scalar_one()
        membership.role = "agent"
    assert found(token).actor.role == "agent"
    with db.transaction(system(actor.business_id)) as session:
        session.delete(session.merge(membership))
    assert found(token) is None


def test_a_role_elsewhere_does_not_count_here(token, stranger):
    """Only the membership of the session's own business does."""
    actor = found(token).actor
    guest = join(stranger.business_id, "viewer")
    with db.transaction(system(stranger.business_id)) as session:
        session.add(
            Membership(business_id=stranger.business_id, account_id=actor.account_id, role="viewer")
        )
    assert found(token).actor == actor
    assert guest.account_id != actor.account_id


def test_what_a_browser_says_of_itself_is_cut_to_size(sari):
    ticket = sari.confirm(sari.sign_in())
    with db.transaction(PUBLIC) as session:
        sessions.enter(
            session,
            PUBLIC,
            ticket,
            sari.browser,
            user_agent="x" * 9999,
            address="y" * 999,
            now=NOON,
        )
    assert (len(kept().user_agent), len(kept().address)) == (300, 64)
