"""
`make bench`: how fast an answer is, what it costs, and how soon the inbox shows a message.

Everything runs on this machine: the application as it serves in production, with its embedded
PostgreSQL in a temporary folder, a stub model that answers at once, and a bare baseline.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from bench import inboxes, report, shop
from bench.load import Answers, Door, closed_loop
from bench.processes import BenchFailed, Running, environment, free_port, run

T = TypeVar("T")

RESULTS = Path(__file__).with_name("results.json")
MODEL = "fake-model"
ANSWER = "Buka setiap hari mulai jam delapan pagi ya kak."
QUIET_SECONDS = 10
WARM_UP = 100
# Messages in flight, how many are sent, and for how long at most.
LEVELS = ((1, 200, 15), (10, 600, 20), (50, 1_500, 25))
RUNS_IN_FULL = 3
TOTAL_SECONDS = 230  # until then new runs begin; what follows takes up to a minute


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="three runs of each level, medians")
    parser.add_argument("--json", action="store_true", help=f"also write {RESULTS.name}")
    parser.add_argument("--port", type=int, default=0, help="the first of three ports to use")
    options = parser.parse_args()
    try:
        results = bench(RUNS_IN_FULL if options.full else 1, options.port)
    except BenchFailed as error:
        sys.exit(f"bench: {error}")
    print(f"\n{report.table(results)}")
    if options.json:
        report.write(results, RESULTS)
        print(f"\nWritten to {RESULTS}")


def bench(runs: int, first_port: int) -> report.Results:
    ports = range(first_port, first_port + 3) if first_port else [free_port() for _ in range(3)]
    app_port, model_port, bare_port = ports
    results = report.Results()
    say("embeddings: off, as in the figures of before there were any")
    deadline = time.monotonic() + TOTAL_SECONDS
    with tempfile.TemporaryDirectory(prefix="chatrigo-bench-") as folder:
        place = Path(folder)
        model = Running(
            *("tests.support.fake_llm", "--port", str(model_port), "--fixed", ANSWER),
            env=environment(),
            log=place / "model.log",
        )
        with model:
            model.until_ready(model_port)
            model_url = f"http://127.0.0.1:{model_port}/v1"
            with _application(place / "app", app_port, model_url) as app:
                _measure_application(app, app_port, runs, deadline, results)
            with _baseline(place / "bare", bare_port, model_url) as bare:
                say("bare baseline")
                door = Door(bare_port, "/reply", lambda n: {"text": _question(n)}, ANSWER)
                results.bare = _levels(bare, door, count(), runs, deadline, results)
    return results


@contextmanager
def _application(data: Path, port: int, model_url: str) -> Iterator[Running]:
    """The real thing, with a shop of ten thousand conversations in its database."""
    data.mkdir()
    env = environment(
        PORT=str(port),
        CHATRIGO_DATA_DIR=str(data),
        CHATRIGO_QUIET_SECONDS="0",
        # The front end of the demo and of the tests, so that they need not build it again.
        CHATRIGO_DEMO="true",
        CHATRIGO_MODEL=MODEL,
        OPENAI_BASE_URL=model_url,
        OPENAI_API_KEY="fake-key",
    )
    say(f"filling a database with {shop.CONVERSATIONS:,} conversations")
    run("bench.shop", env=env, log=data / "fill.log")
    say("starting the application")
    with Running("chatrigo", "serve", env=env, log=data / "serve.log", data=data) as app:
        yield app.until_ready(port, "/ping")


@contextmanager
def _baseline(data: Path, port: int, model_url: str) -> Iterator[Running]:
    data.mkdir()
    program = ("bench.baseline", str(port), model_url, str(data))
    with Running(*program, env=environment(), log=data / "serve.log", data=data) as bare:
        yield bare.until_ready(port)


def _measure_application(
    app: Running, port: int, runs: int, deadline: float, results: report.Results
) -> None:
    say(f"quiet for {QUIET_SECONDS} seconds")
    used = app.cpu_seconds()
    time.sleep(QUIET_SECONDS)
    results.idle_cpu_percent = (app.cpu_seconds() - used) / QUIET_SECONDS * 100
    results.idle = app.memory()
    say("messages")
    address = f"/chat/{shop.SLUG}/messages"
    numbers = count()
    door = Door(port, f"{address}?wait=30", _message, ANSWER)
    results.ours = _levels(app, door, numbers, runs, deadline, results)
    results.loaded = app.memory()
    say(f"{inboxes.INBOXES} open inboxes")
    try:
        watched = inboxes.measure(Door(port, address, _message, ANSWER), numbers)
        results.seen = _run(watched)
    except BenchFailed as error:
        results.notes.append(str(error))


def _levels(
    server: Running,
    door: Door,
    numbers: "count[int]",
    runs: int,
    deadline: float,
    results: report.Results,
) -> list[report.Line]:
    send = partial(_one_run, server, door, numbers)
    send(10, WARM_UP, 20)
    found = []
    for in_flight, messages, seconds in LEVELS:
        measured = []
        for _ in range(runs):
            if measured and time.monotonic() > deadline:
                results.notes.append(f"time was over: fewer runs with {in_flight} in flight")
                break
            measured.append(send(in_flight, messages, seconds))
        found.append(report.line(measured))
        refusals = {text: None for answers, _ in measured for text in answers.refusals}
        results.notes += [f"{in_flight} in flight: {text}" for text in refusals][:3]
    return found


def _one_run(
    server: Running, door: Door, numbers: "count[int]", in_flight: int, messages: int, seconds: int
) -> tuple[Answers, float]:
    """The answers, and the CPU milliseconds that each took in all the server's processes."""
    used = server.cpu_seconds()
    answers = _run(
        closed_loop(door, numbers, in_flight=in_flight, messages=messages, seconds=seconds)
    )
    sent = len(answers.times) + answers.errors
    return answers, (server.cpu_seconds() - used) * 1000 / max(sent, 1)


def _message(number: int) -> dict[str, object]:
    return {
        "visitor": shop.visitor_key(number),
        "id": f"bench-{number}",
        "text": f"{_question(number)} (#{number})",
    }


_QUESTIONS = shop.questions()


def _question(number: int) -> str:
    return _QUESTIONS[number % len(_QUESTIONS)]


def _run(work: Coroutine[Any, Any, T]) -> T:
    return uvloop.run(work)


def say(text: str) -> None:
    print(f"· {text} …", flush=True)


if __name__ == "__main__":
    main()
