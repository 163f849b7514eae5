"""Products: found by the assistant in the transaction that saves them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col, func, or_, select

from chatrigo.domain.access import Actor, as_id, owned, require
from chatrigo.domain.catalogue.known import learn, unlearn
from chatrigo.domain.catalogue.rows import (
    MAX_CATEGORY,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SKU,
    MAX_VARIANT,
    MAX_VARIANTS,
    ProductRow,
    grams_of,
    product_row,
    rupiah_of,
    stock_of,
)
from chatrigo.domain.fields import line_of, storable, text_of
from chatrigo.domain.settings import own_business
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.models.catalogue import Product, Variant
from chatrigo.models.columns import now

WINDOW = 50
VIEWS = ("all", "active", "inactive", "out")
MAX_PRODUCTS = 5_000
MAX_SEARCH = 200
TOPIC = "catalogue"


@dataclass(frozen=True, slots=True)
class ProductCounts:
    all: int = 0
    active: int = 0
    inactive: int = 0
    out: int = 0


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A window of what matches, by name. `page` counts from 1; `found` is all that match."""

    rows: list[ProductRow]
    found: int
    page: int
    pages: int
    counts: ProductCounts


@dataclass(frozen=True, slots=True)
class Wished:
    """A variant as it is to be; `id` is 0 for a new one."""

    id: int
    name: str
    sku: str
    price: int
    stock: int | None
    weight: int


