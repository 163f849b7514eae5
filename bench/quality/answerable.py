"""
Does the assistant know what it does not know?

"known" questions have their document, of "missing" ones it was taken away (B; where documents are
of one family this is a near miss, D), "foreign" ones never belonged there (C).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.quality import data
from bench.quality.data import Asked, QuestionSet
from bench.quality.held import Held, queries
from bench.quality.vectors import Vectors
from chatrigo.retrieval.rank import Entry, Hit
from tests.retrieval.shop import Shop


@dataclass(frozen=True, slots=True)
class Case:
    """What was found for a question; `right` if the first of it is what was wanted."""

    set: str
    kind: str
    hits: list[Hit]
    right: bool = False


def shop(name: str, vectors: Vectors | None, entries: int = 0, times: int = 1) -> Iterator[Case]:
    """One of our own shops; with `entries`, as in its first week: cut down to so many, by lot."""
    whole = Shop(f"{name}_shop.json")
    documents = {whole.names[number]: entry for number, entry in whole.entries.items()}
    questions = [Asked(text, wanted) for text, wanted in whole.questions]
    foreign = [Asked(text) for text in whole.foreign]
    chance = random.Random(entries)
    for _ in range(times):
        kept = chance.sample(sorted(documents), entries) if entries else list(documents)
        held = Held({key: documents[key] for key in kept}, vectors)
        label = f"{name}, {entries}" if entries else name
        yield from _known_or_missing(label, held, questions, vectors)
        yield from _cases(label, "foreign", held, foreign, vectors)


def wiki(each: QuestionSet, name: str, vectors: Vectors | None) -> Iterator[Case]:
    held = Held(each.documents, vectors)
    yield from _known_or_missing(name, held, each.questions, vectors)


def bank(folder: Path, questions: int, vectors: Vectors | None) -> Iterator[Case]:
    each = data.bank(folder, questions)
    held = Held(each.documents, vectors)
    yield from _known_or_missing("bank", held, each.questions, vectors)
    most = questions // 2
    elsewhere = {
        "foreign: branches": data.bank_elsewhere(folder, most),
        "foreign: tweets": data.strangers(folder, "cs_informal_unlabelled", most),
        "foreign: chit-chat": data.strangers(folder, "chitchat", most),
    }
    for kind, asked in elsewhere.items():
        yield from _cases("bank", kind, held, asked, vectors)


def bank_pairs(folder: Path, questions: int, vectors: Vectors | None) -> Iterator[Case]:
    """The bank as approved answers: three of the questions of each product, the rest is asked."""
    by_product: dict[str, list[str]] = {}
    for each in data.bank(folder, 10_000).questions:
        by_product.setdefault(each.wanted, []).append(each.text)
    texts = data.bank(folder, 1).documents
    chance = random.Random(8)
    documents, owner, asked = {}, {}, []
    for product, written in sorted(by_product.items()):
        chance.shuffle(written)
        for number, title in enumerate(written[:3]):
            documents[f"{product} {number}"] = Entry("qa", title, texts[product].body[:600])
            owner[f"{product} {number}"] = product
        asked += [Asked(text, product) for text in written[3:]]
    held = Held(documents, vectors)
    chosen = chance.sample(asked, min(questions, len(asked)))
    for question, query in zip(chosen, queries([q.text for q in chosen], vectors), strict=True):
        own = [held.numbers[name] for name, product in owner.items() if product == question.wanted]
        hits = held.hits(query)
        right = bool(hits) and hits[0].entry_id in own
        yield Case("bank pairs", "known", hits, right)
        yield Case("bank pairs", "missing", held.hits(query, without=own))
    elsewhere = data.bank_elsewhere(folder, questions // 2)
    yield from _cases("bank pairs", "foreign", held, elsewhere, vectors)


def _known_or_missing(
    name: str, held: Held, asked: Sequence[Asked], vectors: Vectors | None
) -> Iterator[Case]:
    made = queries([question.text for question in asked], vectors)
    for question, query in zip(asked, made, strict=True):
        wanted = held.numbers.get(question.wanted)
        if wanted is None:
            yield Case(name, "missing", held.hits(query))
            continue
        hits = held.hits(query)
        yield Case(name, "known", hits, bool(hits) and hits[0].entry_id == wanted)
        yield Case(name, "missing", held.hits(query, without=[wanted]))


def _cases(
    name: str, kind: str, held: Held, asked: Sequence[Asked], vectors: Vectors | None
) -> Iterator[Case]:
    for query in queries([question.text for question in asked], vectors):
        yield Case(name, kind, held.hits(query))


def training(folder: Path, vectors: Vectors | None) -> list[Case]:
    """What the limits are chosen on."""
    return [
        *wiki(data.wiki(folder, 1_500, 400, "train"), "wiki train", vectors),
        *shop("clothes", vectors),
        *shop("clothes", vectors, 8, 8),
        *shop("clothes", vectors, 3, 20),
    ]


def held_out(folder: Path, questions: int, vectors: Vectors | None) -> list[Case]:
    """What took no part in the choice."""
    return [
        *wiki(data.wiki(folder, 1_500, questions), "wiki", vectors),
        *bank(folder, questions, vectors),
        *bank_pairs(folder, questions, vectors),
        *shop("coffee", vectors),
        *shop("coffee", vectors, 8, 8),
    ]
