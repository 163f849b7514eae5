"""Changing password, e-mail and phone."""

import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import changes, open_sessions, sign_in, standing, trusted
from chatrigo.domain.accounts.changes import phone_number
from chatrigo.errors import ConfirmItsYou, Invalid, LimitReached, NotFound, SignedOut
from chatrigo.events import SessionsEnded, recorded
from chatrigo.models.account import Account, AuthSession
from chatrigo.models.audit import AuditEntry
from tests.domain.accounts.conftest import EMAIL, NOON, PASSWORD, after, code_in
from tests.support.browser import join

NEW = "hujan di bulan juni"
LATE = after(minutes=30)


def run(actor, act, *args, **more):
    with db.transaction(actor) as session:
        return act(session, actor, *args, **more)


def account(actor) -> Account:
    with db.transaction(actor) as session:
        return session.get(Account, actor.account_id)


@pytest.fixture
def elsewhere(proven) -> int:
    """Another browser of Sari's."""
    with db.transaction(proven) as session:
        kept = AuthSession(
            token_hash="elsewhere",
            account_id=proven.account_id,
            business_id=proven.business_id,
            user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36",
            address="10.0.0.9",
            expires_at=after(days=1),
        )
        session.add(kept)
        session.flush()
        return kept.id


@pytest.fixture
def mails(monkeypatch) -> list:
    sent: list = []
    monkeypatch.setattr("chatrigo.domain.post.send", lambda session, mail, **_: sent.append(mail))
    return sent


def test_the_old_password_changes_it_and_ends_the_other_sessions(proven, elsewhere, mails):
    with db.transaction(proven) as session:
        assert changes.change_password(session, proven, PASSWORD, NEW, now=LATE) == 1
        assert SessionsEnded(0, ("elsewhere",)) in recorded(session)
    with db.transaction(proven) as session:
        rows = open_sessions.list_sessions(session, proven, LATE)
    assert [(row.id, row.here) for row in rows] == [(proven.session_id, True)]
    assert mails[-1].to == EMAIL
    with pytest.raises(Invalid):
        run(proven, changes.change_password, PASSWORD, NEW, now=LATE)


def test_without_the_old_password_fresh_proof_is_asked_for(proven):
    with pytest.raises(ConfirmItsYou):
        run(proven, changes.change_password, None, NEW, now=LATE)
    run(proven, changes.change_password, None, NEW, now=NOON)


def test_a_wrong_old_password_counts(proven):
    with pytest.raises(LimitReached):
        for _ in range(11):
            with pytest.raises(Invalid):
                run(proven, changes.change_password, "salah sekali", NEW, now=LATE)


@pytest.mark.parametrize("new", ["pendek", "password123", EMAIL, "x" * 999, None, "\ud800" * 12])
def test_a_new_password_must_be_good(proven, new):
    with pytest.raises(Invalid):
        run(proven, changes.change_password, PASSWORD, new, now=LATE)


def test_a_changed_password_trusts_no_device(proven):
    run(proven, changes.change_password, PASSWORD, NEW, now=LATE)
    assert run(proven, trusted.list_devices) == []


def test_a_new_address_is_shown_to_be_the_person_s_and_the_old_one_is_told(proven, mails):
    issued = run(proven, changes.start_email, " Sari@Baru.Example ", browser="b", now=NOON)
    assert issued.email == "sari@baru.example"
    with pytest.raises(Invalid):
        run(
            proven,
            changes.confirm_email,
            issued.challenge_id,
            code_in(issued),
            browser="x",
            now=NOON,
        )
    reach = run(
        proven, changes.confirm_email, issued.challenge_id, code_in(issued), browser="b", now=NOON
    )
    assert reach.email == account(proven).email == "sari@baru.example"
    assert [mail.to for mail in mails[-2:]] == [EMAIL, "sari@baru.example"]
    assert "24/11/2026 19.00 WIB" in mails[-2].text
    with db.transaction(proven) as session:
        query = select(AuditEntry).where(AuditEntry.act == "security.email_changed")
        assert session.execute(query).scalar_one().before == {"email": EMAIL}


def test_whether_an_address_has_an_account_only_its_mailbox_hears(proven, stranger, mails):
    join(stranger.business_id, email="ana@toko.example")
    taken = run(proven, changes.start_email, "ana@toko.example", browser="b", now=NOON)
    free = run(proven, changes.start_email, "baru@toko.example", browser="b", now=NOON)
    assert type(taken) is type(free)
    with pytest.raises(Invalid) as refused:
        run(
            proven,
            changes.confirm_email,
            taken.challenge_id,
            "123456",
            browser="b",
            now=NOON,
        )
    assert refused.value.key == "auth.code_wrong"
    assert not any(word.isdecimal() and len(word) == 6 for word in taken.mail.text.split())


