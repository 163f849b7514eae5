"""Secrets at rest move to the new key, on a real column, also when the move is cut short."""

import pytest
from pydantic import SecretStr

from chatrigo import db, security
from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.models.columns import locked_columns
from chatrigo.models.factors import Totp
from chatrigo.serving import rotation
from tests.support.browser import join

NAME = "totp.secret"


def purpose(account_id: int | None) -> str:
    return f"authenticator app of account {account_id}"


@pytest.fixture
def people(shop) -> list[Actor]:
    """Five, each with a secret under the secret of before."""
    made = [join(shop.business_id) for _ in range(5)]
    for person in made:
        with db.transaction(person) as session:
            locked = security.lock(purpose(person.account_id), f"kunci {person.account_id}")
            session.add(Totp(account_id=person.account_id, secret=locked))
    return made


@pytest.fixture
def new_secret(people, monkeypatch) -> None:
    monkeypatch.setitem(settings.__dict__, "old_secret_keys", SecretStr(settings.secret.decode()))
    monkeypatch.setitem(settings.__dict__, "secret", b"another secret")


def stored(person: Actor) -> str:
    with db.transaction(person) as session:
        return session.query(Totp.secret).scalar()


def of(columns: list[rotation.Locked]) -> tuple[int, int, int]:
    (found,) = [column for column in columns if column.name == NAME]
    return found.current, found.renewed, found.lost


def test_everything_is_locked_anew_and_opens_without_the_old_secret(
    people, new_secret, database_url, monkeypatch
):
    assert of(rotation.look(database_url)) == (0, 5, 0)
    assert of(rotation.rotate(database_url)) == (0, 5, 0)
    assert of(rotation.rotate(database_url)) == (5, 0, 0)
    monkeypatch.setitem(settings.__dict__, "old_secret_keys", None)
    for person in people:
        opened = security.unlock(purpose(person.account_id), stored(person))
        assert opened == f"kunci {person.account_id}"


def test_it_goes_on_where_it_was_cut_short(people, new_secret, database_url, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    lock, done = security.lock, []

    def cut(purpose: str, value: str) -> str:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(value)
        return lock(purpose, value)

    monkeypatch.setattr(security, "lock", cut)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(database_url)
    monkeypatch.setattr(security, "lock", lock)
    assert of(rotation.rotate(database_url)) == (2, 3, 0)


def test_what_can_not_be_opened_is_left_and_told(people, new_secret, database_url, monkeypatch):
    monkeypatch.setitem(settings.__dict__, "old_secret_keys", None)
    before = [stored(person) for person in people]
    assert of(rotation.look(database_url)) == (0, 0, 5)
    assert of(rotation.rotate(database_url)) == (0, 0, 5)
    assert [stored(person) for person in people] == before


def test_a_secret_moved_to_another_row_is_noticed(people, database_url):
    one, other = people[:2]
    with db.transaction(other) as session:
        session.query(Totp).one().secret = stored(one)
    assert of(rotation.look(database_url)) == (4, 0, 1)


def test_rotation_finds_the_columns_by_their_models():
    assert NAME in {f"{column.table.name}.{column.name}" for column, _ in locked_columns()}
