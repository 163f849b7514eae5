"""A forgotten password."""

import pytest
from sqlalchemy import func
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import system
from chatrigo.models.account import Account, Challenge
from chatrigo.models.audit import AuditEntry
from tests.domain.accounts.conftest import EMAIL, PASSWORD, Door, after, code_in, found
from tests.domain.accounts.test_sign_in import other_than, refused

NEW = "hujan turun di kota baru"


def test_the_code_lets_a_new_password_be_chosen_and_enters(sari):
    issued = sari.forgot()
    assert issued.mail.subject == f"Kode kata sandi baru Chatrigo: {code_in(issued)}"
    token = sari.enter(sari.choose(sari.confirm_forgot(issued), NEW))
    assert found(token).email == EMAIL
    assert refused(sari.sign_in, password=PASSWORD) == "auth.wrong_credentials"
    assert sari.sign_in(password=NEW)


def test_every_session_ends_and_no_device_is_trusted_any_more(sari):
    token = sari.enter(sari.confirm(sari.sign_in(), trust=True))
    elsewhere = Door("a phone")
    other = elsewhere.enter(elsewhere.confirm(elsewhere.sign_in()))
    thief = Door("the browser of who took the phone")
    thief.choose(thief.confirm_forgot(thief.forgot()), NEW)
    assert found(token) is found(other) is None
    assert not isinstance(sari.sign_in(password=NEW), str)


def test_it_is_in_the_audit_log(sari):
    business_id = found(sari.enter(sari.confirm(sari.sign_in()))).actor.business_id
    sari.choose(sari.confirm_forgot(sari.forgot()), NEW)
    with db.transaction(system(business_id)) as session:
        acts = session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars().all()
    assert acts == ["account.signed_in", "account.reset"]


def test_an_unknown_address_gets_the_same_answer_and_another_mail(sari):
    known, unknown = sari.forgot(), sari.forgot(email="nobody@kopi.example")
    assert (type(known), unknown.email) == (type(unknown), "nobody@kopi.example")
    assert unknown.mail.subject == "Alamat ini belum punya akun Chatrigo"
    assert not any(word.isdecimal() for word in unknown.mail.text.split())
    for _ in range(5):
        wrong = other_than(code_in(known))
        assert refused(sari.confirm_forgot, known, wrong) == refused(
            sari.confirm_forgot, unknown, wrong
        )


def test_a_weak_password_may_be_bettered_with_the_same_code(sari):
    proven = sari.confirm_forgot(sari.forgot())
    assert refused(sari.choose, proven, "pendek") == "auth.password_too_short"
    assert refused(sari.choose, proven, EMAIL) == "auth.password_common"
    assert refused(sari.choose, proven, "Kopi Senja 2026") == "auth.password_common"
    assert sari.choose(proven, NEW)


def test_each_step_is_good_once_in_its_browser_and_for_a_while(sari):
    issued = sari.forgot()
    thief = Door("another browser")
    assert refused(thief.confirm_forgot, issued) == "auth.code_gone"
    proven = sari.confirm_forgot(issued)
    assert refused(sari.confirm_forgot, issued) == "auth.code_gone"
    assert refused(thief.choose, proven, NEW) == "auth.code_gone"
    assert refused(sari.choose, proven, NEW, now=after(minutes=15)) == "auth.code_gone"
    sari.choose(proven, NEW)
    assert refused(sari.choose, proven, NEW) == "auth.code_gone"


def test_no_step_can_be_left_out(sari):
    issued = sari.forgot()
    assert refused(sari.choose, issued, NEW) == "auth.code_gone"
    assert refused(sari.confirm, issued) == "auth.code_gone"
    signing_in = sari.sign_in()
    assert refused(sari.confirm_forgot, signing_in) == "auth.code_gone"
    assert refused(sari.choose, signing_in, NEW) == "auth.code_gone"


@pytest.mark.parametrize("id", [0, -1, "x", None, 2**70, [], True])
def test_a_challenge_that_can_not_be_is_gone(sari, id):
    proven = sari.confirm_forgot(sari.forgot())
    assert refused(sari.choose, type(proven)(id, False), NEW) == "auth.code_gone"


def test_nothing_is_made_for_an_unknown_address(door):
    door.forgot()
    with db.transaction(system(0)) as session:
        assert session.execute(select(func.count()).select_from(Account)).scalar_one() == 0
        assert session.execute(select(Challenge.account_id)).scalar_one() is None
