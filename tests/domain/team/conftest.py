"""A shop with an owner, an admin, an agent and a viewer, each in a browser of their own."""

from types import SimpleNamespace

import pytest

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import sessions
from chatrigo.models.account import Membership
from tests.support.browser import join, sign_in


def run(fn, actor, *args, **kwargs):
    with db.transaction(actor) as session:
        return fn(session, actor, *args, **kwargs)


def at_work(actor: Actor) -> Actor:
    """The same person, signed in just now."""
    token = sign_in(actor).removeprefix(f"{cookies.SESSION}=")
    return run(sessions.find, PUBLIC, token).actor


def roles(shop) -> dict[int, str]:
    with db.transaction(shop) as session:
        return {each.account_id: each.role for each in session.query(Membership)}


@pytest.fixture
def team(shop):
    return SimpleNamespace(
        **{
            role: at_work(join(shop.business_id, role, f"{role}@kopi.example"))
            for role in ("owner", "admin", "agent", "viewer")
        }
    )
