"""Alembic's entry: the schema is `SQLModel.metadata`, the address comes from the caller."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import chatrigo.models  # noqa: F401  (fills the metadata)

# One process migrates at a time; the number only has to be ours.
LOCK = 7243001


def ours(name: str | None, kind: str, parents: dict) -> bool:
    return not (kind == "schema" and name not in (None, "public"))


def run() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            compare_type=True,
            include_name=ours,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
        connection.commit()
    engine.dispose()


run()
