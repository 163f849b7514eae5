"""
Choose the limits of `chatrigo.retrieval.gate`, and show what they cost: `python -m bench.gate`.

Chosen on a clothes shop whole and cut down to 3 and 8 entries, shown on a coffee shop that took no
part in the choice. `--data DIR` adds sets that may not be in the repository: a bank's questions to
the choice; factoid questions, customers' tweets and chit-chat to what is shown.

"known" questions have their entry in the shop, "missing" ones had it taken away, "foreign" ones
never belonged there.
"""

import argparse
import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from chatrigo.retrieval.gate import CHOSEN, Limits, decide
from chatrigo.retrieval.rank import Entry, Hit
from tests.retrieval.shop import Knowledge, Shop

# The most that may be answered wrongly, by kind of question.
MOST_WRONG = {"known": 0.02, "missing": 0.05, "foreign": 0.02}
MOST_WRONG_NEIGHBOURS = {"known": 0.06, "missing": 0.12, "foreign": 0.03}

# A kind of question, the hits for it, and whether the first is the right entry.
Case = tuple[str, list[Hit], bool]


class Set:
    """Cases measured together, and how much of them may be answered wrongly."""

    def __init__(self, name: str, cases: Iterable[Case], most: dict[str, float]) -> None:
        self.name = name
        self.cases = list(cases)
        self.most = most
        self.sizes = Counter(kind for kind, _, _ in self.cases)

    def shares(self, limits: Limits) -> dict[str, tuple[float, float, float]]:
        """By kind: answered rightly, answered wrongly, found nothing; as shares."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for kind, hits, right in self.cases:
            decision = decide(hits, limits)
            counts[kind]["right" if decision == "answer" and right else decision] += 1
        return {
            kind: tuple(counts[kind][each] / size for each in ("right", "answer", "none"))  # type: ignore[misc]
            for kind, size in self.sizes.items()
        }

    def allows(self, limits: Limits) -> bool:
        return all(wrong <= self.most[kind] for kind, (_, wrong, _) in self.shares(limits).items())


def cases_of(shop: Shop) -> Iterator[Case]:
    numbers = {name: number for number, name in shop.names.items()}
    for question, wanted in shop.questions:
        hits = shop.search(question)
        yield "known", hits, bool(hits) and shop.name(hits[0]) == wanted
        yield "missing", shop.search(question, without={numbers[wanted]}), False
    for question in shop.foreign:
        yield "foreign", shop.search(question), False


def cut_down(shop: Shop, entries: int, times: int) -> Iterator[Case]:
    """The same shop having taught only a few entries: most shops, in their first week."""
    chance = random.Random(entries)
    for _ in range(times):
        kept = dict(enumerate(chance.sample(sorted(shop.entries), entries), 1))
        small = Knowledge([shop.entries[number] for number in kept.values()])
        for question, wanted in shop.questions:
            hits = small.search(question)
            names = [shop.names[kept[hit.entry_id]] for hit in hits]
            known = wanted in (shop.names[number] for number in kept.values())
            yield "known" if known else "missing", hits, known and names[:1] == [wanted]
        for question in shop.foreign:
            yield "foreign", small.search(question), False


def bank(folder: Path) -> Iterator[Case]:
    """A bank with many products of one family, three approved questions each."""
    chance = random.Random(1)
    asked: defaultdict[str, list[str]] = defaultdict(list)
    elsewhere = []
    for row in lines(folder / "bank_nagari_questions.jsonl"):
        if row["doc_id"]:
            asked[row["doc_id"]].append(row["question"])
        elif row["intent"].endswith("inquiry"):
            elsewhere.append(row["question"])
    texts = {row["id"]: row["text"][:600] for row in lines(folder / "bank_nagari_kb.jsonl")}
    products, entries, tests = [], [], []
    for product, questions in asked.items():
        chance.shuffle(questions)
        products += [product] * len(questions[:3])
        entries += [Entry("qa", question, texts[product]) for question in questions[:3]]
        tests += [(product, question) for question in questions[3:]]
    knowledge = Knowledge(entries)
    owner = dict(enumerate(products, 1))
    for product, question in chance.sample(tests, 400):
        hits = knowledge.search(question)
        yield "known", hits, bool(hits) and owner[hits[0].entry_id] == product
        own = [number for number, each in owner.items() if each == product]
        yield "missing", knowledge.search(question, without=own), False
    for question in chance.sample(elsewhere, 300):
        yield "foreign", knowledge.search(question), False


def factoids(folder: Path) -> Iterator[Case]:
    """Questions of general knowledge as a shop's entries, and others that have no entry."""
    chance = random.Random(9)
    rows = [row for row in lines(folder / "idkmrc_train.jsonl") if row["answerable"]]
    chance.shuffle(rows)
    first = list({row["context_id"]: row for row in rows}.values())
    knowledge = Knowledge(
        [Entry("qa", r["question"], r["answers"][0]["text"]) for r in first[:250]]
    )
    for number, row in enumerate(first[:250], 1):
        hits = knowledge.search(row["question"].lower())
        yield "known", hits, bool(hits) and hits[0].entry_id == number
    for row in first[250:650]:
        yield "foreign", knowledge.search(row["question"]), False


