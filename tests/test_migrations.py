"""The migrations end where the models are, in one line."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import chatrigo.models  # noqa: F401
from chatrigo import db


def test_the_schema_is_what_the_models_say(database_url):
    engine = create_engine(db.driver_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "schema" or name in (None, "public"),
                "include_object": lambda _object, name, kind, *_: name != "alembic_version",
            },
        )
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    assert differences == []


def test_the_migrations_are_one_line():
    scripts = ScriptDirectory.from_config(db._alembic())
    assert len(scripts.get_heads()) == 1
    assert [s.revision for s in scripts.walk_revisions()] == db.revisions()
