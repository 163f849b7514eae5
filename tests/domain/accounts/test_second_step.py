"""Signing in, and choosing a new password, with an authenticator app."""

import pyotp
import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import challenges
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.domain.accounts.forgot import Proven
from chatrigo.domain.accounts.second_step import AppAsked
from chatrigo.models.account import Challenge, OutgoingMail
from tests.domain.accounts.conftest import EMAIL, Door, after, found
from tests.domain.accounts.test_sign_in import other_than, refused

NEW = "hujan turun di kota baru"
LATER = after(minutes=10)


@pytest.fixture
def asked(sari, app, codes) -> AppAsked:
    """Sari's password was right, ten minutes after she set up the app."""
    return sari.sign_in(now=LATER)


def test_after_the_password_the_app_is_asked_and_nothing_is_mailed(sari, asked, app):
    assert isinstance(asked, AppAsked)
    with db.transaction(PUBLIC) as session:
        mails = len(session.execute(select(OutgoingMail)).all())
    ticket = sari.confirm_app(asked, app.at(LATER), LATER)
    assert found(sari.enter(ticket, LATER), LATER).email == EMAIL
    with db.transaction(PUBLIC) as session:
        assert len(session.execute(select(OutgoingMail)).all()) == mails


def test_a_wrong_password_does_not_tell_that_there_is_an_app(sari, codes):
    assert refused(sari.sign_in, password="bukan kata sandinya") == "auth.wrong_credentials"


def test_a_mailed_code_alone_is_not_enough(sari, app, codes):
    asked = sari.confirm(sari.ask_code(now=LATER), now=LATER)
    assert isinstance(asked, AppAsked)
    assert sari.enter(sari.confirm_app(asked, app.at(LATER), LATER), LATER)


def test_a_recovery_code_stands_in_for_the_phone_once(sari, asked, codes):
    assert sari.confirm_app(asked, codes[0].upper(), LATER)
    again = sari.sign_in(now=LATER)
    assert refused(sari.confirm_app, again, codes[0], LATER) == "auth.code_wrong"
    assert sari.confirm_app(again, codes[1], LATER)


def test_five_wrong_codes_end_it(sari, asked, app):
    wrong = other_than(app.at(LATER))
    assert [refused(sari.confirm_app, asked, wrong, LATER) for _ in range(5)] == (
        ["auth.code_wrong"] * 4 + ["auth.code_gone"]
    )
    assert refused(sari.confirm_app, asked, app.at(LATER), LATER) == "auth.code_gone"


def test_a_code_of_the_app_is_good_once(sari, asked, app):
    sari.confirm_app(asked, app.at(LATER), LATER)
    again = sari.sign_in(now=LATER)
    assert refused(sari.confirm_app, again, app.at(LATER), LATER) == "auth.code_wrong"


@pytest.mark.parametrize(("off", "good"), [(-90, False), (-30, True), (30, True), (90, False)])
def test_a_phone_whose_clock_is_a_minute_and_a_half_off_is_refused(sari, asked, app, off, good):
    code = app.at(after(minutes=10, seconds=off))
    if good:
        assert sari.confirm_app(asked, code, LATER)
    else:
        assert refused(sari.confirm_app, asked, code, LATER) == "auth.code_wrong"


def test_it_is_bound_to_its_browser_and_lasts_five_minutes(sari, asked, app):
    assert refused(Door("thief").confirm_app, asked, app.at(LATER), LATER) == "auth.code_gone"
    late = after(minutes=15)
    assert refused(sari.confirm_app, asked, app.at(late), late) == "auth.code_gone"


def test_no_code_can_be_mailed_in_its_place(sari, asked):
    with pytest.raises(Exception, match="code_gone"), db.transaction(PUBLIC) as session:
        challenges.resend(session, PUBLIC, asked.challenge_id, sari.browser, after(minutes=12))
    assert refused(sari.confirm, asked, "123456", now=LATER) == "auth.code_gone"


def test_the_device_may_be_trusted_and_then_the_password_is_enough(sari, asked, app):
    sari.enter(sari.confirm_app(asked, app.at(LATER), LATER, trust=True), LATER)
    assert isinstance(sari.sign_in(now=after(days=2)), str)


@pytest.mark.parametrize("typed", ["", None, 7, [], {}, "💥" * 99, "0" * 9999, "\x00", "١٢٣٤٥٦"])
def test_what_is_no_code_is_a_wrong_code(sari, asked, typed):
    assert refused(sari.confirm_app, asked, typed, LATER) == "auth.code_wrong"


def test_a_new_password_needs_the_app_too(sari, app, codes):
    proven = sari.confirm_forgot(sari.forgot(now=LATER), now=LATER)
    assert isinstance(proven, Proven)
    assert proven.asks_app
    assert refused(sari.choose, proven, NEW, now=LATER) == "auth.code_wrong"
    assert refused(sari.choose, proven, NEW, codes[0] + "x", now=LATER) == "auth.code_wrong"
    assert sari.enter(sari.choose(proven, NEW, app.at(LATER), now=LATER), LATER)


def test_a_weak_password_does_not_use_the_app_s_code_up(sari, app, codes):
    proven = sari.confirm_forgot(sari.forgot(now=LATER), now=LATER)
    code = app.at(LATER)
    assert refused(sari.choose, proven, "pendek", code, now=LATER) == "auth.password_too_short"
    assert sari.choose(proven, NEW, code, now=LATER)


def test_without_an_app_none_is_asked(sari):
    assert isinstance(sari.sign_in(), Issued)
    assert not sari.confirm_forgot(sari.forgot()).asks_app


def test_the_challenge_keeps_no_code(sari, asked, app: pyotp.TOTP):
    with db.transaction(PUBLIC) as session:
        kept = session.get_one(Challenge, asked.challenge_id)
        assert (kept.code_hash, kept.payload) == ("", {"locale": "id"})
