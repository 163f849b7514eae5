from datetime import timedelta

from sqlalchemy import func, select, update

from chatrigo import db, limits
from chatrigo.domain import cleaning
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import challenges
from chatrigo.models.account import AuthSession, Challenge, DemoMail, RateLimit
from chatrigo.models.columns import now
from tests.support.browser import sign_in


def counts() -> list[int]:
    with db.transaction(PUBLIC) as session:
        return [
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (AuthSession, Challenge, DemoMail, RateLimit)
        ]


def test_what_has_served_its_time_goes_and_the_rest_stays(shop):
    sign_in(shop)
    with db.transaction(PUBLIC) as session:
        challenges.issue(session, "sign_in", "a@example.com", browser="b", locale="id")
        session.add(DemoMail(to="a@example.com", subject="Kode", body="123456"))
        limits.check(session, "sign-up by address", "203.0.113.7")
    with db.transaction(PUBLIC) as session:
        cleaning.clean(session, PUBLIC)
    assert counts() == [1, 1, 1, 2]
    with db.transaction(PUBLIC) as session:
        cleaning.clean(session, PUBLIC, now() + timedelta(days=40))
    assert counts() == [0, 0, 0, 0]


def test_a_session_that_was_revoked_is_shown_for_a_while(shop):
    sign_in(shop)
    with db.transaction(PUBLIC) as session:
        session.execute(update(AuthSession).values(revoked_at=now() - timedelta(days=29)))
        cleaning.clean(session, PUBLIC)
    assert counts()[0] == 1
    with db.transaction(PUBLIC) as session:
        session.execute(update(AuthSession).values(revoked_at=now() - timedelta(days=31)))
        cleaning.clean(session, PUBLIC)
    assert counts()[0] == 0
