"""Start the commands as a person would, in processes of their own, and watch them end."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

from chatrigo.config import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def variables(data_dir: Path, **more: str) -> dict[str, str]:
    """An environment with nothing of the developer's settings."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    empty = dict.fromkeys(("DATABASE_URL", "REDIS_URL", "SMTP_URL", "CHATRIGO_MODEL"), "")
    # The same as `make test` builds with, so that no test waits for a build of its own.
    return {**clean, **empty, "CHATRIGO_DEMO": "true", "CHATRIGO_DATA_DIR": str(data_dir), **more}


def run(
    *arguments: str, data_dir: Path, seconds: float = 120, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "chatrigo", *arguments],
        cwd=ROOT,
        env=variables(data_dir, **more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


class Served:
    """`python -m chatrigo serve`, until it is told to stop."""

    def __init__(self, data_dir: Path, port: int = 0, **more: str) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.output = data_dir / "output.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chatrigo", "serve"],
                cwd=ROOT,
                env=variables(data_dir, PORT=str(self.port), **more),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_open()

    def _wait_until_open(self, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.output.read_text()
            if "is open at" in self.output.read_text():
                return
            time.sleep(0.05)
        raise AssertionError(self.output.read_text())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=headers)

    def stop(self, number: int = signal.SIGTERM, seconds: float = 15) -> int:
        """Send the signal; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(seconds)


def servers_of(data_dir: Path) -> list[psutil.Process]:
    """The PostgreSQL that works on the embedded database of this folder."""
    return [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres"
        and str(data_dir) in " ".join(process.info["cmdline"] or [])
    ]
