import pytest
from sqlalchemy import func
from sqlmodel import select

from chatrigo import db
from chatrigo.domain.access import Actor, system
from chatrigo.errors import Invalid, LimitReached
from chatrigo.models.account import Account, Challenge, Membership
from chatrigo.models.business import Assistant, Business, Label
from chatrigo.models.conversation import Channel
from chatrigo.models.instructions import InstructionVersion
from tests.domain.accounts.conftest import EMAIL, PASSWORD, Door, after, code_in, found


def count(model):
    with db.transaction(system(0)) as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_creates_nothing_until_the_code_is_shown(door):
    issued = door.sign_up()
    assert count(Account) == count(Business) == 0
    door.confirm_sign_up(issued)
    assert count(Account) == count(Business) == 1


def test_a_new_business_has_all_it_needs(door):
    token = door.enter(door.confirm_sign_up(door.sign_up()))
    sari = found(token)
    assert sari.actor.role == "owner"
    assert (sari.name, sari.email) == ("Sari", EMAIL)
    assert (sari.business_name, sari.business_slug) == ("Kopi Senja", "kopi-senja")
    with db.transaction(sari.actor) as session:
        assert session.execute(select(Channel.kind)).scalars().all() == ["web"]
        assert len(session.execute(select(Label)).all()) == 4
        assert session.execute(select(Assistant.enabled)).scalar_one()
        told = session.execute(select(InstructionVersion)).scalar_one()
        assert (told.number, told.state, told.name) == (1, "published", "Asisten Kopi Senja")
        assert told.author_id == sari.actor.account_id
        assert "Jangan menebak harga" in told.dont
        assert "Kopi Senja" in session.execute(select(Business.greeting)).scalar_one()


def test_the_mail_is_in_the_person_s_language_with_the_code_in_its_subject(door):
    indonesian, english = door.sign_up(), door.sign_up(locale="en")
    assert indonesian.mail.subject == f"Kode daftar Chatrigo: {code_in(indonesian)}"
    assert english.mail.subject == f"Your Chatrigo sign-up code: {code_in(english)}"
    assert code_in(english) in english.mail.text
    assert len(code_in(english)) == 6


def test_a_known_address_gets_the_same_answer_and_another_mail(sari):
    other = Door("browser-of-a-stranger")
    issued = other.sign_up(password="bukan kata sandinya", now=after(hours=1))
    assert issued.email == EMAIL
    assert issued.mail.subject == "Kamu sudah punya akun Chatrigo"
    assert not any(word.isdecimal() for word in issued.mail.text.split())
    for left in (4, 3, 2, 1):
        with pytest.raises(Invalid) as refusal:
            other.confirm_sign_up(issued, "123456", now=after(hours=1))
        assert (refusal.value.key, refusal.value.values["left"]) == ("auth.code_wrong", left)
    assert count(Account) == count(Business) == 1
    sari.sign_in()


def test_two_browsers_that_sign_up_one_address_make_one_account(door):
    one, other = door.sign_up(), Door("another").sign_up()
    door.confirm_sign_up(one)
    with pytest.raises(Invalid, match="already_registered"):
        Door("another").confirm_sign_up(other)
    assert count(Account) == count(Business) == 1


def test_a_password_is_not_kept_once_the_account_is_made(door):
    door.confirm_sign_up(door.sign_up())
    with db.transaction(system(0)) as session:
        assert session.execute(select(Challenge.payload)).scalar_one() == {}
        assert PASSWORD not in session.execute(select(Account.password_hash)).scalar_one()


def test_addresses_are_one_whatever_their_case(door):
    door.confirm_sign_up(door.sign_up(email="  SARI@Kopi.Example "))
    assert door.sign_in(email=EMAIL).email == EMAIL


@pytest.mark.parametrize(
    ("field", "typed", "key"),
    [
        ("business", "", "auth.business_invalid"),
        ("business", "  \n ", "auth.business_invalid"),
        ("business", "🔥🔥", "auth.business_invalid"),
        ("business", None, "auth.business_invalid"),
        ("business", "a\u202eb", "auth.business_invalid"),
        ("business", "x" * 81, "auth.business_too_long"),
        ("email", "", "auth.email_invalid"),
        ("email", "sari", "auth.email_invalid"),
        ("email", "sari@kopi", "auth.email_invalid"),
        ("email", "sari@kopi..id", "auth.email_invalid"),
        ("email", "sa ri@kopi.id", "auth.email_invalid"),
        ("email", "sari@kopi.id\nBcc: x@y.id", "auth.email_invalid"),
        ("email", "Sari <sari@kopi.id>", "auth.email_invalid"),
        ("email", f"sari@{'kopi.' * 60}id", "auth.email_invalid"),
        ("email", {"$ne": ""}, "auth.email_invalid"),
        ("password", "pendek", "auth.password_too_short"),
        ("password", "x" * 100_000, "auth.password_too_long"),
        ("password", 1234567890, "auth.password_too_long"),
        ("password", "aaaaaaaaaaaa", "auth.password_common"),
        ("password", "Password-1234", "auth.password_common"),
        ("password", "bismillah 123", "auth.password_common"),
        ("password", EMAIL, "auth.password_common"),
        ("password", "Kopi Senja", "auth.password_common"),
        ("password", "senja \ud83d di teras", "auth.password_unreadable"),
    ],
)
def test_refuses_what_will_not_do_and_says_which(door, field, typed, key):
    with pytest.raises(Invalid) as refusal:
        door.sign_up(**{field: typed})
    assert refusal.value.key == key


@pytest.mark.parametrize("password", ["ส้มตำปูปลาร้าอร่อย", "🦊🐢🦉 di kebun teh", "x1y2z3 " * 28])
def test_any_script_makes_a_password(door, password):
    door.confirm_sign_up(door.sign_up(password=password))
    assert door.sign_in(password=password)


def test_the_name_of_a_business_is_text_and_nothing_more(door):
    name = "<b>Kopi</b>'; DROP TABLE account; --"
    found_ = found(door.enter(door.confirm_sign_up(door.sign_up(business=name))))
    assert found_.business_name == name
    assert found_.business_slug == "b-kopi-b-drop-table-account"


def test_needs_a_browser_that_keeps_cookies(database_open):
    with pytest.raises(Invalid, match="cookies_needed"):
        Door(browser="").sign_up()


def test_one_address_can_not_sign_up_in_masses(door):
    for number in range(10):
        door.sign_up(email=f"sari{number}@kopi.example")
    with pytest.raises(LimitReached):
        door.sign_up(email="sari11@kopi.example")
    assert Door(address="10.0.0.2").sign_up(email="sari11@kopi.example")


def test_another_business_sees_nothing_of_a_new_one(door, stranger):
    door.confirm_sign_up(door.sign_up())
    with db.transaction(Actor(None, stranger.business_id, "system")) as session:
        for model in (Channel, Label, Membership):
            assert session.execute(select(model)).all() == []
