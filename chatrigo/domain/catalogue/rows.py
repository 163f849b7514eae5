"""A product as screens show it, and what people type about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chatrigo.domain.catalogue.known import rupiah
from chatrigo.errors import Invalid
from chatrigo.models.catalogue import Product, Variant

MAX_NAME = 160
MAX_DESCRIPTION = 2_000
MAX_CATEGORY = 80
MAX_SKU = 60
MAX_VARIANT = 80
MAX_VARIANTS = 50
MOST_RUPIAH = 1_000_000_000_000
MOST_STOCK = 1_000_000_000
MOST_GRAMS = 10_000_000

_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]00?)?")
_PLAIN = re.compile(r"(\d+)(?:[.,]0{1,2})?")
_THOUSANDS = re.compile(r"(\d+)(?:[.,](\d{1,3}))?\s*(?:rb|ribu|k)")


@dataclass(frozen=True, slots=True)
class VariantRow:
    """`price` in whole rupiah; `stock` is -1 where pieces are not counted."""

    id: int
    name: str
    sku: str
    price: int
    price_text: str
    stock: int
    weight: int


@dataclass(frozen=True, slots=True)
class ProductRow:
    """
    `prices` is the one price, or from the lowest to the highest. `stock` is the sum of the
    variants, -1 if any of them is not counted; `out` that nothing of it is to be had.
    """

    id: int
    name: str
    description: str
    category: str
    sku: str
    active: bool
    prices: str
    stock: int
    out: bool
    variants: list[VariantRow] = field(default_factory=list)


def product_row(product: Product, variants: Sequence[Variant]) -> ProductRow:
    rows = [variant_row(variant) for variant in variants]
    counted = [row.stock for row in rows]
    return ProductRow(
        id=product.id or 0,
        name=product.name,
        description=product.description,
        category=product.category,
        sku=product.sku,
        active=product.active,
        prices=_prices([row.price for row in rows]),
        stock=-1 if -1 in counted else sum(counted),
        out=bool(rows) and not any(counted),
        variants=rows,
    )


def variant_row(variant: Variant) -> VariantRow:
    return VariantRow(
        id=variant.id or 0,
        name=variant.name,
        sku=variant.sku,
        price=variant.price,
        price_text=rupiah(variant.price),
        stock=-1 if variant.stock is None else variant.stock,
        weight=variant.weight,
    )


def _prices(prices: Sequence[int]) -> str:
    if not prices:
        return ""
    low, high = min(prices), max(prices)
    return rupiah(low) if low == high else f"{rupiah(low)} – {rupiah(high)}"


def rupiah_of(value: Any) -> int:
    """
    An amount as people write it: 20000, 20.000, Rp 20.000,00, 20rb, 2,5 ribu.

    Raises Invalid for what is none, is less than nothing or more than MOST_RUPIAH.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        amount = value
    else:
        amount = _written_amount(value)
    if not 0 <= amount <= MOST_RUPIAH:
        raise Invalid("catalogue.price_range", limit=rupiah(MOST_RUPIAH))
    return amount


def _written_amount(value: Any) -> int:
    text = (
        value.strip().lower().removeprefix("idr").removeprefix("rp").strip(". ")
        if isinstance(value, str)
        else ""
    )
    if not text:
        raise Invalid("catalogue.price_missing")
    if _GROUPED.fullmatch(text):
        whole = re.sub(r"[.,]00?$", "", text)
        return int(re.sub(r"[.,]", "", whole))
    if plain := _PLAIN.fullmatch(text):
        return int(plain[1][:16])
    if thousands := _THOUSANDS.fullmatch(text):
        return int(thousands[1][:12]) * 1000 + int((thousands[2] or "0").ljust(3, "0"))
    raise Invalid("catalogue.price_shape", value=text[:40])


def stock_of(value: Any) -> int | None:
    """Pieces; None for nothing written, which means that they are not counted. Raises Invalid."""
    if value in (None, "", -1):
        return None
    return _whole(value, "catalogue.stock_shape", MOST_STOCK)


def grams_of(value: Any) -> int:
    return 0 if value in (None, "") else _whole(value, "catalogue.weight_shape", MOST_GRAMS)


def _whole(value: Any, key: str, most: int) -> int:
    text = str(value).strip() if isinstance(value, int | str) and value is not True else ""
    text = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text)
    text = re.sub(r"[.,]0+$", "", text)
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text) <= most):
        raise Invalid(key, limit=most)
    return int(text)
