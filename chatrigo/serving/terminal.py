"""What the person at the terminal reads, apart from the log."""

import sys


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line on stderr that says what is wrong."""
    sys.stderr.write(f"chatrigo: {' '.join(text.split())}\n")
    sys.stderr.flush()
