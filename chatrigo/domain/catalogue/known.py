"""
How the assistant knows the catalogue.

Each active product has a knowledge entry of the kind `product`, so that it is found by the same
search as everything else, in the transaction that saves it. The entry holds words only. What an
answer says of price and stock is read from the variants at the moment of answering.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, case, literal
from sqlalchemy import select as columns_of
from sqlalchemy.orm import Session
from sqlmodel import col, func, or_, select

from chatrigo.domain.access import Actor
from chatrigo.domain.fields import storable
from chatrigo.domain.knowledge.vectors import promise_vectors
from chatrigo.models.catalogue import Product, Variant
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.retrieval.rank import Hit
from chatrigo.retrieval.search import index, unindex

KIND = "product"
MOST_WORDS = 12

_SOLD: Select[*tuple[Any, ...]] = (
    columns_of(
        col(Product.id),
        col(Product.entry_id),
        col(Product.name),
        col(Product.description),
        col(Product.category),
        col(Variant.id).label("variant_id"),
        col(Variant.name).label("variant"),
        col(Variant.sku),
        col(Variant.price),
        col(Variant.stock),
    )
    .join(Variant, col(Variant.product_id) == col(Product.id))
    .order_by(col(Product.name), col(Product.id), col(Variant.place), col(Variant.id))
)


def rupiah(amount: int) -> str:
    """Rp20.000"""
    return "Rp" + f"{amount:,}".replace(",", ".")


def learn(session: Session, actor: Actor, product: Product, variants: Sequence[Variant]) -> None:
    """Make the product findable as it now is; one that is not active is not found."""
    entry = session.get(KnowledgeEntry, product.entry_id) if product.entry_id else None
    if entry is None:
        entry = KnowledgeEntry(business_id=product.business_id, kind=KIND, title="", body="")
    words = [product.category, product.description, *(v.name for v in variants), product.sku]
    entry.title = f"Berapa harga {product.name}?"
    entry.body = "\n".join(word for word in words if word)[:4000]
    entry.enabled = product.active
    index(session, entry)
    product.entry_id = entry.id
    session.flush()
    promise_vectors(session, actor)


def unlearn(session: Session, product: Product) -> None:
    entry = session.get(KnowledgeEntry, product.entry_id) if product.entry_id else None
    if entry is not None:
        unindex(session, entry)
        session.delete(entry)


def priced(session: Session, actor: Actor, hits: Sequence[Hit]) -> list[Hit]:
    """The hits, those of products with what is true of price and stock at this moment."""
    ids = [hit.entry_id for hit in hits if hit.kind == KIND]
    if not ids:
        return list(hits)
    rows = session.execute(
        _SOLD.where(
            col(Product.business_id) == actor.business_id,
            col(Product.entry_id).in_(ids),
            col(Product.active).is_(True),
        )
    ).all()
    said = {
        entry_id: in_words([row for row in rows if row.entry_id == entry_id]) for entry_id in ids
    }
    # A product whose variants or whose activity changed under our hands is no evidence.
    return [
        replace(hit, title=said[hit.entry_id][0], body=said[hit.entry_id][1])
        if hit.kind == KIND
        else hit
        for hit in hits
        if hit.kind != KIND or said[hit.entry_id][1]
    ]


def in_words(rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[str, str]:
    """A product's name, and its prices as a customer may read them."""
    if not rows:
        return "", ""
    prices = ", ".join(_variant_in_words(row) for row in rows)
    described = f" {rows[0].description}" if rows[0].description else ""
    return rows[0].name, f"{rows[0].name}: {prices}.{described}"


def _variant_in_words(row: Row[*tuple[Any, ...]]) -> str:
    price = f"{row.variant} {rupiah(row.price)}" if row.variant else rupiah(row.price)
    return f"{price} (stok habis)" if row.stock == 0 else price


def find_sold(session: Session, actor: Actor, words: str, limit: int) -> list[dict[str, Any]]:
    """Active products that have any of the words, those with most of them first."""
    asked = list(dict.fromkeys(storable(words).lower().split()))[:MOST_WORDS]
    found = _hit(asked)
    query = (
        select(col(Product.id))
        .where(
            Product.business_id == actor.business_id,
            col(Product.active).is_(True),
            *([found > 0] if asked else []),
        )
        .order_by(found.desc(), col(Product.name), col(Product.id))
        .limit(limit)
    )
    ids: list[Any] = list(session.execute(query).scalars())
    listed = sold(session, actor, ids)
    return sorted(listed, key=lambda product: ids.index(product["product_id"]))


def sold(session: Session, actor: Actor, ids: Sequence[int]) -> list[dict[str, Any]]:
    """These products, if they are active, with price and stock of this moment."""
    rows = session.execute(
        _SOLD.where(
            col(Product.business_id) == actor.business_id,
            col(Product.id).in_(ids),
            col(Product.active).is_(True),
        )
    ).all()
    products: dict[int, dict[str, Any]] = {}
    for row in rows:
        product = products.setdefault(
            row.id,
            {
                "product_id": row.id,
                "name": row.name,
                "category": row.category,
                "description": row.description[:300],
                "variants": [],
            },
        )
        product["variants"].append(_variant_row(row))
    return list(products.values())


def _variant_row(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {
        "variant": row.variant or "only one",
        "sku": row.sku,
        "price": rupiah(row.price),
        "stock": "not counted" if row.stock is None else row.stock,
        "available": row.stock is None or row.stock > 0,
    }


def _hit(words: Sequence[str]) -> Any:
    """How well a product fits the words; a word in its name counts most."""
    return sum(
        (
            _counts(col(Product.name).icontains(word, autoescape=True), 3)
            + _counts(
                or_(
                    col(Product.category).icontains(word, autoescape=True),
                    col(Product.description).icontains(word, autoescape=True),
                    col(Product.id).in_(
                        select(col(Variant.product_id)).where(
                            or_(
                                col(Variant.name).icontains(word, autoescape=True),
                                func.lower(col(Variant.sku)) == word,
                            )
                        )
                    ),
                ),
                1,
            )
            for word in words
        ),
        start=literal(0),
    )


def _counts(condition: Any, points: int) -> Any:
    return case((condition, points), else_=0)
