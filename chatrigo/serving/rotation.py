"""
Encrypting anew what was encrypted under a secret of before.

It works as the tables' owner, in batches that each commit: cut short, it goes on where it was the
next time, since what is done already bears the name of the new key. Chatrigo may serve meanwhile,
for it opens both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column

from chatrigo import models, security
from chatrigo.models.columns import locked_columns

BATCH = 200

__all__ = ["Locked", "look", "models", "rotate"]


@dataclass(frozen=True, slots=True)
class Locked:
    """
    One encrypted column: how many of its values are under the current secret already, how many
    under one of before (`renewed`: they are, or would be, encrypted anew), and how many can't be
    opened with any secret that is set.
    """

    name: str
    current: int
    renewed: int
    lost: int


def rotate(url: str) -> list[Locked]:
    """Lock every secret with the current key; what can't be opened is left as it is."""
    return [_walk(url, column, purpose, renew=True) for column, purpose in locked_columns()]


def look(url: str) -> list[Locked]:
    """How they are locked, changing nothing. Columns that the database lacks are left out."""
    return [
        _walk(url, column, purpose, renew=False)
        for column, purpose in locked_columns()
        if _exists(url, column)
    ]


def _walk(url: str, column: Column[Any], purpose: str, *, renew: bool) -> Locked:
    current = renewed = lost = 0
    with psycopg.connect(url) as connection:
        after: Any = None
        while batch := list(_batch(connection, column, purpose, after, lock=renew)):
            for row in batch:
                opened = _open(purpose, row, column.name)
                if opened is None:
                    lost += 1
                elif not security.locked_with_old(row[column.name]):
                    current += 1
                else:
                    renewed += 1
                    if renew:
                        _write(connection, column, row, security.lock(_of(purpose, row), opened))
            after = batch[-1][_key(column)]
            connection.commit()
    return Locked(f"{column.table.name}.{column.name}", current, renewed, lost)


def _batch(
    connection: psycopg.Connection, column: Column[Any], purpose: str, after: Any, *, lock: bool
) -> Iterator[dict[str, Any]]:
    names = list(dict.fromkeys([_key(column), column.name, *_named(purpose)]))
    query = sql.SQL(
        "SELECT {names} FROM {table} WHERE {column} <> '' AND (%(after)s::text IS NULL"
        " OR {key} > %(after)s::bigint) ORDER BY {key} LIMIT %(most)s {lock}"
    ).format(
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        table=sql.Identifier(column.table.name),
        column=sql.Identifier(column.name),
        key=sql.Identifier(_key(column)),
        lock=sql.SQL("FOR UPDATE" if lock else ""),
    )
    for row in connection.execute(query, {"after": after, "most": BATCH}):
        yield dict(zip(names, row, strict=True))


def _write(
    connection: psycopg.Connection, column: Column[Any], row: dict[str, Any], locked: str
) -> None:
    query = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s").format(
        table=sql.Identifier(column.table.name),
        column=sql.Identifier(column.name),
        key=sql.Identifier(_key(column)),
    )
    connection.execute(query, (locked, row[_key(column)]))


def _open(purpose: str, row: dict[str, Any], name: str) -> str | None:
    try:
        return security.unlock(_of(purpose, row), row[name])
    except ValueError:
        return None


def _of(purpose: str, row: dict[str, Any]) -> str:
    return purpose.format(**{name: row[name] for name in _named(purpose)})


def _named(purpose: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(purpose) if name]


def _key(column: Column[Any]) -> str:
    """The number of the row: every table of ours with a secret has one column as its key."""
    (key,) = column.table.primary_key.columns
    return key.name


def _exists(url: str, column: Column[Any]) -> bool:
    query = (
        "SELECT FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND column_name = %s"
    )
    with psycopg.connect(url) as connection:
        found = connection.execute(query, (column.table.name, column.name)).fetchone()
    return found is not None
