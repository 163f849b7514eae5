"""The processes of a run: started here, ended here, and what they use."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

ROOT = Path(__file__).parent.parent
START_SECONDS = 90
STOP_SECONDS = 20


class BenchFailed(Exception):
    """A run cannot go on; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Memory:
    """
    Megabytes of a whole tree.

    `rss` counts what processes share once for each of them; `pss` counts it once.
    """

    rss: float
    pss: float


class Running:
    """A program of ours that serves on a port of this machine, with the PostgreSQL it uses."""

    def __init__(
        self, *command: str, env: dict[str, str], log: Path, data: Path | None = None
    ) -> None:
        self._log = log
        self._data = data
        with log.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        tree = self._tree()
        self._process.send_signal(signal.SIGTERM)
        _, left = psutil.wait_procs(tree, STOP_SECONDS)
        for process in left:
            process.kill()
        self._process.wait()

    def until_ready(self, port: int, path: str = "") -> "Running":
        """Wait until the port, or with a path the page, answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise BenchFailed(f"a program ended at once: {self._last_words()}")
            if _answers(port, path):
                return self
            time.sleep(0.1)
        raise BenchFailed(f"port {port} did not answer: {self._last_words()}")

    def cpu_seconds(self) -> float:
        """Used so far by the tree, by children that have ended as well."""
        return sum(sum(process.cpu_times()[:4]) for process in self._tree())

    def memory(self) -> Memory:
        sizes = [process.memory_full_info() for process in self._tree()]
        return Memory(
            rss=sum(size.rss for size in sizes) / 2**20,
            pss=sum(size.pss for size in sizes) / 2**20,
        )

    def _tree(self) -> list[psutil.Process]:
        roots = [self._process.pid, *self._postmaster()]
        return [
            process
            for pid in roots
            if psutil.pid_exists(pid)
            for root in [psutil.Process(pid)]
            for process in (root, *root.children(recursive=True))
        ]

    def _postmaster(self) -> list[int]:
        """PostgreSQL leaves the tree of whoever started it, and notes its number."""
        pid_file = self._data / "postgres" / "postmaster.pid" if self._data else None
        if pid_file is None or not pid_file.exists():
            return []
        return [int(pid_file.read_text().split("\n", 1)[0])]

    def _last_words(self) -> str:
        return " / ".join(self._log.read_text(errors="replace").splitlines()[-3:])


def run(*command: str, env: dict[str, str], log: Path) -> None:
    """Run a program of ours to its end."""
    with log.open("w") as output:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        last = " / ".join(log.read_text(errors="replace").splitlines()[-3:])
        raise BenchFailed(f"{' '.join(command)} failed: {last}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    """This process's own, without any setting of a developer's."""
    unset = dict.fromkeys(
        ("DATABASE_URL", "REDIS_URL", "SMTP_URL", "PUBLIC_URL", "TRUSTED_PROXIES", "SECRET_KEY"), ""
    )
    # Figures stay comparable with those of before there were embeddings.
    return {**os.environ, **unset, "CHATRIGO_EMBEDDING_MODEL": "off", **settings}


def _answers(port: int, path: str) -> bool:
    try:
        if not path:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return True
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
