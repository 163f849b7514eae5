"""Messages in a closed loop: each of `in_flight` writers sends its next one when answered."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from statistics import quantiles
from typing import Any

ANSWER_SECONDS = 30
REFUSALS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Door:
    """
    Where messages go in and answers come out.

    `body` makes the JSON of the n-th message; it is good when the answer is `answer`.
    """

    port: int
    path: str
    body: Callable[[int], dict[str, Any]]
    answer: str


@dataclass(slots=True)
class Answers:
    """What came of a run; times in milliseconds."""

    in_flight: int
    times: list[float] = field(default_factory=list)
    errors: int = 0
    refusals: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def p50(self) -> float:
        return percentile(self.times, 50)

    @property
    def p95(self) -> float:
        return percentile(self.times, 95)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0


def percentile(values: list[float], percent: int) -> float:
    if len(values) < 2:
        return values[0] if values else float("nan")
    return quantiles(values, n=100, method="inclusive")[percent - 1]


async def closed_loop(
    door: Door, numbers: "count[int]", *, in_flight: int, messages: int, seconds: float
) -> Answers:
    """Send up to `messages`, for at most `seconds`; `numbers` keeps counting over all runs."""
    answers = Answers(in_flight)
    left = iter(range(messages))
    start = time.perf_counter()

    async def writer() -> None:
        reader, pen = await asyncio.open_connection("127.0.0.1", door.port)
        try:
            for _ in left:
                if time.perf_counter() - start > seconds:
                    return
                await _one(door, next(numbers), reader, pen, answers)
        finally:
            pen.close()

    await asyncio.gather(*(writer() for _ in range(in_flight)))
    answers.seconds = time.perf_counter() - start
    return answers


async def _one(
    door: Door,
    number: int,
    reader: asyncio.StreamReader,
    pen: asyncio.StreamWriter,
    answers: Answers,
) -> None:
    request = _request(door, number)
    sent_at = time.perf_counter()
    pen.write(request)
    status, content = await _response(reader)
    took = (time.perf_counter() - sent_at) * 1000
    if status < 300 and json.loads(content).get("answer") == door.answer:
        answers.times.append(took)
        return
    answers.errors += 1
    if len(answers.refusals) < REFUSALS_SHOWN:
        answers.refusals.append(f"{status} {content.decode(errors='replace')[:200]}")


async def send(door: Door, number: int) -> None:
    """One message on a connection of its own, whatever comes of it."""
    reader, pen = await asyncio.open_connection("127.0.0.1", door.port)
    pen.write(_request(door, number))
    await _response(reader)
    pen.close()


def _request(door: Door, number: int) -> bytes:
    body = json.dumps(door.body(number)).encode()
    head = (
        f"POST {door.path} HTTP/1.1\r\nhost: localhost:{door.port}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _response(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), ANSWER_SECONDS + 10)
    status = int(head.split(b" ", 2)[1])
    length = next(
        int(line.partition(b":")[2])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    return status, await reader.readexactly(length)
