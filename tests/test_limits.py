from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func
from sqlmodel import select

from chatrigo import db, limits
from chatrigo.domain.access import PUBLIC
from chatrigo.errors import Invalid, LimitReached
from chatrigo.i18n import LOCALES, translate
from chatrigo.models.account import RateLimit

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAME = "web message by visitor"


def count(session, key="ani", at=NOON, times=1):
    for _ in range(times):
        limits.check(session, NAME, key, at)


def test_refuses_one_too_many_and_says_how_long(session):
    count(session, times=20)
    with pytest.raises(LimitReached) as refusal:
        count(session, at=NOON + timedelta(seconds=4))
    assert refusal.value.retry_after == 6


def test_begins_anew_when_the_window_is_over(session):
    count(session, times=20)
    count(session, at=NOON + timedelta(seconds=10), times=20)


def test_one_key_does_not_use_up_another_s(session):
    count(session, times=20)
    count(session, key="budi")


def test_the_key_is_not_stored_in_the_clear(session):
    count(session, key="ani@example.com")
    assert "ani" not in session.execute(select(RateLimit.name)).scalar_one()


async def test_counts_what_was_refused_keeping(database_open):
    def refuse(session, actor):
        count(session)
        raise Invalid("auth.wrong_credentials").keeping()

    for _ in range(20):
        with pytest.raises(Invalid):
            await db.run(refuse, PUBLIC)
    with pytest.raises(LimitReached):
        await db.run(refuse, PUBLIC)


def test_is_not_exceeded_by_asking_at_once(database_open):
    def one(_):
        try:
            with db.transaction(PUBLIC) as session:
                count(session)
        except LimitReached:
            return 0
        return 1

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(40))) == 20


def test_forgets_what_is_over(session):
    count(session)
    limits.forget_old(session, NOON + limits.LONGEST + timedelta(seconds=1))
    assert session.execute(select(func.count()).select_from(RateLimit)).scalar_one() == 0


@pytest.mark.parametrize("name", limits.LIMITS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_limit_has_its_sentence(name, locale):
    assert translate(limits.LIMITS[name].key, locale, seconds=3)
