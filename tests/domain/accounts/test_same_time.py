"""
How long an answer takes tells nothing of whether an address has an account.

Answers for two groups of known addresses and one of unknown ones are timed in turn, so that
what else the machine does falls on all three. If a stranger could tell unknown from known, the
order of their times would say so: the chance that one of the unknown takes longer than one of
the known (Mann and Whitney's U, divided by its greatest value) would be far from a half, further
than between the two known groups.
"""

import random
import time
from collections.abc import Callable

import pytest

from chatrigo import db, security
from chatrigo.domain.access import system
from chatrigo.errors import Invalid
from chatrigo.models.account import Account, Membership
from tests.domain.accounts.conftest import Door, after

ROUNDS = 40
# Of equal distributions it is within 0.5 ± 0.13 in 95 of 100 runs, and hardly ever beyond this.
FAR = 0.25


@pytest.fixture
def quick_hashes(monkeypatch):
    """Hashes take as long for all; quick ones hide less of the rest, and a hundred fit in a test."""
    monkeypatch.setattr(security, "_argon2", security._argon2.using(memory_cost=2048, time_cost=1))
    security._nobodys_password.cache_clear()
    yield
    security._nobodys_password.cache_clear()


@pytest.fixture
def known(shop) -> list[str]:
    """As many accounts as are asked about, each once: a stranger's first question counts."""
    hashed = security.hash_password("senja di teras rumah")
    addresses = [f"orang{number}@kopi.example" for number in range(2 * ROUNDS)]
    with db.transaction(system(shop.business_id)) as session:
        accounts = [Account(email=address, password_hash=hashed) for address in addresses]
        session.add_all(accounts)
        session.flush()
        session.add_all(
            Membership(business_id=shop.business_id, account_id=account.id) for account in accounts
        )
    return addresses


def wrong_password(email: str, number: int) -> None:
    with pytest.raises(Invalid):
        _door(number).sign_in(email=email, password="bukan kata sandinya")


def code_alone(email: str, number: int) -> None:
    _door(number).ask_code(email=email)


def forgotten(email: str, number: int) -> None:
    _door(number).forgot(email=email)


def signing_up(email: str, number: int) -> None:
    _door(number).sign_up(email=email)


def _door(number: int) -> Door:
    return Door(f"browser {number}", f"10.0.{number // 250}.{number % 250}")


@pytest.mark.parametrize("step", [wrong_password, code_alone, forgotten, signing_up])
def test_known_and_unknown_take_the_same_time(step, quick_hashes, known):
    noise, difference = compared(step, known)
    assert abs(difference) < FAR + abs(noise), (noise, difference)


def test_wrong_codes_take_the_same_time(known):
    """The challenges stand ready; only the answer is timed."""
    ready = {}

    def answer(email: str, number: int) -> None:
        with pytest.raises(Invalid):
            _door(number).confirm(ready[email], "000000")

    def prepare(email: str, number: int) -> None:
        ready[email] = _door(number).ask_code(email=email, now=after())

    noise, difference = compared(answer, known, prepare)
    assert abs(difference) < FAR + abs(noise), (noise, difference)


def test_the_comparison_would_notice(known, monkeypatch):
    """Without the work for nobody's password, unknown addresses are told apart."""
    verify = security.verify_password
    monkeypatch.setattr(
        security, "verify_password", lambda word, stored: bool(stored) and verify(word, stored)
    )
    _, difference = compared(wrong_password, known, rounds=15)
    assert difference < -FAR


def compared(
    step: Callable[[str, int], None],
    known: list[str],
    prepare: Callable[[str, int], None] | None = None,
    rounds: int = ROUNDS,
) -> tuple[float, float]:
    """How far from a half the chances are: of known and known, and of known and unknown."""
    unknown = [f"bukan{number}@kopi.example" for number in range(ROUNDS)]
    groups = {"one": known[:ROUNDS], "two": known[ROUNDS:], "unknown": unknown}
    times: dict[str, list[float]] = {name: [] for name in groups}
    chance = random.Random(7)
    if prepare is None:
        step("hangat@kopi.example", 9999)  # what is made once is not a stranger's to time
    number = 0
    for turn in range(rounds):
        for name in chance.sample(list(groups), 3):
            number += 1
            email = groups[name][turn]
            if prepare:
                prepare(email, number)
            start = time.perf_counter()
            step(email, number)
            times[name].append(time.perf_counter() - start)
    return chance_of(times["one"], times["two"]), chance_of(times["one"], times["unknown"])


def chance_of(ones: list[float], others: list[float]) -> float:
    """The chance that one of the others takes longer than one of these, less a half."""
    longer = sum((other > one) + (other == one) / 2 for one in ones for other in others)
    return longer / (len(ones) * len(others)) - 0.5
