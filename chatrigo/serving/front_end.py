"""
The front end: compiled by Reflex and Vite in a process of its own, only when its inputs changed.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatrigo.config import ROOT, settings
from chatrigo.serving import CannotStart
from chatrigo.serving.terminal import say

WEB = ROOT / ".web"
STATIC = WEB / "build" / "client"
STAMP = WEB / "build" / "chatrigo-inputs"  # Reflex removes `build` first, and so the stamp
SOURCES = (
    *("chatrigo", "components", "pages", "state", "assets"),
    *("reflex.lock", "rxconfig.py", "requirements.txt"),
)
NOT_COMPILED = {"__pycache__", "external"}
NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT")


def is_built() -> bool:
    """Whether the build on disk was made from the sources as they are now."""
    return STAMP.exists() and STAMP.read_text() == sources_hash() and STATIC.is_dir()


def build() -> None:
    """Build the front end unless the one on disk is current; one process at a time."""
    if is_built():
        return
    folder = os.open(ROOT, os.O_RDONLY)  # a lock file in `.web` would look like a Reflex project
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not is_built():
            _build()
    finally:
        os.close(folder)


def _build() -> None:
    say("Building the front end (about half a minute the first time) ...")
    sources = sources_hash()  # before, so that a change made meanwhile is built next time
    log = settings.data_dir / "front-end-build.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output, _lock_file_kept():
        status = _export(output.fileno())
    if status:
        if not STATIC.exists():  # half a project of Reflex's would be in the next build's way
            shutil.rmtree(WEB, ignore_errors=True)
        raise CannotStart(f"the front end was not built: {_reason(log)} See {log}.")
    STAMP.write_text(sources)


def sources_hash() -> str:
    """A hash of everything that is compiled into the front end."""
    inputs = hashlib.sha256(f"dev={settings.dev} demo={settings.demo}".encode())
    for path in (path for place in SOURCES for path in _files_under(place)):
        inputs.update(f"\n{path.relative_to(ROOT)}\n".encode())
        inputs.update(path.read_bytes())
    return inputs.hexdigest()


@contextmanager
def _lock_file_kept() -> Iterator[None]:
    """Reflex writes back the packages that this build used; only `make lock` may change ours."""
    kept = {path: path.read_bytes() for path in _files_under("reflex.lock")}
    try:
        yield
    finally:
        for path, contents in kept.items():
            path.write_bytes(contents)


def _files_under(name: str) -> list[Path]:
    place = ROOT / name
    if place.is_file():
        return [place]
    return [
        path
        for path in sorted(place.rglob("*"))
        if path.is_file() and not NOT_COMPILED.intersection(path.parts)
    ]


def _export(output: int) -> int:
    """Run Reflex's own build; its exit status. It ends with us, and with its children."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise


def environment() -> dict[str, str]:
    """For Reflex's commands: Node and npm from beside our Python, and bun from nowhere."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path, "REFLEX_USE_NPM": "1"}


def _reason(log: Path) -> str:
    said = log.read_text(errors="replace")
    if "npm" in said and any(word in said for word in NETWORK):
        return "npm could not download its packages; is the network up?"
    if "ENOSPC" in said or "No space left" in said:
        return "the disk is full."
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"{lines[-1][:200].rstrip('.')}." if lines else "it ended without a word."
