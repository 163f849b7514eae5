"""Passkeys, against an authenticator in software."""

from datetime import timedelta

import pytest
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import ceremonies, passkeys, sessions
from chatrigo.errors import ConfirmItsYou, Invalid, NotFound
from chatrigo.models.account import AuthSession
from chatrigo.models.factors import Passkey
from tests.domain.accounts.conftest import NOON, after, found
from tests.support.authenticator import PRESENT, Authenticator
from tests.support.browser import join


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


def register(proven, phone, browser="b", name="Ponsel", now=NOON):
    with db.transaction(proven) as session:
        options = passkeys.begin_registration(session, proven, browser=browser, now=now)
    with db.transaction(proven) as session:
        return passkeys.finish_registration(
            session, proven, phone.create(options), name, browser=browser, now=now
        )


def begin(browser="b", now=NOON):
    with db.transaction(PUBLIC) as session:
        return passkeys.begin_sign_in(session, PUBLIC, browser=browser, now=now)


def finish(answer, browser="b", now=NOON):
    with db.transaction(PUBLIC) as session:
        return passkeys.finish_sign_in(
            session, PUBLIC, answer, browser=browser, address="10.0.0.1", now=now
        )


@pytest.fixture
def registered(proven, phone):
    return register(proven, phone)


def test_a_passkey_signs_its_account_in(proven, phone, registered):
    ticket = finish(phone.get(begin()))
    with db.transaction(PUBLIC) as session:
        token = sessions.enter(session, PUBLIC, ticket, "b", now=NOON)
    assert found(token).actor.account_id == proven.account_id
    with db.transaction(proven) as session:
        (row,) = passkeys.list_passkeys(session, proven)
    assert (row.name, row.last_used_at) == ("Ponsel", NOON)


def test_options_name_no_account_and_want_the_user_verified():
    options = ceremonies.request_options(bytes(32))
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    assert options["rpId"] == "localhost"


def test_an_answer_is_good_once(registered, phone):
    answer = phone.get(begin())
    assert finish(answer)
    with pytest.raises(Invalid):
        finish(answer)


def test_an_answer_is_good_in_the_browser_that_asked_and_for_five_minutes(registered, phone):
    answer = phone.get(begin())
    with pytest.raises(Invalid):
        finish(answer, browser="another")
    with pytest.raises(Invalid):
        finish(answer, now=after(minutes=5, seconds=1))
    assert finish(answer)


def _wrong_origin(phone):
    phone.origin = "https://chatrigo.example.evil"


def _wrong_site(phone):
    phone.site = "evil.example"


def _not_verified(phone):
    phone.flags = PRESENT


def _other_key(phone):
    phone.key = Authenticator().key


def _other_handle(phone):
    phone.user_handle = "AAAA"


def _no_handle(phone):
    phone.user_handle = None


@pytest.mark.parametrize(
    "lie",
    [_wrong_origin, _wrong_site, _not_verified, _other_key, _other_handle, _no_handle],
)
def test_a_lie_is_refused_and_its_challenge_is_used_up(registered, phone, lie):
    options = begin()
    honest = phone.get(options)
    lie(phone)
    with pytest.raises(Invalid) as refused:
        finish(phone.get(options))
    assert refused.value.key == "security.passkey_wrong"
    if lie not in (_other_handle, _no_handle):
        with pytest.raises(Invalid):
            finish(honest)


def test_a_counter_that_stands_still_is_a_copy(registered, phone):
    assert finish(phone.get(begin()))
    phone.count -= 1
    with pytest.raises(Invalid):
        finish(phone.get(begin()))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "x",
        7,
        [],
        {},
        {"response": 7},
        {"response": {}},
        {"response": {"clientDataJSON": "!!"}},
        {"response": {"clientDataJSON": "e30"}},
        {"response": {"clientDataJSON": "A" * 99_999}},
        {"id": 3, "response": {"clientDataJSON": ["e30"]}},
    ],
)
def test_nonsense_is_refused(database_open, answer):
    with pytest.raises(Invalid):
        finish(answer)


