import asyncio
import time
from contextlib import aclosing
from email.utils import formatdate

import pytest

from chatrigo.integrations import llm
from chatrigo.integrations.llm import ModelFailed, TextDelta, ToolCall, Turn, Usage
from chatrigo.language_model import platform
from tests.support.fake_llm import MODEL, Behaviour, FakeModel

QUESTION = [Turn("system", "Jawab singkat."), Turn("user", "Buka jam berapa?")]
HANDOVER = {"type": "function", "function": {"name": "handover", "parameters": {"type": "object"}}}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "FIRST_BACKOFF_SECONDS", 0.01)


async def ask(turns: list[Turn] = QUESTION, tools: list[dict] = ()) -> list:
    return [piece async for piece in llm.stream(turns, tools, model=platform().first)]


def text_of(pieces: list) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, TextDelta))


async def failure(turns: list[Turn] = QUESTION) -> ModelFailed:
    with pytest.raises(ModelFailed) as caught:
        await ask(turns)
    return caught.value


async def until(condition, seconds: float = 2) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


# What an answer is made of


async def test_text_comes_in_pieces_and_usage_last(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="Kami buka jam 8."))

    pieces = await ask()

    assert pieces == [
        TextDelta("Kami "),
        TextDelta("buka "),
        TextDelta("jam "),
        TextDelta("8."),
        Usage(42, 4, MODEL),
    ]


async def test_the_request_carries_the_turns_and_the_key(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="Ya"))

    await ask(tools=[HANDOVER])

    request = fake_llm.requests[-1]
    assert request.headers["authorization"] == f"Bearer {fake_llm.key}"
    assert request.body["model"] == MODEL
    assert request.body["tools"] == [HANDOVER]
    assert request.body["messages"] == [
        {"role": "system", "content": "Jawab singkat."},
        {"role": "user", "content": "Buka jam berapa?"},
    ]


async def test_without_tools_none_are_mentioned(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="Ya"))

    await ask()

    assert "tools" not in fake_llm.requests[-1].body


async def test_pieces_come_while_the_model_still_writes(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="satu dua", stall_after=1))

    async with aclosing(llm.stream(QUESTION, model=platform().first)) as pieces:
        assert await anext(pieces) == TextDelta("satu ")


async def test_a_tool_call_is_put_together_from_its_fragments(fake_llm: FakeModel):
    fake_llm.will(Behaviour(tool="handover", arguments='{"reason": "minta orang"}'))

    pieces = await ask(tools=[HANDOVER])

    assert pieces[0] == ToolCall("handover", {"reason": "minta orang"})
    assert len(pieces) == 2


async def test_text_and_a_tool_call_may_come_together(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="Sebentar", tool="handover"))

    assert (await ask())[:2] == [TextDelta("Sebentar"), ToolCall("handover", {})]


@pytest.mark.parametrize("arguments", ["{not json", "[1]", '"text"', "null", ""])
async def test_arguments_that_are_no_object_become_an_empty_one(
    fake_llm: FakeModel, arguments: str
):
    fake_llm.will(Behaviour(tool="handover", arguments=arguments))

    assert (await ask())[0] == ToolCall("handover", {})


def fragment(**parts) -> dict:
    return {"choices": [{"delta": {"tool_calls": [parts]}}]}


def answer_of(*chunks: dict) -> llm._Answer:
    answer = llm._Answer(chunks=None, run_ends=0, token_due=0)
    for chunk in chunks:
        answer._take(chunk)
    answer._take({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
    return answer


async def test_two_calls_interleaved_by_index():
    answer = answer_of(
        fragment(index=0, id="a", function={"name": "handover", "arguments": '{"x"'}),
        fragment(index=1, id="b", function={"name": "price", "arguments": '{"y"'}),
        fragment(index=0, function={"arguments": ": 1}"}),
        fragment(index=1, function={"arguments": ": 2}"}),
    )

    assert answer.tool_calls() == [ToolCall("handover", {"x": 1}), ToolCall("price", {"y": 2})]


async def test_whole_calls_that_share_an_index_are_told_apart_by_id():
    answer = answer_of(
        fragment(index=0, id="a", function={"name": "handover", "arguments": "{}"}),
        fragment(index=0, id="b", function={"name": "price", "arguments": {"y": 2}}),
    )

    assert answer.tool_calls() == [ToolCall("handover", {}), ToolCall("price", {"y": 2})]


# What servers do that the protocol does not say


async def test_comments_and_odd_chunks_are_passed_over(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="Siap kak", odd_chunks=True))

    assert text_of(await ask()) == "Siap kak"


async def test_a_server_that_sends_no_usage_gives_zeros(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="Siap", no_usage=True))

    assert (await ask())[-1] == Usage(0, 0, MODEL)


async def test_a_server_that_refuses_stream_options_is_asked_without_from_then_on(
    fake_llm: FakeModel,
):
    fake_llm.default = Behaviour(text="Siap", refuse_stream_options=True)

    assert text_of(await ask()) == "Siap"
    assert text_of(await ask()) == "Siap"

    asked = ["stream_options" in request.body for request in fake_llm.requests]
    assert asked == [True, False, False]


