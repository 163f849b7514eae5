"""What an owner had told the assistant before there were versions is version 1, published."""

from alembic import command
from sqlalchemy import create_engine, text

from chatrigo import db
from chatrigo.postgres import address
from tests.support.database import SERVER

NAME = "chatrigo_test_before_versions"


def script():
    """Our migration's own revision and the one before it, whatever their numbers."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(db._alembic())
    own = next(s for s in scripts.walk_revisions() if "as versions" in (s.doc or ""))
    return own.revision, own.down_revision


def test_the_one_row_becomes_version_one(database_url):
    admin = create_engine(
        db.driver_url(address(SERVER / "postgres", "postgres")), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {NAME}"))
    url = db.driver_url(address(SERVER / "postgres", NAME))
    config = db._alembic()
    config.attributes["url"] = url
    own, before = script()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        command.upgrade(config, before)
        with engine.connect() as connection:
            connection.execute(
                text(
                    "INSERT INTO business (id, slug, name, zone, greeting, quick_questions,"
                    " created_at, suspension_reason) VALUES (7, 'a', 'A', 'Asia/Jakarta', '', '[]',"
                    " now(), '')"
                )
            )
            connection.execute(
                text(
                    'INSERT INTO assistant (business_id, enabled, name, persona, tone, "do",'
                    " dont, language, handover_line, hours, updated_at) VALUES (7, true, 'Nandi',"
                    " 'p', 't', 'd', 'x', 'id', 'h', '{\"mon\": null}', now())"
                )
            )
        command.upgrade(config, own)
        with engine.connect() as connection:
            row = connection.execute(text("SELECT * FROM instruction_version")).one()
            assert (row.business_id, row.number, row.state) == (7, 1, "published")
            assert (row.name, row.do, row.hours) == ("Nandi", "d", {"mon": None})
            assert row.published_at is not None
        command.downgrade(config, before)
        with engine.connect() as connection:
            row = connection.execute(text("SELECT * FROM assistant")).one()
            assert (row.name, row.handover_line, row.language) == ("Nandi", "h", "id")
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)"))
        admin.dispose()
