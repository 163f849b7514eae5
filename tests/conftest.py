"""Real PostgreSQL for every test: one server a run, one database a worker."""

import os
import tempfile
from collections.abc import Iterator

# Before anything of ours is imported: tests read no developer's settings and keep no data.
os.environ["CHATRIGO_DATA_DIR"] = tempfile.mkdtemp(prefix="chatrigo-data-")
for _name in ("DATABASE_URL", "REDIS_URL", "SMTP_URL", "CHATRIGO_MODEL", "OPENAI_BASE_URL"):
    os.environ[_name] = ""
os.environ["CHATRIGO_DEMO"] = "0"
os.environ["CHATRIGO_EMBEDDING_MODEL"] = "off"
os.environ["CHATRIGO_QUIET_SECONDS"] = "0"

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from chatrigo import db
from chatrigo.domain.access import Actor, system
from chatrigo.models.business import Assistant, Business
from tests.support import database

# The default draws every local variable of every frame, a second and more for each failure.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """An empty, migrated database of this worker's own."""
    with database.fresh() as url:
        yield url


@pytest.fixture(scope="session")
def _engine(database_url: str) -> Iterator[None]:
    db.open_engine(database_url)
    yield
    db.close_engine()


@pytest.fixture
def database_open(_engine: None) -> Iterator[None]:
    """The app's engine, on tables that are emptied afterwards."""
    yield
    database.empty()


@pytest.fixture
def shop(database_open: None) -> Actor:
    """A business of its own, as its system actor."""
    return found("Kopi Uji", "kopi-uji")


@pytest.fixture
def stranger(database_open: None) -> Actor:
    """Another business, which must never see a row of `shop`."""
    return found("Toko Lain", "toko-lain")


@pytest.fixture
def session(shop: Actor) -> Iterator[Session]:
    """A session of `shop`; what it does is rolled back."""
    with db.transaction(shop) as session:
        yield session
        session.rollback()


@pytest.fixture
def actor(shop: Actor) -> Actor:
    return shop


def found(name: str, slug: str) -> Actor:
    with db.transaction(system(0)) as session:
        business = Business(name=name, slug=slug)
        session.add(business)
        session.flush()
        assert business.id
        founder = system(business.id)
        session.execute(
            text("SELECT set_config('chatrigo.business_id', :id, true)"), {"id": str(business.id)}
        )
        session.add(Assistant(business_id=business.id))
    return founder
