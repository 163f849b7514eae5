"""The demo business: what it sells, what it knows, who works there."""

import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

_SOURCE = Path(__file__).with_name("shop.toml")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """One weekday (0 is Monday) in the shop's own zone."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class AssistantInstructions:
    name: str
    persona: str
    tone: str
    dos: tuple[str, ...]
    donts: tuple[str, ...]
    opening_hours: tuple[OpeningHours, ...]
    handover_line: str
    language_rule: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A size or kind of a product; the price is whole rupiah, the stock pieces if
    they are counted, the weight grams."""

    key: str
    name: str
    price: int
    stock: int | None = None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    key: str
    name: str
    category: str
    description: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Faq:
    key: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ShortText:
    key: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class CannedReply:
    """What staff insert by typing a slash and the shortcut."""

    shortcut: str
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    key: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class TeamMember:
    key: str
    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class Shop:
    name: str
    slug: str
    zone: str
    greeting: str
    quick_questions: tuple[str, ...]
    assistant: AssistantInstructions
    products: tuple[Product, ...]
    faq: tuple[Faq, ...]
    texts: tuple[ShortText, ...]
    canned_replies: tuple[CannedReply, ...]
    labels: tuple[Label, ...]
    team: tuple[TeamMember, ...]

    def evidence(self) -> dict[str, str]:
        """All that an answer may rest on: each question-answer pair and short text by its key."""
        pairs = {pair.key: f"{pair.question}\n{pair.answer}" for pair in self.faq}
        return pairs | {text.key: f"{text.title}\n{text.body}" for text in self.texts}


@cache
def load_shop() -> Shop:
    """The shop as written in shop.toml; a missing or misspelt field raises."""
    written = tomllib.loads(_SOURCE.read_text(encoding="utf-8"))
    hours = written["assistant"].pop("opening_hours")
    return Shop(
        name=written["name"],
        slug=written["slug"],
        zone=written["zone"],
        greeting=written["greeting"],
        quick_questions=tuple(written["quick_questions"]),
        assistant=_assistant(written["assistant"], hours),
        products=tuple(_product(row) for row in written["products"]),
        faq=tuple(Faq(**row) for row in written["faq"]),
        texts=tuple(ShortText(**row | {"body": row["body"].strip()}) for row in written["texts"]),
        canned_replies=tuple(CannedReply(**row) for row in written["canned_replies"]),
        labels=tuple(Label(**row) for row in written["labels"]),
        team=tuple(TeamMember(**row) for row in written["team"]),
    )


def _assistant(row: dict[str, Any], hours: list[dict[str, Any]]) -> AssistantInstructions:
    days = (
        OpeningHours(
            day["weekday"], time.fromisoformat(day["opens"]), time.fromisoformat(day["closes"])
        )
        for day in hours
    )
    lists = {"dos": tuple(row["dos"]), "donts": tuple(row["donts"])}
    return AssistantInstructions(**row | lists, opening_hours=tuple(days))


def _product(row: dict[str, Any]) -> Product:
    return Product(**row | {"variants": tuple(Variant(**variant) for variant in row["variants"])})
