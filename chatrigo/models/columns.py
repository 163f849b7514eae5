"""The few kinds of column that every table shares."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

LOCKED = "locked"


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


def locked(purpose: str, **column: Any) -> Any:
    """
    A secret that `security.lock` encrypted; empty for none.

    `purpose` is what it is locked for, with columns of the row in it ("model key {business_id}"):
    whoever locks and unlocks says the same. `python -m chatrigo rotate` finds every such column
    by `locked_columns`, and so a new one need not be told to anybody.
    """
    return Field(default="", sa_type=String, sa_column_kwargs={"info": {LOCKED: purpose}}, **column)


def locked_columns() -> list[tuple[Column[Any], str]]:
    """Every encrypted column with its purpose; all of `chatrigo.models` must be imported."""
    return [
        (column, column.info[LOCKED])
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if LOCKED in column.info
    ]


def json_list() -> Any:
    return Field(default_factory=list, sa_type=JSONB, nullable=False)


def json_map() -> Any:
    return Field(default_factory=dict, sa_type=JSONB, nullable=False)
