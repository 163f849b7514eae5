"""Proving again who one is: the ways, and what each is refused."""

import pyotp
import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import passkeys, proofs, sessions, step_up, totp
from chatrigo.errors import ConfirmItsYou, Invalid, LimitReached
from chatrigo.events import SessionsChanged, recorded
from chatrigo.models.account import AuthSession
from chatrigo.models.audit import AuditEntry
from tests.domain.accounts.conftest import NOON, PASSWORD, after, code_in
from tests.support.authenticator import Authenticator

LATE = after(minutes=30)


def run(actor, act, *args, **more):
    with db.transaction(actor) as session:
        return act(session, actor, *args, **more)


def has_proof(actor, now=LATE) -> bool:
    try:
        run(actor, step_up.require_recent, now)
    except ConfirmItsYou:
        return False
    return True


@pytest.fixture
def app(proven) -> pyotp.TOTP:
    key = run(proven, totp.begin, NOON).key.replace(" ", "")
    app = pyotp.TOTP(key)
    run(proven, totp.confirm, app.at(NOON), now=NOON)
    return app


def test_proof_is_good_for_ten_minutes(proven):
    assert has_proof(proven, after(minutes=10))
    assert not has_proof(proven, after(minutes=10, seconds=1))


def test_a_mailed_code_is_proof_and_rotates_the_token(proven):
    with db.transaction(proven) as session:
        before = session.get(AuthSession, proven.session_id).token_hash
    issued = run(proven, proofs.send_code, browser="b", now=LATE)
    with pytest.raises(Invalid):
        run(proven, proofs.confirm_code, issued.challenge_id, "000000", browser="b", now=LATE)
    with pytest.raises(Invalid):
        run(
            proven,
            proofs.confirm_code,
            issued.challenge_id,
            code_in(issued),
            browser="another",
            now=LATE,
        )
    assert not has_proof(proven)
    with db.transaction(proven) as session:
        ticket = proofs.confirm_code(
            session, proven, issued.challenge_id, code_in(issued), browser="b", now=LATE
        )
        (fact,) = [fact for fact in recorded(session) if isinstance(fact, SessionsChanged)]
    assert fact.token_hashes == (before,)
    assert has_proof(proven)
    with db.transaction(PUBLIC) as session:
        token = sessions.renew(session, PUBLIC, ticket, "b", LATE)
        assert sessions.find(session, PUBLIC, token, LATE).actor == proven
        kept = session.get(AuthSession, proven.session_id)
        assert kept.token_hash != before
    with pytest.raises(Invalid):
        run(
            proven, proofs.confirm_code, issued.challenge_id, code_in(issued), browser="b", now=LATE
        )


def test_a_ticket_of_rotation_signs_nobody_in(proven):
    issued = run(proven, proofs.send_code, browser="b", now=LATE)
    ticket = run(
        proven, proofs.confirm_code, issued.challenge_id, code_in(issued), browser="b", now=LATE
    )
    with db.transaction(PUBLIC) as session, pytest.raises(Invalid):
        sessions.enter(session, PUBLIC, ticket, "b", now=LATE)


def test_another_account_s_code_is_no_proof(proven, stranger):
    from tests.support.browser import join

    other = join(stranger.business_id)
    issued = run(other, proofs.send_code, browser="b", now=LATE)
    with pytest.raises(Invalid):
        run(
            proven, proofs.confirm_code, issued.challenge_id, code_in(issued), browser="b", now=LATE
        )
    assert not has_proof(proven)


def test_the_ways_are_those_the_person_has(proven):
    assert run(proven, proofs.list_ways).names == ["code"]


def test_with_an_app_a_mailbox_alone_is_not_enough(proven, app):
    ways = run(proven, proofs.list_ways)
    assert (ways.names, ways.password_too) == (["app", "code"], True)
    for password in (None, "", "a wrong password"):
        with pytest.raises(Invalid):
            run(proven, proofs.send_code, password, browser="b", now=LATE)
    assert run(proven, proofs.send_code, PASSWORD, browser="b", now=LATE)


def test_guesses_of_the_password_are_limited(proven, app):
    with pytest.raises(LimitReached):
        for _ in range(11):
            with pytest.raises(Invalid):
                run(proven, proofs.send_code, "a wrong password", browser="b", now=LATE)


def test_a_code_of_the_app_is_proof_once(proven, app):
    with pytest.raises(Invalid):
        run(proven, proofs.confirm_app, "000000", browser="b", now=LATE)
    assert not has_proof(proven)
    assert run(proven, proofs.confirm_app, app.at(LATE), browser="b", now=LATE)
    assert has_proof(proven)
    with pytest.raises(Invalid):
        run(proven, proofs.confirm_app, app.at(LATE), browser="b", now=LATE)


def test_guesses_of_the_app_s_code_are_limited_although_they_are_refused(proven, app):
    with pytest.raises(LimitReached):
        for _ in range(11):
            with pytest.raises(Invalid):
                run(proven, proofs.confirm_app, "000000", browser="b", now=LATE)


def test_a_recovery_code_stands_in_for_the_app(proven):
    key = run(proven, totp.begin, NOON).key.replace(" ", "")
    codes = run(proven, totp.confirm, pyotp.TOTP(key).at(NOON), now=NOON)
    assert run(proven, proofs.confirm_recovery, codes[0], browser="b", now=LATE)
    assert has_proof(proven)
    with pytest.raises(Invalid):
        run(proven, proofs.confirm_recovery, codes[0], browser="b", now=LATE)


def test_a_passkey_is_proof(proven):
    phone = Authenticator()
    options = run(proven, passkeys.begin_registration, browser="b", now=NOON)
    run(
        proven, passkeys.finish_registration, phone.create(options), "Ponsel", browser="b", now=NOON
    )
    assert run(proven, proofs.list_ways).names == ["passkey", "code"]
    options = run(proven, passkeys.begin_proof, browser="b", now=LATE)
    answer = phone.get(options)
    assert run(proven, proofs.confirm_passkey, answer, browser="b", now=LATE)
    assert has_proof(proven)
    with pytest.raises(Invalid):
        run(proven, proofs.confirm_passkey, answer, browser="b", now=LATE)


def test_proof_is_noted(proven, app):
    run(proven, proofs.confirm_app, app.at(LATE), browser="b", now=LATE)
    with db.transaction(proven) as session:
        query = select(AuditEntry).where(AuditEntry.act == "security.confirmed")
        assert session.execute(query).scalar_one().after == {"by": "app"}


def test_our_support_inside_a_business_proves_nothing(proven):
    """Whoever has no session of their own can't pass."""
    issued = run(proven, proofs.send_code, browser="b", now=LATE)
    nobody = type(proven)(proven.account_id, proven.business_id, "owner", 0)
    from chatrigo.errors import SignedOut

    with pytest.raises(SignedOut):
        run(
            nobody, proofs.confirm_code, issued.challenge_id, code_in(issued), browser="b", now=LATE
        )
