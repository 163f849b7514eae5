"""
A row in every table, made from the models alone, so that a new table is covered on its first day.

What a column needs is known from its type, its default and where it points to.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    insert,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import SQLModel

import chatrigo.models  # noqa: F401  (fills the metadata)
from chatrigo.models.knowledge import HalfVector

_number = count(1)
MODELS = {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}


def tenant_tables() -> list[Table]:
    """The tables whose rows belong to a business, in an order in which they can be filled."""
    return [t for t in SQLModel.metadata.sorted_tables if "business_id" in t.columns]


def plant(
    connection: Connection,
    business_id: int,
    account_id: int,
    word: str,
    *,
    but: Collection[str] = (),
    only: Collection[str] = (),
) -> dict[str, int]:
    """
    Put a row into every tenant table (but those named, or only those) with `word` in its texts;
    the ids by table.

    Call it as the owner of the tables, whom row-level security does not hold back.
    """
    ids: dict[str, int] = {"business": business_id, "account": account_id}
    for table in tenant_tables():
        if table.name in but or (only and table.name not in only):
            continue
        row = {c.name: _value(c, ids, word) for c in table.columns if not _left_out(c)}
        key = next(iter(table.primary_key.columns))
        added = insert(table).values(row).returning(key)
        ids[table.name] = connection.execute(added).scalar_one()
    return ids


def _left_out(column: Column[Any]) -> bool:
    """What the database counts up by itself, and what may stay empty."""
    counted = column.primary_key and not column.foreign_keys and column.name == "id"
    return counted or bool(column.nullable)


def _value(column: Column[Any], ids: dict[str, int], word: str) -> Any:
    for key in column.foreign_keys:
        return ids[key.column.table.name]
    field = MODELS[column.table.name].model_fields.get(column.name)
    if field is not None and field.default_factory is not None:
        return field.default_factory()  # type: ignore[call-arg]
    if field is not None and not field.is_required() and field.default not in (None, ""):
        return field.default
    return _of_type(column, word)


def _of_type(column: Column[Any], word: str) -> Any:
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, String):
        text = f"{next(_number)} {word}"
        return text[: kind.length] if kind.length else text
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, (BigInteger, Integer, Float, Numeric)):
        return next(_number)
    if isinstance(kind, DateTime):
        return datetime.now(UTC)
    if isinstance(kind, Date):
        return date(2026, 11, 24)
    if isinstance(kind, JSONB):
        return {}
    if isinstance(kind, ARRAY):
        return []
    if isinstance(kind, LargeBinary):
        return word.encode()
    if isinstance(kind, HalfVector):
        return "[0, 1]"
    raise AssertionError(f"{column}: say here how a {kind!r} is filled")
