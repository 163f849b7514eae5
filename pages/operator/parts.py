"""What several screens of the console show."""

from typing import Any

import reflex as rx

from components import ui
from components.numbers import number
from components.text import t
from state.operator import OperatorState

__all__ = ["bars", "number", "use_of_days"]


def bars(of: str, bar: str, look: str, title: Any, nothing: Any) -> rx.Component:
    """
    The last 30 days as bars; `of` names the number, `bar` its share of the busiest day, `nothing`
    tells that there is none to show.
    """

    def one(day: Any) -> rx.Component:
        value = getattr(day, of)
        return rx.el.li(
            rx.el.span(
                day.label,
                ": ",
                value.to_string(),
                class_name="sr-only",
            ),
            rx.el.span(
                aria_hidden=True,
                style={"height": getattr(day, bar).to_string() + "%"},
                class_name=f"w-full rounded-t-sm {look}",
            ),
            title=day.label + ": " + value.to_string(),
            class_name="flex h-full min-w-0 flex-1 items-end rounded-t-sm hover:bg-hover",
        )

    return ui.card(
        ui.card_header(title, t("operator.last_30_days")),
        rx.el.div(
            rx.el.ol(
                rx.foreach(OperatorState.days, one),
                class_name="flex h-32 items-end gap-px border-b border-border sm:gap-1",
            ),
            rx.cond(
                nothing,
                rx.el.p(
                    t("operator.nothing_yet"),
                    class_name="absolute inset-0 grid place-items-center text-small text-muted",
                ),
            ),
            class_name="relative",
        ),
        rx.el.div(
            rx.el.span(OperatorState.days[0].label),
            rx.el.span(OperatorState.days[-1].label),
            aria_hidden=True,
            class_name="mt-1 flex justify-between text-caption text-muted tabular-nums",
        ),
    )


def use_of_days() -> rx.Component:
    return rx.cond(
        OperatorState.days,
        rx.el.div(
            bars(
                "messages",
                "messages_bar",
                "bg-accent",
                t("operator.messages"),
                OperatorState.no_messages,
            ),
            bars("tokens", "tokens_bar", "bg-ai", t("operator.tokens"), OperatorState.no_tokens),
            class_name="grid gap-6 lg:grid-cols-2",
        ),
        ui.skeleton("h-48 w-full rounded-card"),
    )
