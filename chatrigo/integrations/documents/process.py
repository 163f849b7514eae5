"""
The process that reads documents: short-lived, without our settings, and stopped when it is greedy.

A hostile file can crash it, fill its memory or turn in circles; then that document is unreadable
and nothing else has happened.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from chatrigo.config import ROOT
from chatrigo.integrations.documents.found import Block, Document, Turn, Unreadable

Report = Callable[[int, int], Awaitable[None]]

WALL_SECONDS = 180.0
LONGEST_LINE = 64 * 1024 * 1024
_MODULE = "chatrigo.integrations.documents.reader"


async def read(path: Path, kind: str, *, name: str = "", heard: Report | None = None) -> Document:
    """
    What the document holds. `kind` is file, page or whatsapp; `heard(done, total)` is called as
    it goes on. Raises Unreadable. Being cancelled ends the process.
    """
    (found,) = await read_all([path], kind, names=[name], heard=heard)
    if isinstance(found, Unreadable):
        raise found
    return found


async def read_all(
    paths: Sequence[Path], kind: str, *, names: Sequence[str] = (), heard: Report | None = None
) -> list[Document | Unreadable]:
    """Several of a kind, by as few processes as it takes: one that dies costs one document."""
    found: list[Document | Unreadable] = []
    while len(found) < len(paths):
        rest = paths[len(found) :]
        job = {"kind": kind, "paths": [str(p) for p in rest], "names": [*names[len(found) :]]}
        before = len(found)
        end = await _run(job, found, heard)
        if len(found) < len(paths) and end:
            found.append(Unreadable(end))
        elif len(found) == before:
            found.append(Unreadable("sources.broken"))
    return found


async def _run(
    job: dict[str, Any], found: list[Document | Unreadable], heard: Report | None
) -> str:
    """Take in what one process finds; returns why it ended early, or nothing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _MODULE,
        json.dumps(job),
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST_LINE,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(WALL_SECONDS):
            async for line in process.stdout:
                said = json.loads(line)
                if "done" in said:
                    if heard:
                        await heard(int(said["done"]), int(said["total"]))
                else:
                    found.append(_document(said))
            status = await process.wait()
    except TimeoutError:
        return "sources.heavy"
    except ValueError:
        return "sources.broken"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return "sources.heavy" if status else ""


def _document(said: dict[str, Any]) -> Document | Unreadable:
    if "refused" in said:
        return Unreadable(said["refused"], **said["values"])
    return Document(
        format=said["format"],
        title=said["title"],
        blocks=[Block(*each) for each in said["blocks"]],
        turns=[Turn(*each) for each in said["turns"]],
        notice=said["notice"],
        notice_values=said["notice_values"],
    )
