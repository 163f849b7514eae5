"""Nobody but an operator looks across businesses, whatever way they try."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import ProgrammingError

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor, system
from chatrigo.domain.operator import businesses, health, support, suspension
from chatrigo.errors import ConfirmItsYou, Forbidden, NotFound, SignedOut
from chatrigo.models.account import AuthSession
from chatrigo.models.columns import now
from chatrigo.models.factors import Totp
from chatrigo.serving import CannotStart, operators
from tests.domain.operator.conftest import do

CALLS = (
    "SELECT * FROM operator_businesses('', NULL, 0, 10, now())",
    "SELECT * FROM operator_count('')",
    "SELECT * FROM operator_usage(NULL, 'Asia/Jakarta', 7)",
    "SELECT * FROM operator_last_failure()",
    "SELECT * FROM operator_database()",
    "SELECT * FROM operator_duties()",
    "SELECT operator_suspend(1, 'x')",
)
DOORS = (
    (businesses.list_businesses,),
    (businesses.get_business, 1),
    (businesses.list_usage,),
    (health.get_health,),
    (suspension.suspend, 1, "x"),
    (suspension.free, 1),
    (support.open_business, 1),
)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door[0].__name__)
def test_the_console_does_not_exist_for_others(door, owner):
    fn, *args = door
    with pytest.raises(NotFound):
        do(fn, owner, *args)
    with pytest.raises(SignedOut):
        do(fn, PUBLIC, *args)


@pytest.mark.parametrize("call", CALLS)
def test_the_database_asks_for_the_operator_itself(call, owner):
    for actor in (owner, PUBLIC, system(owner.business_id)):
        with pytest.raises(ProgrammingError, match="not an operator"), db.transaction(actor) as s:
            s.execute(text(call))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO operator (account_id, granted_at) VALUES (:id, now())",
        "UPDATE operator SET account_id = :id",
        "DELETE FROM operator",
        "UPDATE business SET suspended_at = now()",
        "UPDATE business SET suspension_reason = 'x'",
    ],
)
def test_the_app_makes_no_operator_and_suspends_nobody_by_itself(statement, owner, operator):
    for actor in (owner, operator[0]):
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|only an operator"),
            db.transaction(actor) as session,
        ):
            session.execute(text(statement), {"id": actor.account_id})


def test_an_operator_sees_no_tenant_row_for_all_that(operator, shop):
    with db.transaction(operator[0]) as session:
        seen = session.execute(text("SELECT business_id FROM assistant")).scalars().all()
    assert seen == [operator[0].business_id]


def test_others_do_not_even_see_who_operates(operator, owner):
    with db.transaction(owner) as session:
        assert session.execute(text("SELECT count(*) FROM operator")).scalar() == 0


def test_an_old_proof_of_who_they_are_is_asked_for_again(operator):
    actor = operator[0]
    _confirmed(actor, timedelta(minutes=30))
    do(businesses.list_businesses, actor)
    with pytest.raises(ConfirmItsYou):
        do(suspension.suspend, actor, 1, "x")
    _confirmed(actor, timedelta(minutes=61))
    with pytest.raises(ConfirmItsYou):
        do(businesses.list_businesses, actor)
    with pytest.raises(ConfirmItsYou):
        do(businesses.list_businesses, replace(actor, session_id=0))


def test_a_password_and_a_mail_are_not_enough(operator):
    with db.transaction(operator[0]) as session:
        session.execute(delete(Totp))
    with pytest.raises(Forbidden, match="factor_needed"):
        do(businesses.list_businesses, operator[0])


def test_operators_are_said_on_the_server(operator, owner, database_url):
    assert operators.known(database_url) == ["tim@chatrigo.example"]
    assert not operators.add(database_url, " TIM@chatrigo.example ")
    with pytest.raises(CannotStart, match="nobody has signed up"):
        operators.add(database_url, "nobody@example.com")
    assert operators.remove(database_url, "tim@chatrigo.example")
    assert not operators.remove(database_url, "tim@chatrigo.example")
    with pytest.raises(NotFound):
        do(businesses.list_businesses, operator[0])


def _confirmed(actor: Actor, ago: timedelta) -> None:
    with db.transaction(actor) as session:
        session.execute(update(AuthSession).values(confirmed_at=now() - ago))
