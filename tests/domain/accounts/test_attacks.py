"""Attacks on the door, each as somebody would try it. docs/security.md lists them."""

import time
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func
from sqlmodel import select

from chatrigo import db, limits, security
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import challenges, sessions, sign_in
from chatrigo.errors import ChatrigoError, LimitReached
from chatrigo.models.account import Account, Challenge, OutgoingMail
from chatrigo.models.business import Business
from tests.domain.accounts.conftest import EMAIL, Door, after, found
from tests.domain.accounts.test_sign_in import refused

NEW = "hujan turun di kota baru"


def rows(model) -> int:
    with db.transaction(PUBLIC) as session:
        return session.execute(select(func.count()).select_from(model)).scalar_one()


def race(*steps) -> Counter:
    """All at once, each in a transaction of its own."""

    def one(step) -> str:
        try:
            return "in" if step() else "nothing"
        except ChatrigoError as refusal:
            return refusal.key

    with ThreadPoolExecutor(len(steps)) as threads:
        return Counter(threads.map(one, steps))


def test_ten_thousand_codes_from_a_hundred_addresses(sari):
    """
    Each address asks for a code in a browser of its own and guesses a hundred times; whoever gets
    no code guesses at those of the others. The account looks at twenty guesses an hour.
    """
    heard: Counter = Counter()
    waiting = []
    for number in range(100):
        here = {"browser": f"b{number}", "address": f"203.0.113.{number}", "now": after()}
        with db.transaction(PUBLIC) as session:
            try:
                issued = sign_in.start_without_password(session, PUBLIC, EMAIL, **here)
                waiting.append(issued.challenge_id)
            except LimitReached:
                issued = None
            for guess in range(100):
                aim = issued.challenge_id if issued else waiting[guess % len(waiting)]
                code = f"{number:02}{guess:04}"
                heard[_guess(session, aim, code, here, own=issued is not None)] += 1
    assert heard.total() == 10_000
    assert len(waiting) == 6
    looked_at = 20
    assert heard["auth.code_wrong"] + heard["the fifth wrong try"] == looked_at
    assert "in" not in heard, "two chances in a hundred thousand"


def _guess(session, challenge_id, code, here, own) -> str:
    """
    As in a transaction of its own: what is refused is undone, unless it is to be kept. A guess at
    another browser's code writes nothing that could be undone.
    """
    undone = session.begin_nested() if own else None
    try:
        challenges.answer(session, sign_in.PURPOSE, challenge_id, code, **here)
    except ChatrigoError as refusal:
        if refusal.keeps and undone:
            undone.commit()
            return refusal.key if refusal.key == "auth.code_wrong" else "the fifth wrong try"
        if undone:
            undone.rollback()
        return refusal.key
    return "in"


def test_the_owner_still_gets_in_while_somebody_guesses(sari):
    sari.enter(sari.confirm(sari.sign_in(), trust=True))
    for number in range(100):
        thief = Door(f"browser {number}", f"203.0.113.{number}")
        refused(thief.sign_in, password="tebakan saja")
    assert sari.enter(sari.sign_in())


def test_a_used_code_is_no_code_in_any_of_the_three(sari):
    for start, confirm in (
        (sari.sign_in, sari.confirm),
        (sari.ask_code, sari.confirm),
        (sari.forgot, sari.confirm_forgot),
    ):
        issued = start(now=after(minutes=1))
        confirm(issued, now=after(minutes=1))
        assert refused(confirm, issued, now=after(minutes=1)) == "auth.code_gone"
        assert refused(confirm, issued, now=after(minutes=2)) == "auth.code_gone"


def test_two_browsers_race_one_code(sari):
    """The thief saw the code and its number, and is as fast as its owner."""
    issued = sari.sign_in()
    thief = Door("the thief's browser", "203.0.113.9")
    outcome = race(*[lambda: sari.confirm(issued), lambda: thief.confirm(issued)] * 4)
    assert outcome == {"in": 1, "auth.code_gone": 7}


