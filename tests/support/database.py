"""PostgreSQL for tests: the embedded server, a database a worker, emptied between tests."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

from chatrigo import db, postgres

SERVER = Path(tempfile.gettempdir()) / f"chatrigo-tests-{os.getuid()}"
_owner_url = ""


@contextmanager
def fresh() -> Iterator[str]:
    """The address of a new, migrated database; dropped at the end."""
    global _owner_url
    postgres.start(SERVER, durable=False)
    folder = SERVER / "postgres"
    name = f"chatrigo_test_{os.getpid()}"
    admin = create_engine(
        db.driver_url(postgres.address(folder, "postgres")), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    _owner_url = postgres.address(folder, name)
    db.migrate(_owner_url)
    yield _owner_url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()
    postgres.let_go(SERVER)


def empty() -> None:
    """Empty every table of ours, as the owner."""
    tables = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    owner = create_engine(db.driver_url(_owner_url), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    owner.dispose()
