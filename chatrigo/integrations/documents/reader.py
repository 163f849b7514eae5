"""
The process that reads documents: `python -m chatrigo.integrations.documents.reader JOB`.

It takes on its limits before it opens anything. Each line it writes is JSON: how far it is, a
document, or why there is none.
"""

import dataclasses
import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatrigo.integrations.documents.found import Document, Unreadable

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 120
OPEN_FILES = 64
NICENESS = 10


def limit() -> None:
    """What this process may use; whatever it asks for beyond, it does not get."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)


def tell(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def progress(done: int, total: int) -> None:
    tell({"done": done, "total": total})


def read(path: Path, kind: str, name: str) -> Document:
    if kind == "whatsapp":
        from chatrigo.integrations.documents import whatsapp

        return whatsapp.read(path, name)
    from chatrigo.integrations.documents import formats

    return formats.read(path, name, progress, page=kind == "page")


def outcomes(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    names = job["names"]
    for at, path in enumerate(job["paths"]):
        try:
            document = read(Path(path), job["kind"], names[at] if at < len(names) else "")
            yield dataclasses.asdict(document)
        except Unreadable as refused:
            yield {"refused": refused.key, "values": refused.values}
        except MemoryError:
            yield {"refused": "sources.heavy", "values": {}}
        except Exception:  # parsers meet broken files with errors of every kind
            yield {"refused": "sources.broken", "values": {}}


if __name__ == "__main__":
    limit()
    sys.setrecursionlimit(2_000)
    for outcome in outcomes(json.loads(sys.argv[1])):
        tell(outcome)
