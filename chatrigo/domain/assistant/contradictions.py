"""
What the owner says twice and differently: in the rules, the knowledge and the catalogue.

By rule and cheap: nearly the same question with other amounts, times or a yes against a no; two
entries of one title; opening hours and rules against what the knowledge says; prices against the
catalogue's. A model may look deeper on demand (`chatrigo.workflows.contradict`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, or_, select

from chatrigo.domain.access import Actor, require
from chatrigo.domain.assistant import hours_said
from chatrigo.domain.assistant.testing.facts import Amount, amounts_in, same
from chatrigo.domain.assistant.versions import get_draft, told_by
from chatrigo.domain.knowledge.entries import same_question
from chatrigo.errors import NotFound
from chatrigo.models.catalogue import Product, Variant
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.retrieval.text import plain, query_terms

MOST = 50
MOST_ENTRIES = 3_000
NEARLY = 0.75
MENTIONED = 0.7
SHOWN = 300
LEAST_PRICE = 500
TELLING = 0.7

_YES = frozenset(
    ["ya", "iya", "bisa", "boleh", "ada", "tersedia", "tentu", "yes", "sure", "available"]
)
_NO = frozenset(
    ["tidak", "tdk", "nggak", "enggak", "gak", "ga", "belum", "bukan", "jangan", "no", "not"]
)
_PRICE = re.compile(r"\bharga|\bberapaan|\bprice|\bhow much")


@dataclass(frozen=True, slots=True)
class SideRow:
    """`kind` is entry, product or instructions (`id` 0); `title` of instructions is a field's name."""

    kind: str
    id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """
    kind  amount, clock, percent, yes_no, title, hours, price, or model (then `why` says more)
    """

    kind: str
    first: SideRow
    second: SideRow
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry with what its title asks for."""

    id: int
    kind: str
    title: str
    body: str
    asks: frozenset[str] = field(default_factory=frozenset)

    @property
    def side(self) -> SideRow:
        return SideRow("entry", self.id, self.title, self.body[:SHOWN])


def find_contradictions(session: Session, actor: Actor) -> list[ContradictionRow]:
    """What is edited now (the draft, if there is one) against all that is known; at most MOST."""
    require(actor, "teach")
    known = _entries(session, actor)
    told = _edited(session, actor)
    found = [
        *_of_hours(told, known),
        *_of_rules(told, known),
        *_of_prices(session, actor, known),
        *_of_entries(known),
    ]
    return found[:MOST]


def candidates(session: Session, actor: Actor, most: int = 30) -> list[tuple[SideRow, SideRow]]:
    """Pairs that speak of the same thing and that no rule objects to: for a model to look at."""
    require(actor, "teach")
    known = _entries(session, actor)
    told = _edited(session, actor)
    pairs = [
        (_likeness(one, other), one.side, other.side)
        for one, other in _neighbours(known, 0.3)
        if _differ(one, other) is None
    ]
    rules = [
        (_covered(line, entry), _rule(name, line), entry.side)
        for name, line in _lines(told)
        for entry in known
        if _covered(line, entry) >= 0.4
    ]
    best = sorted([*pairs, *rules], key=lambda each: -each[0])[:most]
    return [(one, other) for _, one, other in best]


def _entries(session: Session, actor: Actor) -> list[_Known]:
    """What people wrote themselves; pieces of documents only as far as they are questions."""
    query = (
        select(KnowledgeEntry.id, KnowledgeEntry.kind, KnowledgeEntry.title, KnowledgeEntry.body)
        .where(
            KnowledgeEntry.business_id == actor.business_id,
            col(KnowledgeEntry.enabled).is_(True),
            or_(
                KnowledgeEntry.kind == "qa",
                (KnowledgeEntry.kind == "text") & col(KnowledgeEntry.source_id).is_(None),
            ),
        )
        .order_by(col(KnowledgeEntry.id).desc())
        .limit(MOST_ENTRIES)
    )
    return [
        _Known(id or 0, kind, title, body, _asked(title))
        for id, kind, title, body in session.execute(query)
    ]


def _edited(session: Session, actor: Actor) -> InstructionVersion:
    try:
        return get_draft(session, actor)
    except NotFound:
        return told_by(session, actor)


@lru_cache(maxsize=8_192)
def _asked(text: str) -> frozenset[str]:
    """What a text speaks of; "bisa", "ada" and "tidak" count only where nothing else is said."""
    asked = [term for term in query_terms(text) if term.same]
    telling = [term for term in asked if term.weight >= TELLING and term.word not in _NO]
    return frozenset(term.same[-1] for term in telling or asked)


# Entries against each other


def _of_entries(known: Sequence[_Known]) -> Iterator[ContradictionRow]:
    for one, other in _neighbours(known, NEARLY):
        kind = _differ(one, other)
        if kind:
            yield ContradictionRow(kind, one.side, other.side)


def _neighbours(known: Sequence[_Known], least: float) -> Iterator[tuple[_Known, _Known]]:
    """Pairs whose titles ask for nearly the same, each once, without comparing all with all."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for at, entry in enumerate(known):
        for term in entry.asks:
            having[term].append(at)
    for at, entry in enumerate(known):
        rarest = sorted(entry.asks, key=lambda term: (len(having[term]), term))[:3]
        others = {other for term in rarest for other in having[term][:50] if other > at}
        for other in sorted(others):
            if _likeness(entry, known[other]) >= least:
                yield entry, known[other]


