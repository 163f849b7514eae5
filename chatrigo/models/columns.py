"""The few kinds of column that every table shares."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def key() -> Any:
    """A 64-bit primary key that the database counts up."""
    return Field(default=None, primary_key=True, sa_type=BigInteger)


def reference(
    target: str, *, index: bool = True, nullable: bool = False, on_delete: str = "CASCADE"
) -> Any:
    """A foreign key to `table.column`."""
    return Field(
        default=None if nullable else ...,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey(target, ondelete=on_delete)],
        index=index,
        nullable=nullable,
    )


def part_of_key(target: str, *, index: bool = False) -> Any:
    """A foreign key that is (part of) the primary key."""
    return Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=[ForeignKey(target, ondelete="CASCADE")],
        index=index,
    )


def business(*, index: bool = True) -> Any:
    """The tenant that owns the row; row-level security compares it."""
    return reference("business.id", index=index)


def moment(*, nullable: bool = False) -> Any:
    """A point in time: `timestamptz`, aware, in UTC."""
    if nullable:
        return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)  # type: ignore[call-overload]
    return Field(default_factory=now, sa_type=DateTime(timezone=True), nullable=False)  # type: ignore[call-overload]


def json_list() -> Any:
    return Field(default_factory=list, sa_type=JSONB, nullable=False)


def json_map() -> Any:
    return Field(default_factory=dict, sa_type=JSONB, nullable=False)
