"""The whole thing as a process: starting, answering, stopping, and starting again."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import websockets

from chatrigo import postgres
from tests.serving.processes import Served, free_port, run, servers_of

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def served(new_folder: Callable[[], Path]) -> Iterator[Served]:
    """One that stays open for all tests that only look."""
    process = Served(new_folder())
    yield process
    process.stop()


@pytest.fixture(scope="module")
def data_dir(new_folder: Callable[[], Path]) -> Path:
    """One folder for all that start and stop: a new database each time would only cost time."""
    return new_folder()


def test_it_serves_pages_sockets_and_health_on_one_port(served: Served) -> None:
    page = served.get("/", **{"accept-encoding": "gzip"})
    assert page.status_code == 200
    assert page.headers["content-encoding"] == "gzip"
    assert "no-cache" in page.headers["cache-control"]
    assert served.get("/_health").json()["status"] is True
    assert served.get("/no-such-page").status_code == 404


def test_what_cannot_change_is_kept_for_a_year(served: Served) -> None:
    page = served.get("/").text
    script = page.partition('href="/assets/')[2].partition('"')[0]
    asset = served.get(f"/assets/{script}")
    assert asset.status_code == 200
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "no-cache" in served.get("/assets/no-such-file.js").headers["cache-control"]


def test_the_bundle_knows_no_address(served: Served) -> None:
    page = served.get("/").text
    chunk = page.partition("/assets/reflex-env-")[2].partition('"')[0]
    script = served.get(f"/assets/reflex-env-{chunk}").text
    assert "localhost:" not in script
    assert "location" in script


def test_sigterm_stops_everything_with_a_socket_open(data_dir: Path) -> None:
    served = Served(data_dir, LOG_FORMAT="json", LOG_LEVEL="debug")
    assert servers_of(data_dir)
    children = psutil.Process(served.process.pid).children(recursive=True)

    async def keep_open_and_stop() -> int:
        address = f"ws://localhost:{served.port}/_event/?EIO=4&transport=websocket&token=hidden"
        async with websockets.connect(address, origin=served.url) as socket:  # type: ignore[arg-type]
            assert (await socket.recv()).startswith("0")
            return await asyncio.to_thread(served.stop, signal.SIGTERM, 10)

    assert asyncio.run(keep_open_and_stop()) == 0
    assert not servers_of(data_dir)
    assert not [child for child in children if child.is_running()]
    assert "hidden" not in served.output.read_text()
    assert "Traceback" not in served.output.read_text()


def test_ctrl_c_for_the_whole_group_stops_everything(data_dir: Path) -> None:
    served = Served(data_dir)
    os.killpg(served.process.pid, signal.SIGINT)
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.process.wait(15) == 0
    assert not servers_of(data_dir)


def test_after_sigkill_it_starts_again_with_all_that_was_kept(data_dir: Path) -> None:
    served = Served(data_dir)
    with psycopg.connect(postgres.address(data_dir / "postgres")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (answer int)")
        connection.execute("INSERT INTO kept VALUES (42)")
    served.stop(signal.SIGKILL)
    assert servers_of(data_dir), "the embedded server outlives a killed process"

    again = Served(data_dir)
    with psycopg.connect(postgres.address(data_dir / "postgres")) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert again.get("/").status_code == 200
    assert again.stop() == 0
    assert not servers_of(data_dir)


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        result = run("serve", data_dir=tmp_path, PORT=str(port))
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"chatrigo: port {port} is taken by another program")
    assert not servers_of(tmp_path), "nothing was started for nothing"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "postgresql://me:hidden@localhost:1/x", "does not answer"),
        ("CHATRIGO_DATA_DIR", "/proc/nowhere", "/proc/nowhere"),
        ("PORT", "port", "the setting PORT is wrong"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, name: str, value: str, says: str) -> None:
    result = run("serve", data_dir=tmp_path, **{"PORT": str(free_port()), name: value})
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert says in line
    assert "hidden" not in line
