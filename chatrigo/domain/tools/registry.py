"""
Which tools a turn is offered.

There is no tool for orders: there are no orders yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case
from sqlalchemy import select as columns_of
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger
from sqlmodel import col, func, select

from chatrigo.domain.access import Actor
from chatrigo.domain.tools import contact, follow_up, hours, products, proof
from chatrigo.domain.tools.calls import CallRow, done_before
from chatrigo.domain.tools.http import HttpSpec
from chatrigo.domain.tools.http import offered as offered_http
from chatrigo.domain.tools.tool import Effect, Tool, function
from chatrigo.models.catalogue import Product
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.tools import HttpTool, ToolCall

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
    for tool in (
        products.SEARCH,
        products.PRICE,
        hours.TOOL,
        contact.TOOL,
        follow_up.TOOL,
        proof.PROVE,
        proof.CONFIRM,
    )
}
OF_CATALOGUE = (products.SEARCH.name, products.PRICE.name)
OF_PROOF = (proof.PROVE.name, proof.CONFIRM.name)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """
    What one turn may call, besides handing over: our own tools, and the owner's.

    done    what an earlier run of this turn did already: the model is told, it is not done again
    """

    own: tuple[str, ...] = ()
    http: tuple[HttpSpec, ...] = ()
    done: list[CallRow] = field(default_factory=list)

    @property
    def may_answer(self) -> bool:
        """Whether a question that the knowledge says nothing of may still find its answer."""
        return bool(self.http) or any(OWN[name].effect == "reads" for name in self.own)

    def find_http(self, name: str) -> HttpSpec | None:
        return next((spec for spec in self.http if spec.name == name), None)

    def effect_of(self, name: str) -> Effect:
        """Of a tool that does not exist it is `reads`: nothing will be done."""
        spec = self.find_http(name)
        if spec:
            return spec.effect
        return OWN[name].effect if name in OWN else "reads"

    def schemas(self) -> list[dict[str, Any]]:
        """In OpenAI's form."""
        return [*_schemas(self.own), *(spec.schema for spec in self.http)]


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
    servers = select(HttpTool.id).where(
        HttpTool.business_id == business, col(HttpTool.enabled).is_(True)
    )
    version: Any = bindparam("version")
    open_hours = select(InstructionVersion.id).where(
        InstructionVersion.business_id == business,
        col(InstructionVersion.hours) != {},
        case(
            (version == 0, InstructionVersion.state == "published"),
            else_=InstructionVersion.id == version,
        ),
    )
    return columns_of(
        sells.exists().label("sells"),
        open_hours.exists().label("opens"),
        servers.exists().label("reaches"),
        called.exists().label("called"),
    )


def toolbox(
    session: Session, actor: Actor, message_ids: Sequence[int] = (), version_id: int = 0
) -> Toolbox:
    """
    The tools for a turn that answers these messages; none of them in a rehearsal, which may try
    another version of the instructions.
    """
    asked = {
        "business": actor.business_id,
        "messages": list(message_ids),
        "version": version_id,
    }
    facts = session.execute(_facts(), asked).one()
    http = tuple(offered_http(session, actor)) if facts.reaches else ()
    needless = {
        *(() if facts.sells else OF_CATALOGUE),
        *(() if facts.opens else (hours.TOOL.name,)),
        *(() if any(spec.verified_only for spec in http) else OF_PROOF),
    }
    own = tuple(name for name in OWN if name not in needless)
    done = done_before(session, actor, list(message_ids)) if facts.called else []
    return Toolbox(own, http, done)