def test_one_browser_races_one_ticket_one_new_password_and_one_app_code(sari, app, codes):
    ticket = sari.confirm_app(sari.sign_in(now=after(minutes=9)), codes[0], after(minutes=9))
    assert race(*[lambda: sari.enter(ticket, after(minutes=9))] * 6) == {
        "in": 1,
        "auth.ticket_gone": 5,
    }
    now = after(minutes=10)
    proven = sari.confirm_forgot(sari.forgot(now=now), now=now)
    outcome = race(*[lambda: sari.choose(proven, NEW, app.at(now), now=now)] * 4)
    assert outcome == {"in": 1, "auth.code_gone": 3}
    now = after(minutes=20)
    asked = [Door(f"b{n}").sign_in(password=NEW, now=now) for n in range(4)]
    doors = [Door(f"b{n}") for n in range(4)]
    outcome = race(
        *[
            lambda door=door, step=step: door.confirm_app(step, app.at(now), now)
            for door, step in zip(doors, asked, strict=True)
        ]
    )
    assert outcome == {"in": 1, "auth.code_wrong": 3}


def test_mass_sign_up_makes_nothing(door, monkeypatch):
    """Four hundred tries from twenty addresses: two hundred mails, no account, no business."""
    monkeypatch.setattr(security, "hash_password", lambda _: "-")  # what it costs is not the matter
    began = 0
    for number in range(400):
        thief = Door(f"browser {number}", f"203.0.113.{number % 20}")
        try:
            thief.sign_up(email=f"orang{number}@kopi.example")
            began += 1
        except LimitReached:
            continue
    assert began == 200
    assert rows(Account) == rows(Business) == 0
    with db.transaction(PUBLIC) as session:
        challenges.forget_old(session, after(days=2))
    assert rows(Challenge) == 0


@pytest.mark.parametrize(
    "password",
    ["x" * 201, "x" * 1_000_000, "ﷺ" * 201, "💥" * 100_000, "\ud83d" * 12, "a\x00" * 150, None, 7],
)
def test_what_is_no_password_costs_nothing(sari, password):
    start = time.perf_counter()
    for step in (sari.sign_in, sari.sign_up):
        assert refused(step, password=password).startswith("auth.password_")
    proven = sari.confirm_forgot(sari.forgot())
    assert refused(sari.choose, proven, password).startswith("auth.password_")
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "password",
    ["Ṩé\u0323\u0307cret ẛ̣ panjang", "ﬁnal ２０２６ ﷺ panjang", "\u202eabc rahasia unik"],
)
def test_a_password_is_the_same_however_its_characters_are_composed(sari, password):
    sari.choose(sari.confirm_forgot(sari.forgot()), password)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert sari.sign_in(password=unicodedata.normalize(form, password))


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(sari):
    stolen = sari.enter(sari.confirm(sari.sign_in()))
    assert found(stolen)
    with db.transaction(PUBLIC) as session:
        sessions.leave(session, PUBLIC, stolen)
    assert found(stolen) is None


def test_a_stolen_device_cookie_needs_the_password_and_ends_with_it(sari):
    sari.enter(sari.confirm(sari.sign_in(), trust=True))
    thief = Door("the thief's browser", "203.0.113.9")
    thief.device = sari.device
    assert refused(thief.sign_in, password="tebakan saja") == "auth.wrong_credentials"
    sari.choose(sari.confirm_forgot(sari.forgot()), NEW)
    assert not isinstance(thief.sign_in(password=NEW), str)


def test_codes_of_one_business_come_to_an_end_without_telling_whose_it_is(sari, monkeypatch):
    """Known and unknown hear the same; only a person who knows the password is told why."""
    few = limits.Limit(2, 60 * 60, "errors.too_many_codes")
    monkeypatch.setitem(limits.LIMITS, "code mails by business", few)
    kept = [Door(f"b{n}").ask_code(now=after(minutes=n)) for n in range(4)]
    assert {type(issued) for issued in kept} == {type(sari.ask_code(email="x@kopi.example"))}
    assert refused(Door("b9").sign_in, now=after(minutes=5)) == "errors.too_many_codes"
    with db.transaction(PUBLIC) as session:
        sent = session.execute(
            select(func.count()).where(OutgoingMail.expires_at > OutgoingMail.created_at)
        ).scalar_one()
        withheld = session.execute(
            select(func.count()).where(OutgoingMail.expires_at == OutgoingMail.created_at)
        ).scalar_one()
    assert (sent, withheld) == (4, 2)
