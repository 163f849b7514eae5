"""Authenticator app and recovery codes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, text
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import recovery, totp
from chatrigo.errors import ConfirmItsYou, Invalid, LimitReached
from chatrigo.models.account import OutgoingMail
from chatrigo.models.audit import AuditEntry
from chatrigo.models.factors import RecoveryCode, Totp
from tests.domain.accounts.conftest import NOON, after
from tests.support.browser import join


def verify(proven, code, now=NOON, who=PUBLIC) -> bool:
    with db.transaction(who) as session:
        return totp.verify(session, proven.account_id, code, now)


def test_the_secret_is_locked_and_counts_only_once_confirmed(proven, app):
    with db.transaction(proven) as session:
        kept = session.execute(select(Totp)).scalar_one()
        assert app.secret not in kept.secret
        assert not totp.enabled(session, proven.account_id)
    assert not verify(proven, app.at(NOON))
    with db.transaction(proven) as session:
        with pytest.raises(Invalid):
            totp.confirm(session, proven, "000000", now=NOON)
        assert len(totp.confirm(session, proven, app.at(NOON), now=NOON)) == 10
        assert totp.enabled(session, proven.account_id)
        with pytest.raises(Invalid):
            totp.begin(session, proven, NOON)


@pytest.mark.parametrize(("off", "good"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_phone_may_be_half_a_minute_off_and_no_more(proven, app, codes, off, good):
    later = after(minutes=5)
    assert verify(proven, app.at(after(minutes=5, seconds=off)), later) is good


def test_a_code_is_good_once_and_older_ones_are_not(proven, app, codes):
    assert not verify(proven, app.at(NOON)), "it confirmed the app"
    later = after(minutes=5)
    assert verify(proven, app.at(later), later)
    assert not verify(proven, app.at(later), later)
    assert not verify(proven, app.at(after(minutes=5, seconds=-30)), later)
    assert verify(proven, app.at(after(minutes=5, seconds=30)), later)


def test_of_two_who_show_one_code_at_once_one_is_too_late(proven, app, codes):
    later = after(minutes=5)
    code = app.at(later)
    with ThreadPoolExecutor(6) as crowd:
        verdicts = list(crowd.map(lambda _: verify(proven, code, later), range(6)))
    assert verdicts.count(True) == 1


def test_guesses_are_limited(proven, app, codes):
    later = after(minutes=5)
    with pytest.raises(LimitReached):
        for _ in range(30):
            verify(proven, "123456", later)
    with pytest.raises(LimitReached):
        verify(proven, app.at(later), later)
    assert verify(proven, app.at(after(minutes=40)), after(minutes=40))


def test_a_recovery_code_is_good_once(proven, codes):
    with db.transaction(PUBLIC) as session:
        assert recovery.use(session, proven.account_id, f" {codes[3].upper()} ")
        assert not recovery.use(session, proven.account_id, codes[3])
        assert recovery.count_left(session, proven.account_id) == 9
        assert recovery.use(session, proven.account_id, codes[0].replace("-", ""))
    assert len(set(codes)) == 10


def test_of_two_who_use_one_recovery_code_at_once_one_is_too_late(proven, codes):
    def use(_):
        with db.transaction(PUBLIC) as session:
            return recovery.use(session, proven.account_id, codes[0], NOON)

    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(use, range(4))).count(True) == 1


@pytest.mark.parametrize("guess", ["", None, 7, ["x"], "a" * 9999, "ABCDE-FGHJK", "\ud800" * 10])
def test_a_guess_is_no_recovery_code(proven, codes, guess):
    with db.transaction(PUBLIC) as session:
        assert not recovery.use(session, proven.account_id, guess)
        assert not totp.verify(session, proven.account_id, guess, NOON)


def test_new_recovery_codes_void_the_old(proven, codes):
    with db.transaction(proven) as session:
        new = recovery.regenerate(session, proven, now=NOON)
        assert not recovery.use(session, proven.account_id, codes[0])
        assert recovery.use(session, proven.account_id, new[0])
        hashes = session.execute(select(RecoveryCode.code_hash)).scalars().all()
        assert all(hash.startswith("$argon2id$") for hash in hashes)


def test_turning_the_app_off_takes_the_codes_along(proven, app, codes):
    with db.transaction(proven) as session:
        totp.disable(session, proven, now=NOON)
        assert not totp.enabled(session, proven.account_id)
        assert recovery.count_left(session, proven.account_id) == 0
        with pytest.raises(Invalid):
            recovery.regenerate(session, proven, now=NOON)
        acts = session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars().all()
        assert acts[1:] == ["security.totp_on", "security.totp_off"]
        assert session.execute(select(func.count()).select_from(OutgoingMail)).scalar_one() >= 2


@pytest.mark.parametrize("act", [totp.begin, totp.disable, recovery.regenerate])
def test_every_change_wants_fresh_proof(proven, act):
    with db.transaction(proven) as session, pytest.raises(ConfirmItsYou):
        act(session, proven, now=after(minutes=11))


def test_another_account_sees_nothing_of_it(proven, codes, stranger):
    other = join(stranger.business_id)
    with db.transaction(other) as session:
        for table in ("totp", "recovery_code"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
