"""Products, their prices and stock, as the table has them at this moment."""

from typing import Any

from pydantic import Field
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.catalogue.known import find_sold, sold
from chatrigo.domain.tools.tool import Arguments, Context, Refused, Tool

MOST_FOUND = 8


class Search(Arguments):
    query: str = Field(max_length=200, description="Words of a product, its kind or category.")


class Which(Arguments):
    product_id: int = Field(gt=0, lt=2**63, description="The product_id of search_products.")


def search_products(
    session: Session, actor: Actor, context: Context, arguments: Search
) -> list[dict[str, Any]]:
    found = find_sold(session, actor, arguments.query, MOST_FOUND)
    if not found:
        raise Refused("No product for sale has these words.")
    return found


def product_price_and_stock(
    session: Session, actor: Actor, context: Context, arguments: Which
) -> dict[str, Any]:
    found = sold(session, actor, [arguments.product_id])
    if not found:
        raise Refused("There is no such product for sale.")
    return found[0]


SEARCH = Tool(
    name="search_products",
    description="Find what the shop sells, with the prices and stock of this moment.",
    arguments=Search,
    effect="reads",
    permission="inbox.read",
    run=search_products,
)
PRICE = Tool(
    name="product_price_and_stock",
    description="Price and stock of every variant of one product at this moment.",
    arguments=Which,
    effect="reads",
    permission="inbox.read",
    run=product_price_and_stock,
)
