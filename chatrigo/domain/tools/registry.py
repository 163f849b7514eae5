"""
Which tools a turn is offered.

There is no tool for orders: there are no orders yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy import select as columns_of
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger
from sqlmodel import col, func, select

from chatrigo.domain.access import Actor
from chatrigo.domain.tools import contact, follow_up, hours, products
from chatrigo.domain.tools.calls import CallRow, done_before
from chatrigo.domain.tools.tool import Tool, function
from chatrigo.models.business import Assistant
from chatrigo.models.catalogue import Product
from chatrigo.models.tools import ToolCall

HANDOVER = "handover"
HANDOVER_SCHEMA = function(
    HANDOVER,
    "Pass the conversation to a person. Call it instead of answering when neither the evidence "
    "nor a tool's result contains the answer, when the customer is upset, or asks for a person.",
    {
        "type": "object",
        "properties": {"reason": {"type": "string", "description": "Why, in a few words."}},
        "required": ["reason"],
    },
)
OWN: dict[str, Tool] = {
    tool.name: tool
    for tool in (products.SEARCH, products.PRICE, hours.TOOL, contact.TOOL, follow_up.TOOL)
}
OF_CATALOGUE = (products.SEARCH.name, products.PRICE.name)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """
    What one turn may call, besides handing over.

    done    what an earlier run of this turn did already: the model is told, it is not done again
    """

    own: tuple[str, ...] = ()
    done: list[CallRow] = field(default_factory=list)

    @property
    def may_answer(self) -> bool:
        """Whether a question that the knowledge says nothing of may still find its answer."""
        return any(OWN[name].effect == "reads" for name in self.own)

    def schemas(self) -> list[dict[str, Any]]:
        """In OpenAI's form."""
        return _schemas(self.own)


NO_TOOLS = Toolbox()


@cache
def _schemas(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [*(OWN[name].schema for name in names), HANDOVER_SCHEMA]


@cache
def _facts() -> Select[*tuple[Any, ...]]:
    """What decides about the offer, in one round trip."""
    business: Any = bindparam("business")
    sells = select(Product.id).where(Product.business_id == business, col(Product.active).is_(True))
    called = select(ToolCall.id).where(
        ToolCall.business_id == business,
        col(ToolCall.message_id) == func.any(bindparam("messages", type_=ARRAY(BigInteger))),
    )
    open_hours = select(Assistant.business_id).where(
        Assistant.business_id == business, col(Assistant.hours) != {}
    )
    return columns_of(
        sells.exists().label("sells"),
        called.exists().label("called"),
        open_hours.exists().label("opens"),
    )


def toolbox(session: Session, actor: Actor, message_ids: Sequence[int] = ()) -> Toolbox:
    """The tools for a turn that answers these messages; none of them in a rehearsal."""
    asked = {"business": actor.business_id, "messages": list(message_ids)}
    facts = session.execute(_facts(), asked).one()
    own = tuple(
        name
        for name in OWN
        if (facts.sells or name not in OF_CATALOGUE) and (facts.opens or name != hours.TOOL.name)
    )
    done = done_before(session, actor, list(message_ids)) if facts.called else []
    return Toolbox(own, done)
