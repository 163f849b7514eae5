"""What a business sells."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from chatrigo.models.columns import business, key, moment, reference


class Product(SQLModel, table=True):
    """
    One thing for sale, in one or more variants.

    `entry_id` is the knowledge entry by which the product is found (kind `product`). It holds no
    price and no stock: those are read from the variants whenever an answer needs them.
    """

    __table_args__ = (
        Index(
            "product_sku_once",
            "business_id",
            "sku",
            unique=True,
            postgresql_where=text("sku <> ''"),
        ),
        Index("product_by_name", "business_id", "name", "id"),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    name: str = Field(max_length=160)
    description: str = Field(default="", max_length=2000)
    category: str = Field(default="", max_length=80)
    sku: str = Field(default="", max_length=60)
    active: bool = True
    entry_id: int | None = reference("knowledge_entry.id", nullable=True, on_delete="SET NULL")
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Variant(SQLModel, table=True):
    """
    A size or kind of a product; a product without kinds has one variant without a name.

    `price` is whole rupiah, `stock` pieces (None: not counted, always to be had), `weight` grams.
    """

    __table_args__ = (
        Index(
            "variant_sku_once",
            "business_id",
            "sku",
            unique=True,
            postgresql_where=text("sku <> ''"),
        ),
        CheckConstraint("price >= 0", name="variant_price_not_negative"),
        CheckConstraint("stock >= 0", name="variant_stock_not_negative"),
        CheckConstraint("weight >= 0", name="variant_weight_not_negative"),
    )

    id: int | None = key()
    business_id: int = business(index=False)
    product_id: int = reference("product.id")
    name: str = Field(default="", max_length=80)
    sku: str = Field(default="", max_length=60)
    price: int = Field(default=0, sa_type=BigInteger)
    stock: int | None = Field(default=None, nullable=True)
    weight: int = 0
    place: int = 0
