"""What each command does."""

from chatrigo import db
from chatrigo.config import settings
from chatrigo.serving import database, development, front_end, logs, web_server
from chatrigo.serving.terminal import say


def demo() -> None:
    listening = web_server.claim_port()
    logs.configure()
    prepare()
    seed()
    web_server.serve(web_server.load(), listening, _welcome)


def serve() -> None:
    listening = web_server.claim_port()
    logs.configure()
    prepare()
    web_server.serve(web_server.load(), listening, _welcome)


def dev() -> None:
    web_server.claim_port().close()
    logs.configure()
    db.migrate(database.address())
    seed()
    development.serve()


def migrate() -> None:
    db.migrate(database.address())
    say("The database has the newest schema.")


def build() -> None:
    front_end.build()


def seed() -> None:
    """Only when not yet seeded."""
    db.open_engine(database.address())


def prepare() -> None:
    """All that comes before serving and only costs time when something is new."""
    db.migrate(database.address())
    front_end.build()


def _welcome() -> None:
    say(f"\nChatrigo is open at {settings.origin}  (Ctrl-C closes it)\n")
