"""An operator at work: an account of ours, signed in, with a business of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from chatrigo import db, security
from chatrigo.domain.access import PUBLIC, Actor, system
from chatrigo.domain.accounts import sessions
from chatrigo.models.account import Account, AuthSession
from chatrigo.models.columns import now
from chatrigo.models.factors import Totp
from chatrigo.serving import operators
from tests.conftest import found
from tests.support.browser import join


@pytest.fixture
def ours(shop: Actor) -> Actor:
    """Our own business, where the operator is at home."""
    return found("Tim Chatrigo", "tim-chatrigo")


@pytest.fixture
def signed_in() -> Callable[[Actor], tuple[Actor, str]]:
    """Makes a session of a person; gives the actor and the token."""

    def sign_in(person: Actor) -> tuple[Actor, str]:
        token = security.token()
        with db.transaction(system(person.business_id)) as session:
            kept = AuthSession(
                token_hash=security.digest(token),
                account_id=person.account_id,
                business_id=person.business_id,
                address="203.0.113.7",
                expires_at=now() + timedelta(days=1),
            )
            session.add(kept)
            session.flush()
            return replace(person, session_id=kept.id), token

    return sign_in


@pytest.fixture
def operator(ours: Actor, signed_in, database_url: str) -> tuple[Actor, str]:
    """One of our team, and the token of their browser."""
    person = join(ours.business_id, "owner", "tim@chatrigo.example")
    operators.add(database_url, "tim@chatrigo.example")
    with db.transaction(person) as session:
        session.add(Totp(account_id=person.account_id, secret="-", confirmed_at=now()))
    return signed_in(person)


@pytest.fixture
def owner(shop: Actor, signed_in) -> Actor:
    """The owner of the shop, signed in."""
    return signed_in(join(shop.business_id, "owner", "pemilik@example.com"))[0]


def who(token: str) -> sessions.SignedIn | None:
    with db.transaction(PUBLIC) as session:
        return sessions.find(session, PUBLIC, token)


def audit_of(business_id: int) -> list[tuple[str, str]]:
    """Who did what, oldest first."""
    with db.transaction(system(business_id)) as session:
        rows = session.execute(text("SELECT actor_name, act FROM audit_entry ORDER BY id"))
        return [(row.actor_name, row.act) for row in rows]


def do(fn, actor: Actor, *args, **kwargs):
    with db.transaction(actor) as session:
        return fn(session, actor, *args, **kwargs)


def account_of(actor: Actor) -> Account:
    with db.transaction(actor) as session:
        return session.execute(select(Account).where(Account.id == actor.account_id)).scalar_one()
