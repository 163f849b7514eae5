from datetime import timedelta

from dbos import DBOS
from sqlalchemy import func, select, update

from chatrigo import db, limits
from chatrigo.domain import cleaning
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import challenges
from chatrigo.models.account import (
    AuthSession,
    Challenge,
    DemoMail,
    OutgoingMail,
    RateLimit,
    TrustedDevice,
)
from chatrigo.models.columns import now
from chatrigo.models.team import Invitation
from chatrigo.workflows import chores, queue
from tests.support.browser import join, sign_in
from tests.workflows.conftest import forget_workflows


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
    sessions, codes, mails, limited = counts()
    assert (sessions, codes, mails) == (1, 1, 1)
    assert limited >= 2
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


def test_what_accounts_and_businesses_own_goes_too_and_what_lasts_stays(shop):
    person = join(shop.business_id)
    long_ago, soon = now() - timedelta(days=40), now() + timedelta(days=1)
    with db.transaction(person) as session:
        for expires in (long_ago, soon):
            hash = str(expires.timestamp())
            session.add(
                TrustedDevice(account_id=person.account_id, token_hash=hash, expires_at=expires)
            )
            session.add(
                Invitation(
                    business_id=shop.business_id,
                    email=f"{hash}@example.com",
                    role="agent",
                    token_hash=hash,
                    expires_at=expires,
                )
            )
            session.add(OutgoingMail(locked="-", expires_at=expires))
    with db.transaction(PUBLIC) as session:
        cleaning.clean(session, PUBLIC)
    with db.transaction(person) as session:
        for table in (TrustedDevice, Invitation, OutgoingMail):
            assert [row.expires_at for row in session.query(table).all()] == [soon], table


async def test_it_is_done_by_the_clock(database_url, shop):
    forget_workflows(database_url)
    await queue.launch(database_url)
    try:
        schedules = await DBOS.list_schedules_async()
        assert [s["schedule"] for s in schedules if s["schedule_name"] == "clean"] == [
            chores.HOURLY
        ]
        with db.transaction(PUBLIC) as session:
            session.add(DemoMail(to="a@example.com", subject="x", body="x", sent_at=_long_ago()))
        handle = await DBOS.start_workflow_async(chores.clean, now(), None)
        await handle.get_result()
        assert counts()[2] == 0
    finally:
        await queue.stop(0)


def _long_ago():
    return now() - timedelta(days=40)
