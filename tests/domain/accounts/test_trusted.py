"""A browser in which the password is enough."""

import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import trusted
from chatrigo.errors import LimitReached, NotFound, SignedOut
from chatrigo.models.account import TrustedDevice
from tests.domain.accounts.conftest import EMAIL, Door, after, found
from tests.domain.accounts.test_sign_in import refused


@pytest.fixture
def trusting(sari) -> Door:
    """Sari's browser, which she trusts."""
    sari.token = sari.enter(sari.confirm(sari.sign_in(), trust=True))
    return sari


def devices(door, now=None):
    actor = found(door.token).actor
    with db.transaction(actor) as session:
        return trusted.list_devices(session, actor, now or after())


def test_in_a_trusted_browser_the_password_is_enough_for_thirty_days(trusting):
    for days in (0, 1, 29):
        ticket = trusting.sign_in(now=after(days=days))
        assert found(trusting.enter(ticket, now=after(days=days)), after(days=days)).email == EMAIL
    issued = trusting.sign_in(now=after(days=30))
    assert not isinstance(issued, str)
    assert issued.mail.to == EMAIL


def test_without_being_asked_no_browser_is_trusted(sari):
    sari.enter(sari.confirm(sari.sign_in()))
    assert sari.device == ""
    assert not isinstance(sari.sign_in(), str)


def test_a_code_without_the_password_earns_no_trust(sari):
    sari.enter(sari.confirm(sari.ask_code(), trust=True))
    assert sari.device == ""


def test_the_token_is_long_random_and_not_stored(trusting):
    assert len(trusting.device) == 43
    actor = found(trusting.token).actor
    with db.transaction(actor) as session:
        (device,) = session.execute(select(TrustedDevice)).scalars()
        assert trusting.device not in device.token_hash


@pytest.mark.parametrize("device", ["guess", "...", "\x00", "a" * 9999, "💥", "\ud83d"])
def test_a_guessed_token_is_not_trusted(trusting, device):
    trusting.device = device
    assert not isinstance(trusting.sign_in(), str)


def test_a_wrong_password_is_refused_in_a_trusted_browser_too_and_counts(trusting):
    for _ in range(10):
        assert refused(trusting.sign_in, password="salah semua") == "auth.wrong_credentials"
    with pytest.raises(LimitReached):
        trusting.sign_in()


def test_who_guesses_elsewhere_does_not_lock_the_owner_out(trusting):
    for number in range(11):
        refused(Door(f"b{number}", "10.9.9.9").sign_in, password="salah semua")
    assert refused(Door("b", "10.8.8.8").sign_in) == "errors.too_many_tries"
    assert trusting.enter(trusting.sign_in())


def test_trust_is_one_account_s_and_colleagues_may_share_a_browser(trusting):
    trusting.confirm_sign_up(trusting.sign_up(email="budi@kopi.example"))
    issued = trusting.sign_in(email="budi@kopi.example")
    assert not isinstance(issued, str)
    trusting.enter(trusting.confirm(issued, trust=True))
    assert isinstance(trusting.sign_in(email="budi@kopi.example"), str)
    assert isinstance(trusting.sign_in(), str)


def test_devices_are_listed_and_each_can_be_revoked(trusting):
    (device,) = devices(trusting)
    assert device.expires_at == after(days=30)
    actor = found(trusting.token).actor
    with db.transaction(actor) as session:
        trusted.revoke(session, actor, device.id)
    assert devices(trusting) == []
    assert not isinstance(trusting.sign_in(), str)


def test_nobody_else_sees_or_revokes_them(trusting, stranger):
    (device,) = devices(trusting)
    trusting.confirm_sign_up(trusting.sign_up(email="budi@kopi.example"))
    budi = found(trusting.enter(trusting.confirm(trusting.sign_in(email="budi@kopi.example"))))
    with db.transaction(budi.actor) as session:
        assert trusted.list_devices(session, budi.actor, after()) == []
        with pytest.raises(NotFound):
            trusted.revoke(session, budi.actor, device.id)
    with db.transaction(stranger) as session:
        assert session.execute(select(TrustedDevice)).all() == []
        with pytest.raises(SignedOut):
            trusted.list_devices(session, stranger)
    assert len(devices(trusting)) == 1


def test_what_is_over_is_forgotten_when_another_is_added(trusting):
    later = after(days=31)
    trusting.enter(trusting.confirm(trusting.sign_in(now=later), trust=True, now=later), now=later)
    actor = Actor(found(trusting.token).actor.account_id, 0, "owner")
    with db.transaction(actor) as session:
        assert len(session.execute(select(TrustedDevice)).all()) == 1
    with db.transaction(PUBLIC) as session:
        assert session.execute(select(TrustedDevice)).all() == []
