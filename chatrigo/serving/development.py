"""
Hot reload on one port: Reflex's preview mode, which rebuilds the front end when code changes.

Its plain development mode has the pages on one port and the server on another, where our own
routes (signing in, files) are not found.
"""

import signal
import subprocess
import sys

from chatrigo.config import ROOT, settings
from chatrigo.serving.front_end import environment

STOP_SECONDS = 10


def serve() -> None:
    """Until SIGINT or SIGTERM, which we pass on: it has children of its own."""
    port = str(settings.port)
    process = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-m", "reflex", "run", "--env", "preview"),
            *("--frontend-port", port, "--backend-port", port),
            *("--backend-host", settings.host),
        ],
        cwd=ROOT,
        env=environment(),
        start_new_session=True,
    )
    try:
        process.wait()
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
