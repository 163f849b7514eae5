"""
A model server that speaks the OpenAI protocol over real HTTP and behaves as badly as asked.

In tests the `fake_llm` fixture starts one, points the settings at it and hands it over:

    fake_llm.will(Behaviour(text="Buka jam 8.", delay=0.01), Behaviour(status=429, retry_after=1))
    fake_llm.requests[-1].body["messages"]

Each request takes the next behaviour of the script; with an empty script, `default` holds.
The default answers from the evidence in the prompt: lines `[1] title`, then the body, between
`<bukti>` and `</bukti>`. Without evidence it calls the tool `handover`.

For browser tests and benches it runs by itself, with the same behaviours over `POST /script`
(`[{"text": "Halo"}, {"status": 500}]`, or `{"default": {...}}`):

    python -m tests.support.fake_llm --port 4110 [--fixed "Ready kak"] [--delay 0.02]

`--fixed` answers every request with the same bytes and reads nothing of the body.
"""

import argparse
import asyncio
import contextlib
import json
import re
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

KEY = "fake-key"
MODEL = "fake-model"
EVIDENCE = re.compile(r"<bukti>(.*?)</bukti>", re.DOTALL)
FIRST_ITEM = re.compile(r"\[1\][^\n]*\n(.*?)(?=\n\[2\]|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Behaviour:
    """What happens to one request. Seconds throughout; `None` and `False` mean "does not happen"."""

    text: str | None = None  # None: answer from the evidence of the prompt
    delay: float = 0  # before each chunk
    stall_first: float = 0  # before the first token, after the headers
    stall_after: int | None = None  # tokens, then silence
    break_after: int | None = None  # tokens, then the connection is cut
    comments: float = 0  # keep-alive comments this often during a stall
    status: int | None = None
    retry_after: float | None = None
    code: str | None = None  # the error's code: "insufficient_quota"
    nonsense: bool = False  # chunks that are not JSON
    empty: bool = False  # a correct answer without a word
    tool: str | None = None
    arguments: str = "{}"  # as the model wrote them, so possibly not JSON
    refuse_stream_options: bool = False
    no_usage: bool = False
    odd_chunks: bool = False  # comments, empty deltas, chunks without choices
    no_end: bool = False  # the stream stops politely, but without a finish_reason
    error_after: int | None = None  # tokens, then an error object inside the stream


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Hangup(Exception):
    """The client went away in the middle of an answer."""


@dataclass
class FakeModel:
    """The server. Everything public may be used from another thread."""

    key: str = KEY
    default: Behaviour = field(default_factory=Behaviour)
    port: int = 0
    fixed: str | None = None
    # Looks at a request before the script does; None leaves it to the script.
    choose: Callable[[dict[str, Any]], Behaviour | None] | None = None
    requests: deque[Request] = field(default_factory=lambda: deque(maxlen=10_000))
    hangups: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    connections: int = 0

    def __post_init__(self) -> None:
        self._script: deque[Behaviour] = deque()
        self._started = threading.Event()
        self._fixed = _fixed_response(self.fixed) if self.fixed is not None else b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def will(self, *behaviours: Behaviour) -> None:
        """The next requests behave so, one after the other."""
        self._script.extend(behaviours)

    def start(self) -> None:
        """Serve from a thread of its own until `stop`."""
        self._thread = threading.Thread(target=asyncio.run, args=(self.serve(),), daemon=True)
        self._thread.start()
        assert self._started.wait(5), "the fake model did not start"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    async def serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                await writer.drain()
        except Hangup:
            self.hangups += 1
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client closed an idle connection, or the server stops
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer. False: close the connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        raw = await reader.readexactly(_content_length(head))
        if self._fixed and head.startswith(b"POST /v1/chat/"):
            writer.write(self._fixed)
            return True
        method, path, headers = _parse_head(head)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._route(method, path, headers, raw, _Wire(reader, writer))
        finally:
            self.in_flight -= 1

    async def _route(
        self, method: str, path: str, headers: dict[str, str], raw: bytes, wire: "_Wire"
    ) -> bool:
        body = _json_or_empty(raw)
        if (method, path) == ("POST", "/script"):
            self._take_script(body)
            return wire.json(200, {"waiting": len(self._script)})
        if (method, path) == ("GET", "/requests"):
            return wire.json(200, [request.body for request in self.requests])
        if headers.get("authorization") != f"Bearer {self.key}":
            return wire.json(401, _error("Incorrect API key provided.", "invalid_api_key"))
        if (method, path) == ("GET", "/v1/models"):
            return wire.json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        if (method, path) != ("POST", "/v1/chat/completions"):
            return wire.json(404, _error("Not found.", "not_found"))
        self.requests.append(Request(path, headers, body))
        return await self._chat(body, wire)

    def _take_script(self, body: Any) -> None:
        if isinstance(body, dict):
            self.default = Behaviour(**body["default"])
        else:
            self.will(*(Behaviour(**item) for item in body))

    async def _chat(self, body: dict[str, Any], wire: "_Wire") -> bool:
        chosen = self.choose(body) if self.choose else None
        behaviour = chosen or (self._script.popleft() if self._script else self.default)
        if behaviour.refuse_stream_options and "stream_options" in body:
            self._script.appendleft(behaviour)
            message = "Unrecognized request argument supplied: stream_options"
            return wire.json(400, _error(message, "unknown_parameter"))
        if behaviour.status:
            error = _error("This failed on purpose.", behaviour.code or "on_purpose")
            return wire.json(behaviour.status, error, retry_after=behaviour.retry_after)
        answer = _decide(behaviour, body)
        if not body.get("stream"):
            return wire.json(200, _whole(answer))
        return await _stream(answer, wire, bool(body.get("stream_options")))


class _Wire:
    """The answering half of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def json(self, status: int, content: Any, retry_after: float | None = None) -> bool:
        payload = json.dumps(content).encode()
        wait = f"retry-after: {retry_after:g}\r\n" if retry_after is not None else ""
        head = (
            f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{wait}"
            f"content-length: {len(payload)}\r\n\r\n"
        )
        self.writer.write(head.encode() + payload)
        return True

    def open_stream(self) -> None:
        self.writer.write(STREAM_HEAD)

    def send(self, line: str) -> None:
        self.writer.write(_http_chunk(line.encode()))

    def event(self, content: Any) -> None:
        self.send(f"data: {json.dumps(content)}\n\n")

    def end(self) -> bool:
        self.send("data: [DONE]\n\n")
        self.writer.write(b"0\r\n\r\n")
        return True

    def cut(self) -> bool:
        self.writer.transport.abort()
        return False

    async def wait(self, seconds: float) -> None:
        """Sleep, but notice at once when the client hangs up."""
        if not seconds:
            return
        try:
            async with asyncio.timeout(seconds):
                gone = not await self.reader.read(1)
        except TimeoutError:
            return
        except ConnectionError as error:
            raise Hangup from error
        if gone:
            raise Hangup

    async def stall(self, seconds: float, comments: float) -> None:
        if not comments:
            return await self.wait(seconds)
        for _ in range(round(seconds / comments)):
            self.send(": still thinking\n\n")
            await self.wait(comments)
        return None


STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n"
)
FOR_EVER = 3600.0


async def _stream(answer: Behaviour, wire: _Wire, usage_wanted: bool) -> bool:
    wire.open_stream()
    await wire.stall(answer.stall_first, answer.comments)
    if answer.nonsense:
        wire.send("data: {this is not JSON\n\n")
        return wire.end()
    wire.event(_chunk({"role": "assistant", "content": ""}))
    if answer.odd_chunks:
        _send_odd_chunks(wire)
    for count, delta in enumerate(_deltas(answer)):
        if count == answer.break_after:
            await wire.writer.drain()
            await wire.wait(0.02)
            return wire.cut()
        if count == answer.stall_after:
            await wire.stall(FOR_EVER, answer.comments)
        if count == answer.error_after:
            wire.event({"error": {"message": "The engine stopped.", "code": "engine"}})
            return wire.end()
        await wire.wait(answer.delay)
        wire.event(_chunk(delta))
        await wire.writer.drain()
    if answer.no_end:
        wire.writer.write(b"0\r\n\r\n")
        return True
    wire.event(_chunk({}, finish="tool_calls" if answer.tool else "stop"))
    if usage_wanted and not answer.no_usage:
        wire.event({**_chunk({}), "choices": [], "usage": _usage(answer)})
    return wire.end()


def _send_odd_chunks(wire: _Wire) -> None:
    wire.send(": OPENROUTER PROCESSING\n\n")
    wire.event({"object": "chat.completion.chunk", "model": MODEL})
    wire.event({**_chunk({}), "choices": None})
    wire.event({**_chunk({}), "choices": [{"index": 0, "delta": None}]})
    wire.event(_chunk({"content": None}))
    wire.event([])
    wire.send("event: ping\ndata: {}\n\n")


def _decide(behaviour: Behaviour, body: dict[str, Any]) -> Behaviour:
    if behaviour.text is not None or behaviour.tool or behaviour.empty:
        return behaviour
    evidence = first_evidence(body)
    if evidence:
        return replace(behaviour, text=evidence)
    return replace(behaviour, tool="handover", arguments='{"reason": "no evidence"}')


def first_evidence(body: dict[str, Any]) -> str | None:
    """The text of evidence [1] in a request, or None."""
    for message in body.get("messages", []):
        block = EVIDENCE.search(message["content"] or "")
        item = FIRST_ITEM.search(block[1]) if block else None
        if item and item[1].strip():
            return item[1].strip()
    return None


def _deltas(answer: Behaviour) -> list[dict[str, Any]]:
    """The answer in pieces as a model sends them: words, or fragments of a tool call."""
    if answer.empty:
        return []
    words = re.findall(r"\S+\s*|\s+", answer.text or "")
    deltas: list[dict[str, Any]] = [{"content": word} for word in words]
    return deltas + (_tool_fragments(answer) if answer.tool else [])


def _tool_fragments(answer: Behaviour) -> list[dict[str, Any]]:
    half = len(answer.arguments) // 2
    first = {"id": "call_1", "type": "function", "function": {"name": answer.tool, "arguments": ""}}
    rest = [
        {"function": {"arguments": a}} for a in (answer.arguments[:half], answer.arguments[half:])
    ]
    return [{"tool_calls": [{"index": 0, **part}]} for part in (first, *rest)]


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "chatcmpl-fake",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": MODEL,
        "choices": [choice],
    }


def _whole(answer: Behaviour) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text}
    if answer.tool:
        function = {"name": answer.tool, "arguments": answer.arguments}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    finish = "tool_calls" if answer.tool else "stop"
    return {
        **_chunk({}),
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": _usage(answer),
    }


def _usage(answer: Behaviour) -> dict[str, int]:
    written = len(_deltas(answer))
    return {"prompt_tokens": 42, "completion_tokens": written, "total_tokens": 42 + written}


def _error(message: str, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": code}}


def _http_chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _fixed_response(text: str) -> bytes:
    """A whole streamed answer as bytes, made once."""
    answer = Behaviour(text=text)
    chunks = [_chunk(delta) for delta in _deltas(answer)]
    chunks += [_chunk({}, finish="stop"), {**_chunk({}), "choices": [], "usage": _usage(answer)}]
    lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    body = b"".join(_http_chunk(line.encode()) for line in [*lines, "data: [DONE]\n\n"])
    return STREAM_HEAD + body + b"0\r\n\r\n"


def _content_length(head: bytes) -> int:
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0


def _parse_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    return method, target.partition("?")[0], {name.lower(): v.strip() for name, _, v in pairs}


def _json_or_empty(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return {}


@pytest.fixture
async def fake_llm(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeModel]:
    """A model server of the test's own, with the settings pointed at it."""
    from pydantic import SecretStr

    from chatrigo.config import settings
    from chatrigo.integrations import llm

    fake = FakeModel()
    fake.start()
    monkeypatch.setitem(settings.__dict__, "openai_base_url", fake.url)
    monkeypatch.setitem(settings.__dict__, "openai_api_key", SecretStr(fake.key))
    monkeypatch.setitem(settings.__dict__, "chatrigo_model", MODEL)
    yield fake
    await llm.close()
    fake.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description="A model server for tests and benches.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--fixed", help="answer everything with this text, as cheaply as possible")
    parser.add_argument("--delay", type=float, default=0, help="seconds before each word")
    options = parser.parse_args()
    fake = FakeModel(options.key, Behaviour(delay=options.delay), options.port, options.fixed)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(fake.serve())


if __name__ == "__main__":
    main()
