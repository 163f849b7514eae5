"""A backup holds everything, and a restore brings it back or changes nothing."""

import hashlib
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from chatrigo import db, postgres
from tests.serving.processes import run

PICTURE = b"a picture, as far as anybody can tell"
NAME = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture(scope="module")
def backup(new_folder: Callable[[], Path]) -> Path:
    """A backup of a business with one file."""
    data_dir = new_folder()
    assert run("migrate", data_dir=data_dir).returncode == 0
    add_business(data_dir, "Kopi Asal")
    place = data_dir / "files" / NAME[:2]
    place.mkdir(parents=True)
    (place / NAME).write_bytes(PICTURE)
    target = new_folder() / "chatrigo.tar"
    result = run("backup", str(target), data_dir=data_dir)
    assert result.returncode == 0, result.stderr
    assert (data_dir / "secret").exists()
    return target


def test_it_comes_back_whole(backup: Path, tmp_path: Path) -> None:
    result = run("restore", str(backup), data_dir=tmp_path)
    assert result.returncode == 0, result.stderr
    assert names(tmp_path) == ["Kopi Asal"]
    assert (tmp_path / "files" / NAME[:2] / NAME).read_bytes() == PICTURE
    assert (tmp_path / "secret").read_bytes() == member(backup, "secret")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_what_is_there_is_only_replaced_by_force(backup: Path, tmp_path: Path) -> None:
    assert run("migrate", data_dir=tmp_path).returncode == 0
    add_business(tmp_path, "Kopi Lain")

    refused = run("restore", str(backup), data_dir=tmp_path)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert names(tmp_path) == ["Kopi Lain"]

    assert run("restore", str(backup), "--force", data_dir=tmp_path).returncode == 0
    assert names(tmp_path) == ["Kopi Asal"]


def test_row_level_security_comes_back_too(backup: Path, tmp_path: Path) -> None:
    assert run("restore", str(backup), data_dir=tmp_path).returncode == 0
    with connected(tmp_path) as connection:
        connection.execute(f"SET ROLE {db.APP_ROLE}")
        assert connection.execute("SELECT count(*) FROM contact").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO label (business_id, name) VALUES (1, 'x')")


def test_a_database_of_ones_own_needs_no_superuser(backup: Path, tmp_path: Path) -> None:
    with connected(tmp_path) as connection:
        connection.autocommit = True
        connection.execute("CREATE ROLE me LOGIN CREATEROLE PASSWORD 'of mine'")
        connection.execute("CREATE DATABASE shop OWNER me")
        with psycopg.connect(f"host={tmp_path / 'postgres'} user=postgres dbname=shop") as admin:
            admin.execute("CREATE EXTENSION vector")  # the one thing that takes an administrator
        url = f"postgresql://me:of%20mine@/shop?host={tmp_path / 'postgres'}"
        mine = tmp_path / "mine"
        result = run("restore", str(backup), data_dir=mine, DATABASE_URL=url)
        assert result.returncode == 0, result.stderr
        assert "mail" in run("doctor", data_dir=mine, DATABASE_URL=url).stdout
        with psycopg.connect(url) as own:
            own.execute(f"SET ROLE {db.APP_ROLE}")
            assert own.execute("SELECT name FROM business").fetchall() == [("Kopi Asal",)]


def test_only_its_owner_may_read_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_backup_is_not_overwritten_by_accident(backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    result = run("backup", str(backup), data_dir=tmp_path)
    assert result.returncode == 1
    assert "exists" in result.stderr
    assert backup.read_bytes() == before


@pytest.mark.parametrize("contents", [b"", b"not a tar file", b"x" * 10240])
def test_what_is_no_backup_is_refused(tmp_path: Path, contents: bytes) -> None:
    wrong = tmp_path / "wrong.tar"
    wrong.write_bytes(contents)
    result = run("restore", str(wrong), data_dir=tmp_path / "data")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "no backup" in result.stderr


def test_nothing_is_restored_under_a_running_server(backup: Path, tmp_path: Path) -> None:
    address = postgres.address(tmp_path / "postgres")
    assert run("migrate", data_dir=tmp_path).returncode == 0
    with connected(tmp_path), psycopg.connect(address):
        result = run("restore", str(backup), "--force", data_dir=tmp_path)
    assert result.returncode == 1
    assert "stop Chatrigo" in result.stderr


@contextmanager
def connected(data_dir: Path) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.start(data_dir)) as connection:
        yield connection
    postgres.let_go(data_dir)


def add_business(data_dir: Path, name: str) -> None:
    with connected(data_dir) as connection:
        connection.execute(
            "INSERT INTO business (name, slug, zone, greeting, quick_questions, created_at,"
            " suspension_reason) VALUES (%s, %s, 'Asia/Jakarta', '', '[]', now(), '')",
            [name, name.lower().replace(" ", "-")],
        )


def names(data_dir: Path) -> list[str]:
    with connected(data_dir) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM business").fetchall()]


def member(tar_file: Path, name: str) -> bytes:
    with tarfile.open(tar_file) as tar:
        file = tar.extractfile(name)
        assert file
        return file.read()
