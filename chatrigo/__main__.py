"""
The commands: `python -m chatrigo COMMAND`.

What needs the settings is imported after the command is known, because `demo` and `dev`
choose settings of their own.
"""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from chatrigo.serving import CannotStart
from chatrigo.serving.modes import choose
from chatrigo.serving.terminal import complain

COMMANDS = {
    "demo": "serve, with a coffee shop to try everything with; keeps its data",
    "serve": "migrate, build what changed, and serve on one port",
    "dev": "serve and reload on every change of the code",
    "migrate": "bring the database to the newest schema",
    "seed": "fill the database with the demo coffee shop, if it is not there yet",
    "build": "build the front end, if its sources changed",
    "doctor": "look whether all that Chatrigo needs is there",
    "backup": "write everything that is kept to a tar file",
    "restore": "put a backup in the place of what is kept; stop Chatrigo first",
    "rotate": "encrypt anew what was encrypted under OLD_SECRET_KEYS",
    "operator": "say who of our own team may open the operator console",
}
WITH_FILE = {"backup", "restore"}


def main() -> int:
    chosen = _parser().parse_args()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        choose(chosen.command)
        from chatrigo.serving import commands

        command = getattr(commands, chosen.command)
        if chosen.command in WITH_FILE:
            command(chosen.file, force=chosen.force)
        elif chosen.command == "operator":
            command(chosen.act, chosen.email)
        else:
            command()
    except CannotStart as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return 1
    finally:
        _let_go()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chatrigo", description="Chatrigo")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=purpose)
        if name in WITH_FILE:
            command.add_argument("file", type=Path, metavar="FILE")
            command.add_argument("--force", action="store_true", help="replace what is there")
        if name == "operator":
            command.add_argument("act", choices=("add", "remove", "list"))
            command.add_argument("email", nargs="?", default="", metavar="EMAIL")
    return parser


def _leave(number: int, _frame: FrameType | None) -> None:
    """End through the `finally` blocks, as an exit would."""
    raise SystemExit(128 + number)


def _let_go() -> None:
    """Leave the embedded PostgreSQL; a second Ctrl-C may not break off its clean stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if postgres := sys.modules.get("chatrigo.postgres"):
        postgres.stop()


if __name__ == "__main__":
    sys.exit(main())
