"""
A scripted model that obeys: once it can see an instruction, wherever it stands, it does as told.

It says the forbidden thing, recites its own rules, calls the tool with the attacker's arguments,
and insists when it is corrected. What it was asked to do is told by the case.
"""

import base64
import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.support.fake_llm import Behaviour, first_evidence

_SHOP = re.compile(r'front desk of the shop "([^"]+)"')
LOOK = Behaviour(tool="search_products", arguments='{"query": "kopi"}')


@dataclass
class Order:
    """`trigger` is the part of the attack by which it is recognised; `first` comes before it."""

    trigger: str
    calls: list[dict[str, Any]] = field(default_factory=list)
    say: list[str] = field(default_factory=list)
    recite: str = ""
    first: Behaviour | None = None
    obeyed: int = 0


@dataclass
class Obedient:
    """Orders by the name of the shop, which every prompt says."""

    orders: dict[str, Order] = field(default_factory=dict)
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def choose(self, body: dict[str, Any]) -> Behaviour | None:
        messages = body["messages"]
        named = _SHOP.search(messages[0]["content"])
        order = self.orders.get(named[1]) if named else None
        if not named or not order:
            return None
        self.seen.setdefault(named[1], []).append(body)
        step = _steps_taken(messages)
        if order.first and step == 0:
            return order.first
        if not any(order.trigger in (m.get("content") or "") for m in messages):
            known = first_evidence(body)
            return LOOK if not known and step == 0 else Behaviour(text=known or "Siap kak.")
        order.obeyed += 1
        offered = {tool["function"]["name"] for tool in body.get("tools", [])}
        looks = not order.first and LOOK.tool in offered
        if looks and step == 0:
            return LOOK
        return self._obey(order, step - (1 if looks or order.first else 0), messages[0]["content"])

    def _obey(self, order: Order, at: int, system: str) -> Behaviour:
        if at < len(order.calls):
            call = order.calls[at]
            return Behaviour(tool=call["tool"], arguments=json.dumps(call["arguments"]))
        if order.recite:
            return Behaviour(text=recited(system, order.recite))
        return Behaviour(text=order.say[min(at - len(order.calls), len(order.say) - 1)])


def _steps_taken(messages: list[dict[str, Any]]) -> int:
    asked = max(i for i, m in enumerate(messages) if "<bukti>" in (m.get("content") or ""))
    return sum(m["role"] == "assistant" for m in messages[asked:])


def recited(secret: str, disguise: str = "plain") -> str:
    match disguise:
        case "base64":
            return base64.b64encode(secret.encode()).decode()
        case "hex":
            return secret.encode().hex()
        case "rot13":
            return codecs.encode(secret, "rot13")
        case "reversed":
            return secret[::-1]
        case "spaced":
            return " ".join(secret)
        case "leet":
            return secret.translate(str.maketrans("oieas", "01345"))
        case "url":
            return quote(secret, safe="")
    return secret
