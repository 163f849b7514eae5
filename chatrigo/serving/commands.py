"""What each command does."""

from pathlib import Path

from chatrigo import db
from chatrigo.config import settings
from chatrigo.demo import seed as demo_seed
from chatrigo.serving import CannotStart, database, development, front_end, logs, web_server
from chatrigo.serving import backup as archive
from chatrigo.serving.doctor import examine
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
    """The demo shop, unless it is there."""
    db.open_engine(database.address())
    demo_seed.seed()
    db.close_engine()


def doctor() -> None:
    findings = []
    for finding in examine():
        say(str(finding))
        findings.append(finding)
    bad = sum(1 for finding in findings if finding.verdict == "bad")
    if bad:
        raise CannotStart(f"{bad} of {len(findings)} need mending.")


def backup(file: Path, *, force: bool) -> None:
    made = archive.write(file, force=force)
    say(f"{made.conversations} conversations and {made.files} files are in {file}.")
    say("The key that signs and decrypts is in it too: keep it as you would a password.")


def restore(file: Path, *, force: bool) -> None:
    made = archive.read(file, force=force)
    say(f"Restored {made.conversations} conversations and {made.files} files of {made.made_at}.")


def prepare() -> None:
    """All that comes before serving and only costs time when something is new."""
    db.migrate(database.address())
    front_end.build()


def _welcome() -> None:
    say(f"\nChatrigo is open at {settings.origin}  (Ctrl-C closes it)\n")
