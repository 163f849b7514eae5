"""
Row-level security, shown by what the code's own filter hides: without any filter, on every table
that belongs to a business, whichever tables there are.
"""

from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from tests.support.browser import join
from tests.support.planting import plant, tenant_tables

TABLES = tenant_tables()
# Found by an unguessable token, before a business is known; the code asks for nothing else.
OPEN = {"auth_session"}


@pytest.fixture(scope="module")
def owner_engine(database_url):
    engine = create_engine(db.driver_url(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def planted(shop, stranger, owner_engine):
    """Two businesses with a row of everything; the actor of each."""
    people = []
    for business in (shop, stranger):
        person = join(business.business_id)
        with owner_engine.begin() as connection:
            plant(
                connection,
                business.business_id,
                person.account_id,
                "rahasia",
                but={"assistant", "membership"},
            )
        people.append(person)
    return people


@contextmanager
def undone(actor: Actor):
    """A session of the app's role whose work is rolled back."""
    with db.transaction(actor) as session:
        yield session
        session.rollback()


def test_every_business_has_a_row_of_everything(planted, owner_engine):
    with owner_engine.connect() as connection:
        for table in TABLES:
            owners = set(connection.execute(select(table.c.business_id)).scalars())
            assert {person.business_id for person in planted} <= owners, table.name


def test_without_a_filter_a_business_reads_its_own_rows_alone(planted):
    ours, _ = planted
    with undone(ours) as session:
        for table in TABLES:
            if table.name in OPEN:
                continue
            owners = set(session.execute(select(table.c.business_id)).scalars())
            assert owners == {ours.business_id}, table.name


def test_without_a_filter_nobody_reads_nothing(planted):
    with undone(PUBLIC) as session:
        for table in TABLES:
            if table.name not in OPEN:
                assert session.execute(select(table.c.business_id)).all() == [], table.name


def test_without_a_filter_a_business_changes_and_deletes_its_own_rows_alone(planted, owner_engine):
    """As the stranger, on every table; then nothing of the shop's is missing or moved."""
    ours, theirs = planted
    before = _rows(owner_engine, ours.business_id)
    for table in reversed(TABLES):
        if table.name in OPEN:
            continue
        for statement in (
            f'UPDATE "{table.name}" SET business_id = business_id',
            f'DELETE FROM "{table.name}"',
        ):
            # The audit log takes neither: it refuses by itself.
            with suppress(ProgrammingError), undone(theirs) as session:
                assert session.execute(text(statement)).rowcount <= 1, statement
    with undone(PUBLIC) as session:
        for table in TABLES:
            if table.name not in OPEN | {"audit_entry"}:
                assert session.execute(text(f'DELETE FROM "{table.name}"')).rowcount == 0
    assert _rows(owner_engine, ours.business_id) == before


def test_a_row_can_not_be_moved_into_another_business(planted):
    ours, theirs = planted
    for table in TABLES:
        if table.name in OPEN:
            continue
        statement = text(f'UPDATE "{table.name}" SET business_id = :other')
        refused = pytest.raises(DBAPIError, match=r"row-level security|permission denied")
        with refused, undone(theirs) as session:
            session.execute(statement, {"other": ours.business_id})


def test_the_token_of_an_invitation_shows_that_one_invitation(planted, owner_engine):
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE invitation SET token_hash = 'h' || business_id"))
    ours, _ = planted
    with undone(PUBLIC) as session:
        session.execute(
            text("SELECT set_config('chatrigo.invitation', :hash, true)"),
            {"hash": f"h{ours.business_id}"},
        )
        seen = session.execute(text("SELECT business_id FROM invitation")).scalars().all()
        assert seen == [ours.business_id]
        assert session.execute(text("UPDATE invitation SET role = 'admin'")).rowcount == 0


def test_the_rows_would_be_seen_without_row_level_security(planted, owner_engine):
    """The statements above do find rows: who owns the tables sees both businesses."""
    ours, theirs = planted
    with owner_engine.connect() as connection:
        owners = set(connection.execute(text("SELECT business_id FROM label")).scalars())
    assert owners == {ours.business_id, theirs.business_id}


def _rows(engine, business_id: int) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table.name: list(
                connection.execute(
                    text(f'SELECT t::text FROM "{table.name}" t WHERE business_id = :b ORDER BY 1'),
                    {"b": business_id},
                ).scalars()
            )
            for table in TABLES
        }
