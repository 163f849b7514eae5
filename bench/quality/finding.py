"""Is the right document found, and how high does it stand?"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.quality import data
from bench.quality.data import Asked, QuestionSet
from bench.quality.held import TOP, Held, Query, queries
from bench.quality.vectors import Vectors

WAYS = ("plain", "lexical", "dense", "fused")


@dataclass(frozen=True, slots=True)
class Line:
    """`ms` is the CPU time of one search in memory, without making the question's vector."""

    set: str
    noise: str
    way: str
    questions: int
    recall_1: float
    recall_5: float
    mrr_10: float
    ms: float


def measure(folder: Path, sets: Sequence[QuestionSet], vectors: Vectors | None) -> Iterator[Line]:
    for each in sets:
        held = Held(each.documents, vectors)
        noisy = {
            "clean": each.questions,
            "slang": data.slang(folder, each.questions),
            "typos": data.typos(each.questions),
        }
        for noise, asked in noisy.items():
            made = queries([question.text for question in asked], vectors)
            for way in WAYS:
                if vectors is not None or way in ("plain", "lexical"):
                    yield _line(each.name, noise, way, held, asked, made)


def _line(
    name: str, noise: str, way: str, held: Held, asked: Sequence[Asked], made: Sequence[Query]
) -> Line:
    search: Callable[[Query], list[int]] = getattr(held, way)
    search(made[0])
    places = []
    started = time.thread_time()
    for question, query in zip(asked, made, strict=True):
        found = search(query)
        wanted = held.numbers[question.wanted]
        places.append(found.index(wanted) + 1 if wanted in found else 0)
    ms = (time.thread_time() - started) * 1000 / len(asked)
    return Line(
        set=name,
        noise=noise,
        way=way,
        questions=len(asked),
        recall_1=_share(places, 1),
        recall_5=_share(places, 5),
        mrr_10=sum(1 / place for place in places if 0 < place <= TOP) / len(places),
        ms=ms,
    )


def _share(places: Sequence[int], most: int) -> float:
    return sum(0 < place <= most for place in places) / len(places)