def strangers(shop: Shop, file: Path, field: str) -> Iterator[Case]:
    rows = list(lines(file))
    for row in random.Random(3).sample(rows, min(600, len(rows))):
        yield "foreign", shop.search(row[field]), False


def lines(file: Path) -> Iterator[dict]:
    with file.open(encoding="utf-8") as opened:
        yield from map(json.loads, opened)


def choose(sets: list[Set]) -> Limits:
    """The limits that answer most known questions within every set's bounds."""
    tried = [
        replace(CHOSEN, coverage=coverage, question=question, together=together, full=full)
        for coverage, question, together, full in itertools.product(
            (0.35, 0.45, 0.55, 0.6),
            (0.2, 0.3, 0.4),
            (1.2, 1.25, 1.3, 1.35, 1.4, 1.45),
            (0.85, 0.9, 0.95),
        )
    ]
    allowed = [limits for limits in tried if all(each.allows(limits) for each in sets)]
    if not allowed:
        raise SystemExit("no limits keep within the bounds")
    return max(allowed, key=lambda limits: sum(each.shares(limits)["known"][0] for each in sets))


def show(title: str, sets: list[Set], limits: Limits) -> None:
    print(f"\n{title}: {limits}")
    for each in sets:
        for kind, (right, wrong, none) in each.shares(limits).items():
            rightly = f"{right:6.1%} right " if kind == "known" else " " * 13
            print(
                f"  {each.name:16} {kind:8} {each.sizes[kind]:5}  {rightly}{wrong:6.1%} wrong "
                f" {none:6.1%} nothing found"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with the sets that are not ours to ship")
    folder = parser.parse_args().data
    clothes, coffee = Shop("clothes_shop.json"), Shop("coffee_shop.json")
    chosen_on = [
        Set("clothes", cases_of(clothes), MOST_WRONG),
        Set("clothes, 3", cut_down(clothes, 3, 20), MOST_WRONG),
        Set("clothes, 8", cut_down(clothes, 8, 8), MOST_WRONG),
    ]
    held_out = [
        Set("coffee", cases_of(coffee), MOST_WRONG),
        Set("coffee, 3", cut_down(coffee, 3, 20), MOST_WRONG),
        Set("coffee, 8", cut_down(coffee, 8, 8), MOST_WRONG),
    ]
    if folder:
        chosen_on.append(Set("bank", bank(folder), MOST_WRONG_NEIGHBOURS))
        held_out.append(Set("factoids", factoids(folder), MOST_WRONG))
        for name, field in (("cs_informal_unlabelled", "text"), ("chitchat", "text")):
            cases = strangers(coffee, folder / f"{name}.jsonl", field)
            held_out.append(Set(name[:11], cases, MOST_WRONG))
    show("in use, on", chosen_on, CHOSEN)
    show("in use, held out", held_out, CHOSEN)
    show("best on", chosen_on, choose(chosen_on))


if __name__ == "__main__":
    main()
