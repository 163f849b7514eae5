"""Questions that ask the same in other words belong together. Pure."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chatrigo.retrieval.text import query_terms

# How much of what two questions ask, by rarity of the words, they must share.
ALIKE = 0.5

Asked = dict[frozenset[str], float]


@dataclass(slots=True)
class _Group:
    """`members` are places in the list that was grouped; the first one speaks for all."""

    asked: Asked
    members: list[int] = field(default_factory=list)


def grouped(
    questions: Sequence[str], near: Callable[[int, int], bool] | None = None
) -> list[list[int]]:
    """
    The places of the questions, those that ask the same together, in the order of first asking.

    Words count through slang and lemmas: "brp ongkirnya" and "berapa biaya ongkir" share "ongkir".
    `near` may know of two places that they mean the same although no word is shared.
    """
    asked = [_asked(question) for question in questions]
    held = Counter(term for terms in asked for term in frozenset().union(*terms) if terms)
    groups: list[_Group] = []
    for at, terms in enumerate(asked):
        home = next((g for g in groups if _belongs(at, terms, g, held, len(asked), near)), None)
        if home is None:
            groups.append(home := _Group(terms))
        home.members.append(at)
    return [group.members for group in groups]


def _asked(question: str) -> Asked:
    """Each asked word as the forms that are the word itself, with how much it tells."""
    return {frozenset(term.same): term.weight for term in query_terms(question)}


def _belongs(
    at: int,
    terms: Asked,
    group: _Group,
    held: Counter[str],
    total: int,
    near: Callable[[int, int], bool] | None,
) -> bool:
    if near and near(at, group.members[0]):
        return True
    if not terms or not group.asked:
        return not terms and not group.asked
    shared = sum(
        weight * _rarity(forms, held, total)
        for forms, weight in terms.items()
        if any(forms & other for other in group.asked)
    )
    mine = sum(weight * _rarity(forms, held, total) for forms, weight in terms.items())
    theirs = sum(weight * _rarity(forms, held, total) for forms, weight in group.asked.items())
    return shared >= ALIKE * (mine + theirs - shared)


def _rarity(forms: frozenset[str], held: Counter[str], total: int) -> float:
    return math.log1p((total + 1) / max(held[form] for form in forms))
