"""
Ask the language model: any server that speaks OpenAI's chat protocol.

    async with aclosing(llm.stream(turns, model=model)) as pieces:
        async for piece in pieces: ...

Leaving that block early, or cancelling the task, closes the HTTP response at once, so that the
server stops writing. The `openai` package is imported at the first call: a process that never
asks does not pay for it (20 MB). Chunks stay plain dicts instead of its pydantic models, which
is less than half of the CPU (2.0 instead of 4.5 ms for an answer of 20 words).
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from chatrigo.config import settings
from chatrigo.integrations.llm_lines import Line, close, line_to
from chatrigo.integrations.llm_turns import (
    ModelFailed,
    Reason,
    TextDelta,
    ToolCall,
    Turn,
    Usage,
    as_message,
)
from chatrigo.language_model import Model

if TYPE_CHECKING:
    from openai import AsyncStream

__all__ = ["ModelFailed", "TextDelta", "ToolCall", "Turn", "Usage", "close", "stream"]

logger = logging.getLogger(__name__)

BETWEEN_TOKENS_SECONDS = 15.0
RETRIES = 2
FIRST_BACKOFF_SECONDS = 0.25
LONGEST_BACKOFF_SECONDS = 10.0


async def stream(
    turns: Sequence[Turn],
    tools: Sequence[dict[str, Any]] = (),
    *,
    model: Model,
    seconds: float | None = None,
) -> AsyncGenerator[TextDelta | ToolCall | Usage, None]:
    """
    The answer as it is written: text, then tool calls, then one `Usage`.

    `tools` are in OpenAI's form (`{"type": "function", "function": {...}}`). Raises only
    `ModelFailed`. Waits for a free place first (`llm_concurrency`); that wait is not part of
    the run that `llm_total_seconds` limits, but is limited to the same length. `seconds` is all
    that is left for this answer, if that is less.
    """
    line = await line_to(model)
    longest = min(settings.llm_total_seconds, seconds or settings.llm_total_seconds)
    async with line.place(longest):
        answer = await _begin(line, _body(turns, tools, model), longest)
        try:
            while not answer.ended:
                if answer.text:
                    yield TextDelta(answer.text)
                    answer.expect_token()  # the reader's own time does not count as silence
                await _advance(answer)
            for call in answer.tool_calls():
                yield call
            yield Usage(*answer.tokens, answer.model or model.name)
        finally:
            await answer.close()


def _body(turns: Sequence[Turn], tools: Sequence[dict[str, Any]], model: Model) -> dict[str, Any]:
    messages = [as_message(turn) for turn in turns]
    body = {"model": model.name, "messages": messages, "stream": True}
    return {**body, "tools": list(tools)} if tools else body


@dataclass(slots=True)
class _Answer:
    """An answer being put together from chunks."""

    chunks: "AsyncStream[object]"
    run_ends: float
    token_due: float
    text: str = ""  # of the latest chunk
    begun: bool = False  # a token of any kind has arrived
    ended: bool = False
    finished: bool = False  # the model said that it was done
    spoken: bool = False
    model: str = ""
    tokens: tuple[int, int] = (0, 0)
    calls: list["_PartialCall"] = field(default_factory=list)

    async def advance(self) -> None:
        """Take in one chunk."""
        async with asyncio.timeout_at(self.token_due):
            chunk = await anext(self.chunks, None) if not self.ended else None
            while chunk is not None and not isinstance(chunk, dict):
                chunk = await anext(self.chunks, None)
        self.text = ""
        if chunk is None:
            self.ended = True
        else:
            self._take(chunk)

    def _take(self, chunk: dict[str, Any]) -> None:
        self.model = chunk.get("model") or self.model
        usage = chunk.get("usage")
        if isinstance(usage, dict):
            self.tokens = (_count(usage, "prompt_tokens"), _count(usage, "completion_tokens"))
        for choice in (chunk.get("choices") or ())[:1]:
            self.finished = self.finished or bool(choice.get("finish_reason"))
            self._take_delta(choice.get("delta") or {})

    def _take_delta(self, delta: dict[str, Any]) -> None:
        self.text = delta.get("content") or ""
        fragments = delta.get("tool_calls") or ()
        for fragment in fragments:
            self._take_fragment(fragment)
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if not (self.text or fragments or thought):
            return
        self.begun = True
        self.spoken = self.spoken or bool(self.text.strip())
        self.expect_token()

    def expect_token(self) -> None:
        now = asyncio.get_running_loop().time()
        self.token_due = min(self.run_ends, now + BETWEEN_TOKENS_SECONDS)

    def _take_fragment(self, fragment: dict[str, Any]) -> None:
        """Some servers send whole calls that all have the index 0, or none; ids tell them apart."""
        index, identity = fragment.get("index"), fragment.get("id")
        function = fragment.get("function") or {}
        latest = next((call for call in reversed(self.calls) if call.index == index), None)
        if latest is None or (identity and identity != latest.identity):
            latest = _PartialCall(index, identity)
            self.calls.append(latest)
        latest.name += function.get("name") or ""
        arguments = function.get("arguments") or ""
        latest.arguments += arguments if isinstance(arguments, str) else json.dumps(arguments)

    def tool_calls(self) -> list[ToolCall]:
        """The calls of an answer that has ended; raises ModelFailed when it was no answer."""
        if not self.finished:
            raise ModelFailed("broken_off")
        calls = [call.whole(at) for at, call in enumerate(self.calls, 1) if call.name]
        if not (calls or self.spoken):
            raise ModelFailed("nonsense")
        return calls

    async def close(self) -> None:
        await self.chunks.close()


@dataclass(slots=True)
class _PartialCall:
    index: object
    identity: object
    name: str = ""
    arguments: str = ""

    def whole(self, at: int) -> ToolCall:
        """Some servers give calls no id; results must name one."""
        try:
            written = json.loads(self.arguments or "{}")
        except ValueError:
            written = None
        arguments = written if isinstance(written, dict) else {}
        id = self.identity if isinstance(self.identity, str) else ""
        return ToolCall(self.name, arguments, id or f"call_{at}", isinstance(written, dict))


class _EndedEarly(Exception):
    """The stream was closed before it held a token."""


async def _begin(line: Line, body: dict[str, Any], longest: float) -> _Answer:
    """The answer with its first token taken in. What fails before that is worth another try."""
    clock = asyncio.get_running_loop().time
    run_ends = clock() + longest
    for attempt in range(RETRIES + 1):
        try:
            return await _open(line, body, run_ends)
        except Exception as error:
            wait = _wait_before_retry(error, attempt)
            if wait is None or clock() + wait >= run_ends:
                raise _failed(error) from error
        await asyncio.sleep(wait)
    raise AssertionError("the last try returns or raises")


async def _open(line: Line, body: dict[str, Any], run_ends: float) -> _Answer:
    now = asyncio.get_running_loop().time()
    token_due = min(run_ends, now + settings.llm_first_token_seconds)
    async with asyncio.timeout_at(token_due):
        chunks = await line.ask(body)
    answer = _Answer(chunks, run_ends, token_due)
    try:
        while not (answer.begun or answer.ended):
            await answer.advance()
        if not (answer.begun or answer.finished):
            raise _EndedEarly
    except BaseException:
        await answer.close()
        raise
    return answer


async def _advance(answer: _Answer) -> None:
    try:
        await answer.advance()
    except Exception as error:
        raise _failed(error, begun=True) from error


def _failed(error: Exception, begun: bool = False) -> ModelFailed:
    """Say why, and keep the particulars in the log, never the conversation."""
    reason = _reason(error, begun)
    status = getattr(error, "status_code", None)
    logger.warning("model failed: %s (%s, status %s)", reason, type(error).__name__, status)
    return ModelFailed(reason, status if isinstance(status, int) else 0)


def _reason(error: Exception, begun: bool) -> Reason:
    from openai import APIConnectionError, APIError, APIStatusError

    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, APIStatusError):
        return _reason_of_status(error)
    if isinstance(error, APIConnectionError) and not begun:
        return "unreachable"
    return "broken_off" if isinstance(error, APIError | _EndedEarly) else "nonsense"


def _reason_of_status(error: Any) -> Reason:
    if error.status_code in (408, 504):
        return "timeout"
    if error.status_code in (429, 503, 529) and not _out_of_quota(error):
        return "overloaded"
    return "refused" if error.status_code < 500 else "unreachable"


def _out_of_quota(error: Any) -> bool:
    """Answered with 429 too, but no amount of waiting mends it."""
    return error.code == "insufficient_quota"


def _wait_before_retry(error: Exception, attempt: int) -> float | None:
    """Seconds until the next try, or None when there is to be none."""
    from openai import APIError, APIStatusError

    if attempt >= RETRIES or not isinstance(error, APIError | _EndedEarly):
        return None
    backoff = FIRST_BACKOFF_SECONDS * 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311
    if not isinstance(error, APIStatusError):
        return backoff
    if error.status_code < 500 and error.status_code not in (408, 409, 429):
        return None
    asked = _retry_after(error.response.headers.get("retry-after"))
    if _out_of_quota(error) or asked > LONGEST_BACKOFF_SECONDS:
        return None
    return max(backoff, asked)


def _retry_after(header: str | None) -> float:
    """Seconds asked for by a Retry-After header: a number, or a date."""
    if not header:
        return 0.0
    try:
        return float(header)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def _count(usage: dict[str, Any], name: str) -> int:
    value = usage.get(name)
    return value if isinstance(value, int) else 0
