import asyncio
import threading

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.errors import NotFound
from chatrigo.events import Fact, Missed, hub, record
from chatrigo.models.business import Business, Label


async def test_publishes_only_after_the_commit(shop):
    def fail(session, actor):
        record(session, Fact(actor.business_id))
        raise ValueError

    with hub.subscribe(shop.business_id) as inbox:
        with pytest.raises(ValueError):  # noqa: PT011
            await db.run(fail, shop)
        await db.run(lambda session, actor: record(session, Fact(actor.business_id)), shop)
        assert await inbox.batch() == [Fact(shop.business_id)]


async def test_publishes_even_if_the_caller_is_cancelled(shop):
    resume = threading.Event()

    def slow(session, actor):
        resume.wait(1)
        record(session, Fact(actor.business_id))

    with hub.subscribe(shop.business_id) as inbox:
        task = asyncio.create_task(db.run(slow, shop))
        await asyncio.sleep(0.01)
        task.cancel()
        resume.set()
        assert await asyncio.wait_for(inbox.batch(), 1) == [Fact(shop.business_id)]


async def test_a_slow_subscriber_is_told_to_load_again():
    with hub.subscribe(1) as inbox:
        for _ in range(501):
            hub.publish(Fact(1))
        assert await inbox.batch() == [Missed(1)]


def test_a_forgotten_filter_shows_nothing_of_another_business(shop, stranger):
    with db.transaction(shop) as session:
        session.add(Label(business_id=shop.business_id, name="VIP"))
    for other in (stranger, PUBLIC):
        with db.transaction(other) as session:
            assert session.execute(select(Label)).all() == []
            assert session.execute(text("UPDATE label SET name = 'x'")).rowcount == 0


def test_a_row_of_another_business_can_not_be_written(shop, stranger):
    with pytest.raises(Exception, match="row-level security"), db.transaction(stranger) as session:
        session.add(Label(business_id=shop.business_id, name="VIP"))


def test_another_business_can_not_be_renamed(shop, stranger):
    with db.transaction(stranger) as session:
        session.execute(text("UPDATE business SET name = 'x'"))
    with db.transaction(PUBLIC) as session:
        names = set(session.execute(select(Business.name)).scalars())
    assert names == {"Kopi Uji", "x"}


def test_every_table_with_a_business_has_row_level_security(session):
    protected = set(
        session.execute(text("SELECT relname FROM pg_class WHERE relrowsecurity")).scalars()
    )
    tenant = {t.name for t in SQLModel.metadata.sorted_tables if "business_id" in t.columns}
    assert tenant - protected == {"auth_session"}  # found by an unguessable token, not by business


def test_the_app_owns_no_table(session):
    owners = session.execute(
        text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'dbos')")
    ).scalars()
    assert "chatrigo_app" not in set(owners)
    assert session.execute(text("SELECT current_user")).scalar() == "chatrigo_app"


@pytest.mark.parametrize(("refusal", "kept"), [(NotFound(), []), (NotFound().keeping(), ["VIP"])])
async def test_a_refusal_undoes_everything_unless_it_keeps(shop, refusal, kept):
    def write_and_refuse(session, actor):
        session.add(Label(business_id=actor.business_id, name="VIP"))
        raise refusal

    with pytest.raises(NotFound):
        await db.run(write_and_refuse, shop)
    with db.transaction(shop) as session:
        assert list(session.execute(select(Label.name)).scalars()) == kept