def list_products(
    session: Session, actor: Actor, view: Any = "all", search: Any = "", page: Any = 1
) -> ProductPage:
    """An unknown view is "all"; a page that does not exist is the nearest that does."""
    require(actor, "teach")
    matching = _matching(actor, view, search)
    count = select(func.count()).select_from(Product).where(*matching)
    found = int(session.execute(count).scalar_one())
    pages = max(1, -(-found // WINDOW))
    current = min(max(page, 1), pages) if isinstance(page, int) else 1
    query = (
        select(Product)
        .where(*matching)
        .order_by(func.lower(Product.name), col(Product.id))
        .offset((current - 1) * WINDOW)
        .limit(WINDOW)
    )
    products = session.execute(query).scalars().all()
    return ProductPage(rows_of(session, products), found, current, pages, _counts(session, actor))


def get_product(session: Session, actor: Actor, product_id: Any) -> ProductRow:
    require(actor, "teach")
    return rows_of(session, [owned(session, actor, Product, product_id)])[0]


def get_product_of_entry(session: Session, actor: Actor, entry_id: Any) -> ProductRow:
    """The product that a piece of evidence tells of."""
    require(actor, "teach")
    query = select(Product).where(
        Product.business_id == actor.business_id, Product.entry_id == as_id(entry_id)
    )
    product = session.execute(query).scalars().first()
    if product is None:
        raise NotFound
    return rows_of(session, [product])[0]


def add_product(
    session: Session, actor: Actor, wishes: Mapping[str, Any], variants: Any
) -> ProductRow:
    """
    `wishes` are name, description, category, sku and active; `variants` a list of the like of
    VariantRow, with what people typed. Raises Invalid.
    """
    require(actor, "teach")
    make_room(session, actor, 1)
    checked = check(session, actor, 0, wishes, variants)
    return save(session, actor, Product(business_id=actor.business_id, name=""), checked)


def change_product(
    session: Session, actor: Actor, product_id: Any, wishes: Mapping[str, Any], variants: Any
) -> ProductRow:
    """The whole form: a variant that is not in it is deleted. Raises Invalid, NotFound."""
    require(actor, "teach")
    own_business(session, actor, lock=True)
    product = owned(session, actor, Product, product_id)
    checked = check(session, actor, product.id or 0, wishes, variants)
    return save(session, actor, product, checked)


def delete_product(session: Session, actor: Actor, product_id: Any) -> ProductRow:
    """The assistant forgets it at once. The row as it was."""
    require(actor, "teach")
    product = owned(session, actor, Product, product_id, lock=True)
    row = rows_of(session, [product])[0]
    unlearn(session, product)
    session.delete(product)
    session.flush()
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return row


def activate_products(session: Session, actor: Actor, product_ids: Any, on: Any) -> int:
    """Put them on sale, or take them off without deleting them; how many were changed."""
    require(actor, "teach")
    listed = product_ids if isinstance(product_ids, list | tuple) else [product_ids]
    ids = [as_id(id) for id in listed[:MAX_PRODUCTS]]
    query = select(Product).where(
        Product.business_id == actor.business_id,
        col(Product.id).in_(ids),
        col(Product.active).is_not(on is True),
    )
    products = session.execute(query.with_for_update()).scalars().all()
    if not products and not _any(session, actor, ids):
        raise NotFound
    of = variants_of(session, products)
    for product in products:
        product.active, product.updated_at = on is True, now()
        learn(session, actor, product, of[product.id or 0])
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return len(products)


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be stored: the product's fields by name, and its variants."""

    fields: dict[str, Any]
    variants: list[Wished]

    @property
    def skus(self) -> list[str]:
        return [sku for sku in (self.fields["sku"], *(v.sku for v in self.variants)) if sku]


def check(
    session: Session, actor: Actor, product_id: int, wishes: Mapping[str, Any], variants: Any
) -> Checked:
    """What people typed of a product (0: a new one). Raises Invalid."""
    asked = wishes if isinstance(wishes, Mapping) else {}
    fields = {
        "name": line_of(asked.get("name"), "catalogue.name", most=MAX_NAME, least=1),
        "description": text_of(
            asked.get("description"), "catalogue.description", most=MAX_DESCRIPTION
        ),
        "category": line_of(asked.get("category"), "catalogue.category", most=MAX_CATEGORY),
        "sku": line_of(asked.get("sku"), "catalogue.sku", most=MAX_SKU),
        "active": asked.get("active", True) in (True, "on", "true"),
    }
    checked = Checked(fields, wished(variants))
    _refuse_taken_skus(session, actor, product_id, checked)
    return checked


def save(session: Session, actor: Actor, product: Product, checked: Checked) -> ProductRow:
    """Store a product and its variants; the assistant knows them from the commit on."""
    known = {v.id: v for v in variants_of(session, [product])[product.id]} if product.id else {}
    if any(wish.id and wish.id not in known for wish in checked.variants):
        raise NotFound
    try:
        with session.begin_nested():
            for name, value in checked.fields.items():
                setattr(product, name, value)
            product.updated_at = now()
            session.add(product)
            session.flush()
            kept = _store_variants(session, product, known, checked.variants)
    except IntegrityError:
        raise Invalid("catalogue.sku_taken", sku=checked.fields["sku"]) from None
    learn(session, actor, product, kept)
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return product_row(product, kept)


def wished(variants: Any) -> list[Wished]:
    """Variants as people typed them, checked. Raises Invalid, naming the variant."""
    listed = [v for v in variants if isinstance(v, Mapping)] if isinstance(variants, list) else []
    if not listed:
        raise Invalid("catalogue.variants_missing")
    if len(listed) > MAX_VARIANTS:
        raise Invalid("catalogue.variants_many", limit=MAX_VARIANTS)
    made = [_wish(variant) for variant in listed]
    names = [wish.name.lower() for wish in made]
    if len(made) > 1 and not all(names):
        raise Invalid("catalogue.variant_missing", limit=1)
    if len(set(names)) < len(names):
        raise Invalid("catalogue.variant_twice")
    return made


def make_room(session: Session, actor: Actor, products: int) -> None:
    """Let one change of the catalogue happen at a time. Raises Invalid if it can't hold so many."""
    own_business(session, actor, lock=True)
    count = select(func.count()).where(Product.business_id == actor.business_id)
    if int(session.execute(count).scalar_one()) + products > MAX_PRODUCTS:
        raise Invalid("catalogue.full", limit=MAX_PRODUCTS)


def rows_of(session: Session, products: Sequence[Product]) -> list[ProductRow]:
    of = variants_of(session, products)
    return [product_row(product, of[product.id or 0]) for product in products]


def variants_of(
    session: Session, products: Iterable[Product]
) -> defaultdict[int | None, list[Variant]]:
    """The variants of each product, in their order."""
    query = (
        select(Variant)
        .where(col(Variant.product_id).in_([product.id for product in products]))
        .order_by(col(Variant.product_id), col(Variant.place), col(Variant.id))
    )
    found: defaultdict[int | None, list[Variant]] = defaultdict(list)
    for variant in session.execute(query).scalars():
        found[variant.product_id].append(variant)
    return found


def _wish(variant: Mapping[str, Any]) -> Wished:
    id = variant.get("id") or 0
    return Wished(
        id=as_id(id) if id else 0,
        name=line_of(variant.get("name"), "catalogue.variant", most=MAX_VARIANT),
        sku=line_of(variant.get("sku"), "catalogue.sku", most=MAX_SKU),
        price=rupiah_of(variant.get("price")),
        stock=stock_of(variant.get("stock")),
        weight=grams_of(variant.get("weight")),
    )


def _store_variants(
    session: Session, product: Product, known: Mapping[Any, Variant], wishes: Sequence[Wished]
) -> list[Variant]:
    assert product.id
    kept = {wish.id for wish in wishes}
    for id, variant in known.items():
        if id not in kept:
            session.delete(variant)
    session.flush()  # a deleted variant's SKU is free for another
    stored = []
    for place, wish in enumerate(wishes):
        variant = known.get(wish.id) or Variant(
            business_id=product.business_id, product_id=product.id
        )
        variant.name, variant.sku, variant.price = wish.name, wish.sku, wish.price
        variant.stock, variant.weight, variant.place = wish.stock, wish.weight, place
        session.add(variant)
        stored.append(variant)
    session.flush()
    return stored


def _refuse_taken_skus(session: Session, actor: Actor, product_id: int, checked: Checked) -> None:
    """A SKU names one thing of the business; a product of one kind may share that of the kind."""
    given = checked.skus
    twice = next((sku for at, sku in enumerate(given) if sku in given[:at]), None)
    if twice and len(checked.variants) > 1:
        raise Invalid("catalogue.sku_taken", sku=twice)
    if not given:
        return
    products = select(Product.sku).where(
        Product.business_id == actor.business_id,
        col(Product.sku).in_(given),
        col(Product.id) != product_id,
    )
    variants = select(Variant.sku).where(
        Variant.business_id == actor.business_id,
        col(Variant.sku).in_(given),
        col(Variant.product_id) != product_id,
    )
    taken = session.execute(products.union(variants)).scalars().first()
    if taken:
        raise Invalid("catalogue.sku_taken", sku=taken)


def _matching(actor: Actor, view: Any, search: Any) -> list[ColumnElement[bool]]:
    conditions: list[Any] = [Product.business_id == actor.business_id]
    if view == "active":
        conditions.append(col(Product.active).is_(True))
    if view == "inactive":
        conditions.append(col(Product.active).is_(False))
    if view == "out":
        conditions.append(_is_out())
    for word in storable(search)[:MAX_SEARCH].split():
        of_variant = exists().where(
            col(Variant.product_id) == col(Product.id),
            or_(
                col(Variant.name).icontains(word, autoescape=True),
                col(Variant.sku).icontains(word, autoescape=True),
            ),
        )
        fields = (Product.name, Product.category, Product.description, Product.sku)
        conditions.append(
            or_(*(col(each).icontains(word, autoescape=True) for each in fields), of_variant)
        )
    return conditions


def _is_out() -> ColumnElement[bool]:
    """No variant of it is to be had."""
    to_be_had = exists().where(
        and_(
            col(Variant.product_id) == col(Product.id),
            or_(col(Variant.stock).is_(None), col(Variant.stock) > 0),
        )
    )
    return ~to_be_had


def _counts(session: Session, actor: Actor) -> ProductCounts:
    query = select(
        func.count(),
        func.count().filter(col(Product.active).is_(True)),
        func.count().filter(col(Product.active).is_(False)),
        func.count().filter(_is_out()),
    ).where(Product.business_id == actor.business_id)
    return ProductCounts(*session.execute(query).one())


def _any(session: Session, actor: Actor, ids: Sequence[int]) -> bool:
    query = select(Product.id).where(
        Product.business_id == actor.business_id, col(Product.id).in_(ids)
    )
    return session.execute(query.limit(1)).first() is not None
