"""
Files on our own disk, each named by the SHA-256 of its contents.

The same contents are one file, however often they are put. Who may read a file is decided
where it is referred to: the name alone is no permission. What is to be deleted again lies in a
`room` of its business: there nobody else's copy can be meant.
"""

import asyncio
import hashlib
import os
import re
import tempfile
from pathlib import Path

from chatrigo.config import settings
from chatrigo.errors import NotFound

SHA256 = re.compile(r"[0-9a-f]{64}")
ROOM = re.compile(r"(?:of-\d+)?")


def room_of(business_id: int) -> str:
    """Where a business's own files lie."""
    return f"of-{business_id}"


async def put(raw: bytes, room: str = "") -> str:
    """Keep `raw` and return its name, 64 hexadecimal digits."""
    return await asyncio.to_thread(keep, raw, room)


async def forget(sha: str, room: str) -> None:
    """Delete the file of that name from the room; nothing if it is not there."""
    await asyncio.to_thread(path(sha, room).unlink, missing_ok=True)


def path(sha: str, room: str = "") -> Path:
    """Where the file of that name lies, if it was ever put; NotFound when it is no such name."""
    if not SHA256.fullmatch(sha) or not ROOM.fullmatch(room):
        raise NotFound
    return settings.files_dir / room / sha[:2] / sha


def keep(raw: bytes, room: str = "") -> str:
    """`put`, for where nothing else waits: it blocks."""
    sha = hashlib.sha256(raw).hexdigest()
    target = path(sha, room)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, raw)
    return sha


def _write(target: Path, raw: bytes) -> None:
    """Under another name until all of it is on the disk: nobody ever reads half a file."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
