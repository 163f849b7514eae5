"""The embedded PostgreSQL starts, is shared, survives its users and stops with the last."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from tests.serving.processes import servers_of

USE_IT = """
import sys, time
from pathlib import Path
from chatrigo import postgres
print(postgres.start(Path(sys.argv[1])), flush=True)
sys.stdin.read()
postgres.stop()
print("left", flush=True)
"""


class User:
    """A process that uses the server until its input is closed."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE_IT, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()

    def leave(self) -> None:
        output, _ = self.process.communicate(timeout=30)
        assert "left" in output


@contextmanager
def user_of(data_dir: Path) -> Iterator[User]:
    user = User(data_dir)
    try:
        yield user
    finally:
        if user.process.poll() is None:
            user.leave()


def ask(address: str, question: str) -> object:
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(question)  # type: ignore[arg-type]
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_it_answers_and_stops(tmp_path: Path) -> None:
    with user_of(tmp_path) as user:
        assert ask(user.address, "SELECT lower('ÉSPRESSO')") == "éspresso"
        assert ask(user.address, "SHOW timezone") == "UTC"
        assert ask(user.address, "SHOW fsync") == "on"
        assert servers_of(tmp_path)
    assert not servers_of(tmp_path)


def test_the_last_user_stops_it(tmp_path: Path) -> None:
    with user_of(tmp_path) as first, user_of(tmp_path) as second:
        assert first.address == second.address
        second.leave()
        assert ask(first.address, "SELECT 1") == 1
    assert not servers_of(tmp_path)


def test_a_killed_user_does_not_keep_it_alive_and_loses_nothing(tmp_path: Path) -> None:
    user = User(tmp_path)
    ask(user.address, "CREATE TABLE kept AS SELECT 42 AS answer")
    user.process.send_signal(signal.SIGKILL)
    user.process.wait(10)
    assert servers_of(tmp_path), "it outlives a killed process"
    with user_of(tmp_path) as next_user:
        assert ask(next_user.address, "SELECT answer FROM kept") == 42
    assert not servers_of(tmp_path)


def test_a_pid_file_that_names_another_program_is_not_believed(tmp_path: Path) -> None:
    with user_of(tmp_path):
        [postmaster] = [p for p in servers_of(tmp_path) if "-D" in p.cmdline()]
        children = postmaster.children()
        postmaster.kill()
        psutil.wait_procs([postmaster, *children], timeout=10)
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines() if pid_file.exists() else ["0", "", "", "", "", ""]
    pid_file.write_text("\n".join([str(psutil.Process().pid), *lines[1:]]) + "\n")
    with user_of(tmp_path) as user:
        assert ask(user.address, "SELECT 1") == 1


def test_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    far = tmp_path / ("warung-" * 15)
    far.mkdir()
    with user_of(far) as user:
        assert ask(user.address, "SELECT 1") == 1
        assert "warung" not in user.address