def test_codes_that_wait_at_the_old_address_are_void(proven, sari):
    """Else whoever reads the old mailbox could still reset the password of the account."""
    waiting = sari.forgot()
    issued = run(proven, changes.start_email, "baru@toko.example", browser="b", now=NOON)
    run(proven, changes.confirm_email, issued.challenge_id, code_in(issued), browser="b", now=NOON)
    with pytest.raises(Invalid) as refused:
        sari.confirm_forgot(waiting)
    assert refused.value.key == "auth.code_gone"


def test_a_sign_in_begun_with_the_old_password_is_void(proven, sari):
    waiting = sari.sign_in()
    run(proven, changes.change_password, PASSWORD, NEW, now=NOON)
    with pytest.raises(Invalid):
        sari.confirm(waiting)


def test_an_address_taken_meanwhile_is_refused(proven, stranger):
    issued = run(proven, changes.start_email, "ana@toko.example", browser="b", now=NOON)
    join(stranger.business_id, email="ana@toko.example")
    with pytest.raises(Invalid) as refused:
        run(
            proven,
            changes.confirm_email,
            issued.challenge_id,
            code_in(issued),
            browser="b",
            now=NOON,
        )
    assert refused.value.key == "security.email_taken"
    assert account(proven).email == EMAIL


def test_e_mail_and_phone_want_fresh_proof(proven):
    with pytest.raises(ConfirmItsYou):
        run(proven, changes.start_email, "baru@toko.example", browser="b", now=LATE)
    with pytest.raises(ConfirmItsYou):
        run(proven, changes.change_phone, "0812 3456 7890", now=LATE)


def test_a_code_for_a_new_address_signs_nobody_in(proven):
    issued = run(proven, changes.start_email, "baru@toko.example", browser="b", now=NOON)
    with db.transaction(PUBLIC) as session, pytest.raises(Invalid):
        sign_in.confirm(
            session, PUBLIC, issued.challenge_id, code_in(issued), browser="b", now=NOON
        )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0812 3456 7890", "+6281234567890"),
        ("+62 812-3456-7890", "+6281234567890"),
        ("62 812 3456 7890", "+6281234567890"),
        ("+65 9123 4567", "+6591234567"),
        ("  ", None),
    ],
)
def test_phone_numbers_are_stored_in_one_spelling(typed, stored):
    assert phone_number(typed) == stored


@pytest.mark.parametrize("typed", ["halo", "0812", "1" * 50, None, 812, "\x00", "+999 123"])
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(Invalid):
        phone_number(typed)


def test_a_phone_number_comes_and_goes(proven, mails):
    assert run(proven, changes.change_phone, "081234567890", now=NOON).phone == "+62 812-3456-7890"
    assert account(proven).phone == "+6281234567890"
    assert run(proven, changes.change_phone, "", now=NOON).phone == ""
    assert len(mails) == 2


def test_sessions_are_listed_in_words_and_revoked_one_by_one(proven, elsewhere, mails):
    here, there = run(proven, open_sessions.list_sessions, LATE)
    assert (here.here, there.here) == (True, False)
    assert (there.browser, there.system, there.handheld) == ("Chrome", "Android", True)
    run(proven, open_sessions.revoke, there.id, now=LATE)
    with pytest.raises(NotFound):
        run(proven, open_sessions.revoke, there.id, now=LATE)
    assert "Chrome · Android (10.0.0.9)" in mails[-1].text
    assert len(run(proven, open_sessions.list_sessions, LATE)) == 1


def test_nobody_ends_another_s_session(proven, stranger):
    other = join(stranger.business_id)
    with pytest.raises(NotFound):
        run(other, open_sessions.revoke, proven.session_id)
    for nonsense in (None, "x", [], 2**70, -1):
        with pytest.raises(NotFound):
            run(other, open_sessions.revoke, nonsense)
    assert run(proven, open_sessions.revoke_others, now=LATE) == 0


def test_nobody_has_no_standing(proven):
    for who in (PUBLIC, Actor(None, proven.business_id, "owner")):
        with pytest.raises(SignedOut):
            run(who, standing.get_standing)
    found = run(proven, standing.get_standing)
    assert (found.reach.email, found.has_app, found.passkeys) == (EMAIL, False, [])