async def test_a_server_without_a_key_is_asked_all_the_same(fake_llm: FakeModel, setting):
    fake_llm.key = "none"
    setting(openai_api_key=None)
    fake_llm.will(Behaviour(text="Siap"))

    assert text_of(await ask()) == "Siap"


# What fails, and how it is called


async def test_nobody_listens(fake_llm: FakeModel, setting):
    setting(openai_base_url="http://127.0.0.1:9/v1")

    assert (await failure()).reason == "unreachable"


async def test_a_wrong_key_is_refused_without_a_retry(fake_llm: FakeModel):
    fake_llm.key = "another"

    assert (await failure()).reason == "refused"
    assert not fake_llm.requests
    assert fake_llm.connections == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_a_refusal_is_not_repeated(fake_llm: FakeModel, status: int):
    fake_llm.default = Behaviour(status=status)

    assert (await failure()).reason == "refused"
    assert len(fake_llm.requests) == 1


@pytest.mark.parametrize("status", [400, 422])
async def test_a_refused_request_is_only_repeated_without_stream_options(
    fake_llm: FakeModel, status: int
):
    fake_llm.default = Behaviour(status=status)

    assert (await failure()).reason == "refused"
    assert len(fake_llm.requests) == 2


@pytest.mark.parametrize(
    ("status", "reason"), [(500, "unreachable"), (503, "overloaded"), (504, "timeout")]
)
async def test_a_failing_server_is_tried_three_times(fake_llm: FakeModel, status: int, reason: str):
    fake_llm.default = Behaviour(status=status)

    assert (await failure()).reason == reason
    assert len(fake_llm.requests) == 3


async def test_a_server_that_recovers_answers(fake_llm: FakeModel):
    fake_llm.will(Behaviour(status=500), Behaviour(status=502), Behaviour(text="Siap"))

    assert text_of(await ask()) == "Siap"


async def test_retry_after_is_obeyed(fake_llm: FakeModel):
    fake_llm.will(Behaviour(status=429, retry_after=0.3), Behaviour(text="Siap"))
    started = time.perf_counter()

    assert text_of(await ask()) == "Siap"
    assert time.perf_counter() - started >= 0.3


async def test_a_longer_retry_after_than_we_wait_is_given_up_at_once(fake_llm: FakeModel):
    fake_llm.default = Behaviour(status=429, retry_after=60)

    assert (await failure()).reason == "overloaded"
    assert len(fake_llm.requests) == 1


async def test_a_spent_quota_is_refused(fake_llm: FakeModel):
    fake_llm.default = Behaviour(status=429, code="insufficient_quota")

    assert (await failure()).reason == "refused"
    assert len(fake_llm.requests) == 1


def test_retry_after_may_be_a_date():
    assert 3 < llm._retry_after(formatdate(time.time() + 5, usegmt=True)) <= 5
    assert llm._retry_after("soon") == 0
    assert llm._retry_after(None) == 0


@pytest.mark.parametrize("comments", [0, 0.02])
async def test_no_first_token_in_time(fake_llm: FakeModel, setting, comments: float):
    setting(llm_first_token_seconds=0.1)
    fake_llm.default = Behaviour(text="Siap", stall_first=2, comments=comments)

    assert (await failure()).reason == "timeout"
    assert len(fake_llm.requests) == 1
    await until(lambda: fake_llm.hangups == 1)


@pytest.mark.parametrize("comments", [0, 0.02])
async def test_silence_between_tokens(fake_llm: FakeModel, monkeypatch, comments: float):
    monkeypatch.setattr(llm, "BETWEEN_TOKENS_SECONDS", 0.1)
    fake_llm.default = Behaviour(text="satu dua tiga", stall_after=2, comments=comments)
    pieces = llm.stream(QUESTION, model=platform().first)

    assert [await anext(pieces), await anext(pieces)] == [TextDelta("satu "), TextDelta("dua ")]
    with pytest.raises(ModelFailed) as caught:
        await anext(pieces)

    assert caught.value.reason == "timeout"
    assert len(fake_llm.requests) == 1


async def test_the_whole_run_is_limited(fake_llm: FakeModel, setting):
    setting(llm_total_seconds=0.2)
    fake_llm.default = Behaviour(text="kata " * 100, delay=0.02)

    assert (await failure()).reason == "timeout"


async def test_a_slow_reader_is_not_a_silent_model(fake_llm: FakeModel, monkeypatch):
    monkeypatch.setattr(llm, "BETWEEN_TOKENS_SECONDS", 0.1)
    fake_llm.will(Behaviour(text="satu dua tiga", delay=0.02))
    pieces = []

    async for piece in llm.stream(QUESTION, model=platform().first):
        pieces.append(piece)
        await asyncio.sleep(0.12)

    assert text_of(pieces) == "satu dua tiga"


async def test_a_connection_cut_before_the_first_token_is_tried_again(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="Siap", break_after=0), Behaviour(text="Siap"))

    assert text_of(await ask()) == "Siap"