def _likeness(one: _Known, other: _Known) -> float:
    return len(one.asks & other.asks) / max(1, len(one.asks | other.asks))


def _differ(one: _Known, other: _Known) -> str | None:
    """In what two answers to nearly the same question differ; None if they agree."""
    if _numbers_of(one.title) != _numbers_of(other.title):
        return None  # 200 g is another question than 500 g
    if same_question(one.body) == same_question(other.body):
        return None
    for kind, name in (("number", "amount"), ("clock", "clock"), ("percent", "percent")):
        if _disagree(_of_kind(one.body, kind), _of_kind(other.body, kind)):
            return name
    if {_polarity(one.body), _polarity(other.body)} == {"yes", "no"}:
        return "yes_no"
    return "title" if same_question(one.title) == same_question(other.title) else None


def _numbers_of(text: str) -> frozenset[Any]:
    return frozenset(value for amount in amounts_in(text) for value in amount.values)


def _of_kind(text: str, kind: str) -> list[Amount]:
    return [amount for amount in amounts_in(text) if amount.kind == kind]


def _disagree(some: Sequence[Amount], others: Sequence[Amount]) -> bool:
    """Both say something, and nothing of it is the same."""
    return bool(some and others) and not any(same(a, b) for a in some for b in others)


def _polarity(text: str) -> str:
    """Whether an answer begins with a yes or a no; empty if neither."""
    words = re.findall(r"[^\W\d_]+", plain(text))[:4]
    if any(word in _NO for word in words):
        return "no"
    return "yes" if any(word in _YES for word in words[:2]) else ""


# Rules and hours against entries


def _lines(told: InstructionVersion) -> Iterator[tuple[str, str]]:
    for name in ("do", "dont", "more", "persona"):
        for line in re.split(r"\n|(?<=[.!?])\s", getattr(told, name)):
            if line.strip():
                yield name, line.strip()


def _rule(name: str, line: str) -> SideRow:
    return SideRow("instructions", 0, name, line[:SHOWN])


def _covered(line: str, entry: _Known) -> float:
    """How much of what a rule speaks of stands in an entry; numbers do not count."""
    asked = {term for term in _asked(line) if not term.isdigit()}
    if len(asked) < 2:
        return 0.0
    spoken = entry.asks | _asked(entry.body[:1_000])
    return len(asked & spoken) / len(asked)


def _of_rules(told: InstructionVersion, known: Sequence[_Known]) -> Iterator[ContradictionRow]:
    for name, line in _lines(told):
        for kind, label in (("number", "amount"), ("percent", "percent"), ("clock", "clock")):
            amounts = _telling(_of_kind(line, kind))
            if not amounts:
                continue
            near = [entry for entry in known if _covered(line, entry) >= MENTIONED]
            # One entry that agrees settles it.
            if any(
                same(a, b) for entry in near for a in amounts for b in _of_kind(entry.body, kind)
            ):
                continue
            for entry in near:
                if _disagree(amounts, _telling(_of_kind(entry.body, kind))):
                    yield ContradictionRow(label, _rule(name, line), entry.side)


def _telling(amounts: Sequence[Amount]) -> list[Amount]:
    """Of bare numbers only what may be money: "satu hal saja" contradicts nothing."""
    return [a for a in amounts if a.kind != "number" or max(a.values) >= LEAST_PRICE]


def _of_hours(told: InstructionVersion, known: Sequence[_Known]) -> Iterator[ContradictionRow]:
    if not told.hours:
        return
    said = hours_said.in_words(told.hours)
    for entry in known:
        if hours_said.contradicts(told.hours, f"{entry.title}\n{entry.body}"):
            yield ContradictionRow("hours", _rule("hours", said), entry.side)


# Prices against the catalogue


def _of_prices(
    session: Session, actor: Actor, known: Sequence[_Known]
) -> Iterator[ContradictionRow]:
    """An entry that asks for a product's price and tells an amount that no variant costs."""
    asking = [entry for entry in known if _PRICE.search(plain(entry.title))]
    if not asking:
        return
    for product_id, name, prices in _sold(session, actor):
        wanted = _asked(name)
        for entry in asking:
            told = [a for a in _of_kind(entry.body, "number") if max(a.values) >= LEAST_PRICE]
            speaks = wanted and wanted <= entry.asks and len(entry.asks - wanted) <= 2
            if speaks and any(not (amount.values & prices) for amount in told):
                shown = ", ".join(f"Rp{price:,}".replace(",", ".") for price in sorted(prices))
                yield ContradictionRow(
                    "price", entry.side, SideRow("product", product_id, name, shown)
                )


def _sold(session: Session, actor: Actor) -> list[tuple[int, str, frozenset[int]]]:
    query = (
        select(Product.entry_id, Product.name, Variant.price)
        .join(Variant, col(Variant.product_id) == col(Product.id))
        .where(Product.business_id == actor.business_id, col(Product.active).is_(True))
    )
    prices: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for entry_id, name, price in session.execute(query):
        prices[entry_id or 0, name].add(price)
    return [(id, name, frozenset(found)) for (id, name), found in prices.items()]
