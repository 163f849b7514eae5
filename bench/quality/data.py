"""
The question sets, and noise for them.

They serve for measuring only and are not part of the project (`--data` names their folder). All
choices are drawn with fixed seeds, so a run can be repeated.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatrigo.retrieval.rank import Entry

BANK_QUESTIONS = 400
SLANG_SHARE, TYPO_SHARE = 0.7, 0.3
MOST_BODY = 4_000

_WORD = re.compile(r"[A-Za-z]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the name of the document that answers it; "" for none."""

    text: str
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    name: str
    documents: dict[str, Entry]
    questions: Sequence[Asked]


def wiki(folder: Path, passages: int, questions: int, part: str = "dev") -> QuestionSet:
    """Answerable questions of a part of IDK-MRC; `passages` among which their own are."""
    rows = [row for row in _lines(folder / f"idkmrc_{part}.jsonl") if row["answerable"]]
    asked = [Asked(row["question"], row["context_id"]) for row in rows]
    asked = random.Random(2).sample(asked, min(questions, len(asked)))
    own = {each.wanted for each in asked}
    texts = {row["id"]: row["text"] for row in _lines(folder / "passages.jsonl")}
    others = [name for name in texts if name not in own]
    random.Random(1).shuffle(others)
    kept = [*(name for name in texts if name in own), *others][:passages]
    documents = {name: Entry("text", "", texts[name]) for name in kept}
    return QuestionSet(f"wiki {len(documents)}", documents, asked)


def bank(folder: Path, questions: int = BANK_QUESTIONS) -> QuestionSet:
    """Questions of a bank's customers, and the product each is about."""
    documents = {
        row["id"]: Entry("text", row["title"], row["text"][:MOST_BODY])
        for row in _lines(folder / "bank_nagari_kb.jsonl")
    }
    asked = [
        Asked(row["question"], row["doc_id"])
        for row in _lines(folder / "bank_nagari_questions.jsonl")
        if row["doc_id"] in documents
    ]
    chosen = random.Random(3).sample(asked, min(questions, len(asked)))
    return QuestionSet("bank", documents, chosen)


def bank_elsewhere(folder: Path, questions: int) -> list[Asked]:
    """What the bank was asked of branches and cash machines: nothing of that is in its documents."""
    rows = [
        row["question"]
        for row in _lines(folder / "bank_nagari_questions.jsonl")
        if not row["doc_id"] and row["intent"].endswith("inquiry")
    ]
    return [Asked(text) for text in random.Random(4).sample(rows, min(questions, len(rows)))]


def strangers(folder: Path, file: str, questions: int) -> list[Asked]:
    rows = [row["text"] for row in _lines(folder / f"{file}.jsonl")]
    return [Asked(text) for text in random.Random(5).sample(rows, min(questions, len(rows)))]


def slang(folder: Path, questions: Sequence[Asked]) -> list[Asked]:
    """Words swapped for a way to write them in a chat: harsher than customers are."""
    variants: defaultdict[str, list[str]] = defaultdict(list)
    for name in ("slang_mit", "slang_stif_learned"):
        for written, meant in json.loads((folder / f"{name}.json").read_text("utf-8")).items():
            variants[meant].append(written)
    chance = random.Random(6)

    def swapped(found: re.Match[str]) -> str:
        ways = variants.get(found[0].lower())
        return chance.choice(ways) if ways and chance.random() < SLANG_SHARE else found[0]

    return [replace(each, text=_WORD.sub(swapped, each.text)) for each in questions]


def typos(questions: Sequence[Asked]) -> list[Asked]:
    """One slip of the finger in some of the longer words."""
    chance = random.Random(7)

    def slipped(found: re.Match[str]) -> str:
        word = found[0]
        if len(word) < 5 or chance.random() > TYPO_SHARE:
            return word
        at = chance.randrange(1, len(word) - 1)
        left, right = word[:at], word[at:]
        return chance.choice(
            (
                left + right[1:],
                left + chance.choice(_LETTERS) + right[1:],
                left + chance.choice(_LETTERS) + right,
                left + right[1] + right[0] + right[2:],
            )
        )

    return [replace(each, text=_WORD.sub(slipped, each.text)) for each in questions]


def _lines(file: Path) -> Iterator[dict]:
    with file.open(encoding="utf-8") as opened:
        yield from map(json.loads, opened)