def test_half_an_answer_is_refused(registered, phone):
    for part in ("authenticatorData", "signature", "userHandle"):
        answer = phone.get(begin())
        answer["response"][part] = "%%%"
        with pytest.raises(Invalid):
            finish(answer)


def test_an_unknown_passkey_is_refused(database_open, phone):
    with pytest.raises(Invalid) as refused:
        finish(phone.get(begin()))
    assert refused.value.key == "security.passkey_unknown"


def test_another_account_s_passkey_proves_nothing_here(proven, phone, registered, stranger):
    other = join(stranger.business_id)
    tablet = Authenticator()
    with db.transaction(other) as session:
        session.add(
            AuthSession(
                token_hash="x",
                account_id=other.account_id,
                business_id=other.business_id,
                confirmed_at=NOON,
                expires_at=NOON + timedelta(days=1),
            )
        )
        session.flush()
        id = session.execute(
            select(AuthSession.id).where(AuthSession.account_id == other.account_id)
        ).scalar_one()
    other = type(other)(other.account_id, other.business_id, other.role, id)
    mine = register(other, tablet, browser="o")
    with db.transaction(other) as session:
        options = passkeys.begin_proof(session, other, browser="o", now=NOON)
        with pytest.raises(Invalid):
            passkeys.finish_proof(session, other, phone.get(options), browser="o", now=NOON)
        assert [row.id for row in passkeys.list_passkeys(session, other)] == [mine.id]
        assert session.execute(select(Passkey.id)).scalars().all() == [mine.id]
        with pytest.raises(NotFound):
            passkeys.delete_passkey(session, other, registered.id, now=NOON)
        with pytest.raises(NotFound):
            passkeys.rename(session, other, registered.id, "punyaku")
    # The challenge of one account answered by another, whose browser it is.
    with db.transaction(other) as session:
        options = passkeys.begin_proof(session, other, browser="o", now=NOON)
    with db.transaction(proven) as session, pytest.raises(Invalid):
        passkeys.finish_proof(session, proven, phone.get(options), browser="o", now=NOON)


def test_a_passkey_proves_who_one_is(proven, phone, registered):
    with db.transaction(proven) as session:
        options = passkeys.begin_proof(session, proven, browser="b", now=NOON)
        assert [allowed["id"] for allowed in options["allowCredentials"]] == [phone.id]
        passkeys.finish_proof(session, proven, phone.get(options), browser="b", now=NOON)


def test_a_passkey_is_registered_once(proven, phone, registered):
    with db.transaction(proven) as session:
        options = passkeys.begin_registration(session, proven, browser="b", now=NOON)
        assert [excluded["id"] for excluded in options["excludeCredentials"]] == [phone.id]
        assert options["user"]["id"] == phone.user_handle
        with pytest.raises(Invalid) as refused:
            passkeys.finish_registration(
                session, proven, phone.create(options), "Lagi", browser="b", now=NOON
            )
    assert refused.value.key == "security.passkey_known"


def test_a_registration_without_the_user_verified_is_refused(proven, phone):
    phone.flags = PRESENT
    with pytest.raises(Invalid):
        register(proven, phone)


def test_changes_want_fresh_proof(proven, phone, registered):
    late = after(minutes=11)
    with db.transaction(proven) as session:
        with pytest.raises(ConfirmItsYou):
            passkeys.begin_registration(session, proven, browser="b", now=late)
        with pytest.raises(ConfirmItsYou):
            passkeys.delete_passkey(session, proven, registered.id, now=late)


def test_renaming_and_deleting(proven, phone, registered):
    with db.transaction(proven) as session:
        assert (
            passkeys.rename(session, proven, registered.id, "  Laptop   toko ").name
            == "Laptop toko"
        )
        with pytest.raises(Invalid):
            passkeys.rename(session, proven, registered.id, " ")
        passkeys.delete_passkey(session, proven, str(registered.id), now=NOON)
        assert passkeys.list_passkeys(session, proven) == []
    with pytest.raises(Invalid):
        finish(phone.get(begin()))
