"""Tables that become cards on a phone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from components.ui.words import Content, Words


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how a row fills it; `lead` is the title of the card on a phone."""

    heading: Words
    cell: Callable[[Any], Content]
    align: Literal["start", "end"] = "start"
    lead: bool = False


def table(
    columns: Sequence[Column],
    rows: Any,
    *,
    caption: Words,
    on_row: Callable[[Any], Any] | None = None,
) -> rx.Component:
    """
    A table of `rows` (a list Var or a list); `caption` names it for screen readers.

    `on_row(row)` gives the event of a click on a row; keep a link or a button in the row too,
    for the keyboard.

    `ui.table([ui.Column(t("x.name"), lambda row: row.name, lead=True)], S.rows, caption=t("x"))`
    """

    def one(row: Any) -> rx.Component:
        clicked = {"on_click": on_row(row)} if on_row else {}
        look = "cursor-pointer hover:bg-hover" if on_row else ""
        return rx.el.tr(*[_cell(column, row) for column in columns], class_name=look, **clicked)

    body = rx.foreach(rows, one) if isinstance(rows, rx.Var) else [one(row) for row in rows]
    return rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        rx.el.thead(
            rx.el.tr(*[_heading(column) for column in columns]),
            class_name="bg-sunken text-small text-muted",
        ),
        rx.el.tbody(
            *(body if isinstance(body, list) else [body]), class_name="divide-y divide-border"
        ),
        class_name="cards-on-phone w-full border-collapse text-body",
    )


_ALIGN = {"start": "text-start", "end": "text-end tabular-nums"}


def _heading(column: Column) -> rx.Component:
    return rx.el.th(
        column.heading,
        scope="col",
        class_name=f"px-4 py-2.5 font-semibold whitespace-nowrap {_ALIGN[column.align]}",
    )


def _cell(column: Column, row: Any) -> rx.Component:
    return rx.el.td(
        column.cell(row),
        data_label=column.heading,
        data_lead="true" if column.lead else "false",
        class_name=f"px-4 py-3 {_ALIGN[column.align]}",
    )
