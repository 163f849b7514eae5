"""What each command does."""

from collections.abc import Callable
from pathlib import Path

from chatrigo import db
from chatrigo.config import settings
from chatrigo.demo import seed as demo_seed
from chatrigo.demo import team as demo_team
from chatrigo.demo.shop import load_shop
from chatrigo.serving import (
    CannotStart,
    database,
    development,
    front_end,
    logs,
    operators,
    rotation,
    web_server,
)
from chatrigo.serving import backup as archive
from chatrigo.serving.doctor import examine
from chatrigo.serving.terminal import say


def demo() -> None:
    _serve(_fill, _welcome_to_demo)


def serve() -> None:
    _serve(lambda _url: None, _welcome)


def dev() -> None:
    web_server.claim_port().close()
    url = database.address()
    db.migrate(url)
    _fill(url)
    say(f"\nChatrigo will be open at {settings.origin}, with the gallery at /gallery.")
    _say_who_can_sign_in()
    development.serve()


def migrate() -> None:
    db.migrate(database.address())
    say("The database has the newest schema.")


def build() -> None:
    front_end.build()


def seed() -> None:
    url = database.address()
    db.migrate(url)
    _fill(url)


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


def rotate() -> None:
    url = database.address()
    db.migrate(url)
    for column in rotation.rotate(url):
        say(f"{column.name}: {column.renewed} encrypted anew, {column.lost} could not be opened")
    say("OLD_SECRET_KEYS may go once nothing is left that could not be opened.")


def operator(act: str, email: str) -> None:
    url = database.address()
    db.migrate(url)
    if act == "list":
        for known in operators.known(url):
            say(known)
        return
    changed = operators.add(url, email) if act == "add" else operators.remove(url, email)
    say(f"{email}: {'done' if changed else 'it was so already'}.")


def _serve(fill: Callable[[str], None], on_ready: Callable[[], None]) -> None:
    """What comes before serving costs time only when something is new."""
    listening = web_server.claim_port()
    logs.configure()
    url = database.address()
    db.migrate(url)
    fill(url)
    front_end.build()
    web_server.serve(web_server.load(), listening, on_ready)


def _fill(url: str) -> None:
    """With the demo coffee shop, unless it is there."""
    db.open_engine(url)
    if demo_seed.seed():
        say("The demo coffee shop has moved in.")
    if operator := demo_team.seed():
        operators.add(url, operator)
    db.close_engine()


def _welcome() -> None:
    say(f"\nChatrigo is open at {settings.origin}  (Ctrl-C closes it)\n")


def _welcome_to_demo() -> None:
    say(f"\nChatrigo is open at {settings.origin}  (Ctrl-C closes it and keeps everything)")
    _say_who_can_sign_in()


def _say_who_can_sign_in() -> None:
    say(
        f"""
  The owner      {settings.origin}/sign-in   {demo_seed.owner_email()}   {demo_seed.PASSWORD}
                 the six-digit code comes to {settings.origin}/mailbox and to this log
  Our own team   {settings.origin}/sign-in   {demo_team.EMAIL}   {demo_seed.PASSWORD}
                 and then {settings.origin}/operator
  A customer     {settings.origin}/c/{load_shop().slug}
"""
    )