async def test_a_connection_cut_in_the_middle_is_not(fake_llm: FakeModel):
    fake_llm.default = Behaviour(text="satu dua tiga", break_after=2)

    assert (await failure()).reason == "broken_off"
    assert len(fake_llm.requests) == 1


@pytest.mark.parametrize("behaviour", [{"no_end": True}, {"error_after": 2}])
async def test_an_answer_that_stops_without_an_end(fake_llm: FakeModel, behaviour: dict):
    fake_llm.default = Behaviour(text="satu dua tiga", **behaviour)

    assert (await failure()).reason == "broken_off"
    assert len(fake_llm.requests) == 1


@pytest.mark.parametrize("behaviour", [{"nonsense": True}, {"empty": True}, {"text": "  "}])
async def test_what_is_no_answer(fake_llm: FakeModel, behaviour: dict):
    fake_llm.default = Behaviour(**behaviour)

    assert (await failure()).reason == "nonsense"
    assert len(fake_llm.requests) == 1


async def test_a_chunk_of_the_wrong_shape_is_nonsense():
    for chunk in (
        {"choices": {"0": 1}},
        {"choices": [{"delta": {"content": ["x"]}}]},
        {"choices": ["x"]},
    ):
        with pytest.raises((AttributeError, TypeError, KeyError)) as caught:
            answer_of(chunk)
        assert llm._reason(caught.value, begun=True) == "nonsense"


# Leaving, waiting and sharing


async def test_leaving_early_closes_the_response_at_once(fake_llm: FakeModel):
    fake_llm.will(Behaviour(text="satu dua", stall_after=1))

    async with aclosing(llm.stream(QUESTION, model=platform().first)) as pieces:
        await anext(pieces)

    await until(lambda: fake_llm.hangups == 1)


@pytest.mark.parametrize("behaviour", [{"stall_first": 30}, {"stall_after": 1}])
async def test_cancelling_the_task_closes_the_response_at_once(
    fake_llm: FakeModel, behaviour: dict
):
    fake_llm.will(Behaviour(text="satu dua", **behaviour))
    task = asyncio.create_task(ask())
    await until(lambda: fake_llm.requests)
    await asyncio.sleep(0.05)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: fake_llm.hangups == 1)


async def test_calls_in_flight_are_bounded_and_none_is_lost(fake_llm: FakeModel, setting):
    setting(llm_concurrency=3)
    fake_llm.default = Behaviour(text="satu dua", delay=0.01)

    answers = await asyncio.gather(*(ask() for _ in range(12)))

    assert all(text_of(answer) == "satu dua" for answer in answers)
    assert fake_llm.most_in_flight <= 3
    assert fake_llm.connections <= 3


async def test_a_place_that_never_comes_free_is_overload(fake_llm: FakeModel, setting):
    setting(llm_concurrency=1, llm_total_seconds=0.2)
    fake_llm.default = Behaviour(text="satu dua", stall_after=1)

    async with aclosing(llm.stream(QUESTION, model=platform().first)) as taken:
        await anext(taken)
        assert (await failure()).reason == "overloaded"


async def test_places_are_given_back_after_failures(fake_llm: FakeModel, setting):
    setting(llm_concurrency=1)
    fake_llm.will(Behaviour(status=403), Behaviour(text="a b", break_after=1), Behaviour(text="a"))

    await failure()
    await failure()

    assert text_of(await ask()) == "a"


async def test_one_connection_serves_call_after_call(fake_llm: FakeModel):
    fake_llm.default = Behaviour(text="Siap")

    for _ in range(3):
        await ask()

    assert fake_llm.connections == 1


async def test_a_failure_says_nothing_of_its_cause(fake_llm: FakeModel, caplog):
    fake_llm.default = Behaviour(status=403)

    error = await failure([Turn("user", "rahasia")])

    assert str(error) == "errors.model_unavailable"
    assert "refused" in caplog.text
    assert "rahasia" not in caplog.text
    assert fake_llm.key not in caplog.text


# The fake itself


async def test_by_default_the_fake_answers_from_the_evidence(fake_llm: FakeModel):
    prompt = (
        "Pakai bukti.\n<bukti>\n[1] Jam buka\nBuka jam 8 sampai 17.\n[2] Ongkir\nGratis.\n</bukti>"
    )

    pieces = await ask([Turn("system", prompt), Turn("user", "jam?")])

    assert text_of(pieces) == "Buka jam 8 sampai 17."


async def test_by_default_the_fake_hands_over_without_evidence(fake_llm: FakeModel):
    pieces = await ask([Turn("system", "Pakai bukti.\n<bukti>\n</bukti>"), Turn("user", "jam?")])

    assert pieces[0] == ToolCall("handover", {"reason": "no evidence"})


async def test_the_fixed_fake_answers_everything_alike(fake_llm: FakeModel, setting):
    fixed = FakeModel(fixed="Ready kak")
    fixed.start()
    setting(openai_base_url=fixed.url)
    try:
        assert [text_of(await ask()) for _ in range(2)] == ["Ready kak", "Ready kak"]
    finally:
        await llm.close()
        fixed.stop()
