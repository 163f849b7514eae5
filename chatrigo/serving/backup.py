"""
Everything that is kept, in one tar file, and back again.

The database is dumped first, as of one moment, and the files after it: they are only ever
added, so each file the dump speaks of is there.
"""

import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chatrigo import db, postgres
from chatrigo.config import settings
from chatrigo.serving import CannotStart, database

FORMAT = 1
OWNER = re.compile(r"ALTER DEFAULT PRIVILEGES FOR ROLE \S+ IN")
MANIFEST, DUMP, SECRET, FILES = "chatrigo.json", "database.dump", "secret", "files"


# Everything of ours, and not the schema: that would take pgvector along, which only an
# administrator of the server may bring back.
EMPTIED = """
DO $$ DECLARE found record; BEGIN
    FOR found IN
        SELECT c.oid, c.relname, c.relkind FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relkind = 'S'
    LOOP
        EXECUTE format('DROP %s IF EXISTS public.%I CASCADE', CASE found.relkind
            WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, found.relname);
    END LOOP;
    FOR found IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', found.name);
    END LOOP;
END $$;
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `revision` is the newest migration in it."""

    format: int
    made_at: str
    revision: str
    conversations: int
    files: int


def write(target: Path, *, force: bool = False) -> Manifest:
    """Back everything up into `target`, which must not exist yet unless `force`."""
    if target.exists() and not force:
        raise CannotStart(f"{target} exists; --force replaces it.")
    url = database.address()
    db.migrate(url)
    with _work_folder(target.parent) as work:
        _pg("pg_dump", url, "--format=custom", f"--file={work / DUMP}", "--no-owner")
        manifest = _describe(url)
        (work / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2))
        (work / SECRET).write_bytes(settings.secret)
        unfinished = work / "backup.tar"
        with _private_tar(unfinished) as tar:
            for name in (MANIFEST, SECRET, DUMP):
                tar.add(work / name, name)
            if settings.files_dir.exists():
                tar.add(settings.files_dir, FILES)
        unfinished.replace(target)
    return manifest


def read(source: Path, *, force: bool = False) -> Manifest:
    """Put the backup in `source` in the place of what is kept now."""
    if not source.is_file():
        raise CannotStart(f"there is no file {source}.")
    with _work_folder(settings.data_dir) as work:
        manifest = _unpack(source, work)
        url = database.address()
        _refuse_what_would_be_lost(url, manifest, force)
        _replace_database(url, work / DUMP)
        _keep_secret(work / SECRET)
        _add_files(work / FILES)
    db.migrate(url)
    return manifest


def _describe(url: str) -> Manifest:
    with psycopg.connect(url) as connection:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        conversations = connection.execute("SELECT count(*) FROM conversation").fetchone()
    assert revision
    assert conversations
    kept = sum(1 for path in settings.files_dir.rglob("*") if path.is_file())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Manifest(FORMAT, now, revision[0], conversations[0], kept)


def _unpack(source: Path, work: Path) -> Manifest:
    try:
        with tarfile.open(source) as tar:
            tar.extractall(work, filter="data")
        manifest = Manifest(**json.loads((work / MANIFEST).read_text()))
    except (tarfile.TarError, OSError, ValueError, TypeError):
        raise CannotStart(f"{source} is no backup of Chatrigo, or it is damaged.") from None
    if manifest.format != FORMAT or manifest.revision not in db.revisions():
        raise CannotStart(f"{source} was made by a newer Chatrigo; update this one first.")
    return manifest


def _refuse_what_would_be_lost(url: str, manifest: Manifest, force: bool) -> None:
    with psycopg.connect(url) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
        full = connection.execute("SELECT to_regclass('public.business') IS NOT NULL").fetchone()
        if full and full[0]:
            full = connection.execute("SELECT EXISTS (SELECT FROM business)").fetchone()
    if others and others[0]:
        raise CannotStart("the database is in use; stop Chatrigo before restoring.")
    if full and full[0] and not force:
        raise CannotStart(
            f"there is a business here already; --force replaces everything by the backup "
            f"of {manifest.made_at}."
        )


def _replace_database(url: str, dump: Path) -> None:
    """All of it in one transaction: a restore that fails leaves what was there."""
    contents = dump.with_suffix(".list")
    _pg("pg_restore", None, "--list", f"--file={contents}", str(dump))
    entries = contents.read_text().splitlines(keepends=True)
    script = dump.with_suffix(".sql")
    script.write_text(
        "DROP SCHEMA IF EXISTS dbos CASCADE;\n"
        + EMPTIED
        + _role()
        + "".join(f"\\i '{part}'\n" for part in _parts(dump, entries))
    )
    _pg("psql", url, "--quiet", "--single-transaction", "-vON_ERROR_STOP=1", f"--file={script}")


def _parts(dump: Path, entries: list[str]) -> Iterator[Path]:
    """
    The dump as scripts: everything, and then what new tables grant by default.

    The latter names the owner of the tables, who may be another one here.
    """
    everything, defaults = dump.with_name("everything.sql"), dump.with_name("defaults.sql")
    for part, by_default in ((everything, False), (defaults, True)):
        chosen = dump.with_suffix(".chosen")
        chosen.write_text("".join(e for e in entries if (" DEFAULT ACL " in e) == by_default))
        options = ("--no-owner", "--no-comments", f"--use-list={chosen}", f"--file={part}")
        _pg("pg_restore", None, *options, str(dump))
    defaults.write_text(OWNER.sub("ALTER DEFAULT PRIVILEGES IN", defaults.read_text()))
    yield from (everything, defaults)


def _role() -> str:
    """Roles belong to the server, so a dump does not have them, only what they may do."""
    return (
        f"DO $$ BEGIN CREATE ROLE {db.APP_ROLE} NOLOGIN NOBYPASSRLS;"
        " EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n"
        f"GRANT {db.APP_ROLE} TO CURRENT_USER;\n"
    )


def _keep_secret(secret: Path) -> None:
    if settings.secret_key:
        return
    kept = settings.data_dir / "secret"
    kept.touch(mode=0o600)
    kept.write_bytes(secret.read_bytes())


def _add_files(files: Path) -> None:
    """Each file is named by its contents, so what is there already is the same."""
    if files.exists():
        shutil.copytree(files, settings.files_dir, dirs_exist_ok=True)


def _pg(program: str, url: str | None, *arguments: str) -> None:
    """Run a PostgreSQL program; the password goes through its environment, not its arguments."""
    known = conninfo_to_dict(url) if url else {}
    password = known.pop("password", None)
    where = [f"--dbname={make_conninfo('', **known)}"] if url else []
    result = subprocess.run(  # noqa: S603
        [postgres.command(program), *where, *arguments],
        env={**os.environ, **({"PGPASSWORD": str(password)} if password else {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode:
        said = result.stderr.strip().splitlines() or ["no reason given"]
        reason = next((line for line in said if "error:" in line.lower()), said[-1])
        raise CannotStart(f"{program} failed: {reason}")


@contextmanager
def _work_folder(beside: Path) -> Iterator[Path]:
    """Private, and on the same disk as where its contents go."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".chatrigo-") as folder:
        yield Path(folder)


@contextmanager
def _private_tar(path: Path) -> Iterator[tarfile.TarFile]:
    """It holds the secret, so only its owner may read it."""
    path.touch(mode=0o600)
    with suppress(FileNotFoundError), tarfile.open(path, "w") as tar:
        yield tar
