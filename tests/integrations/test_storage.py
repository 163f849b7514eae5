import asyncio
import hashlib
from pathlib import Path

import pytest

from chatrigo.errors import NotFound
from chatrigo.integrations import storage


@pytest.fixture(autouse=True)
def files(setting, tmp_path: Path) -> Path:
    setting(data_dir=tmp_path)
    return tmp_path / "files"


async def test_a_file_is_named_by_its_contents(files: Path):
    sha = await storage.put(b"nota")

    assert sha == hashlib.sha256(b"nota").hexdigest()
    assert storage.path(sha) == files / sha[:2] / sha
    assert storage.path(sha).read_bytes() == b"nota"


async def test_the_same_contents_are_one_file(files: Path):
    first = await storage.put(b"nota")
    written = storage.path(first).stat().st_mtime_ns

    names = await asyncio.gather(*(storage.put(b"nota") for _ in range(20)))

    assert set(names) == {first}
    assert storage.path(first).stat().st_mtime_ns == written
    assert len([path for path in files.rglob("*") if path.is_file()]) == 1


async def test_many_at_once_leave_nothing_unfinished(files: Path):
    await asyncio.gather(*(storage.put(b"sama") for _ in range(20)))

    assert [path.read_bytes() for path in files.rglob("*") if path.is_file()] == [b"sama"]


async def test_a_failed_write_leaves_nothing(files: Path, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        await storage.put(b"nota")

    assert [path for path in files.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "name", ["", "abc", "../" * 21 + "x", "A" * 64, "g" * 64, "a" * 63 + "\n", "a" * 64 + "\n"]
)
def test_other_names_do_not_exist(name: str):
    with pytest.raises(NotFound):
        storage.path(name)


async def test_a_business_has_a_room_of_its_own():
    one, two = storage.room_of(1), storage.room_of(2)
    name = await storage.put(b"panduan", one)
    assert await storage.put(b"panduan", two) == name
    await storage.forget(name, one)
    await storage.forget(name, one)
    assert not storage.path(name, one).exists()
    assert storage.path(name, two).read_bytes() == b"panduan"


@pytest.mark.parametrize("room", ["../of-1", "of-", "of-1/..", "/etc"])
def test_a_room_is_no_path(room):
    with pytest.raises(NotFound):
        storage.path("a" * 64, room)
