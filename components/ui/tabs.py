"""Choosing one of a few."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from components.ui.badge import count
from components.ui.words import Words, classes, when


def tabs(
    options: Sequence[tuple[str, Words] | tuple[str, Words, Any]],
    value: Any,
    on_change: Any,
    *,
    label: Words,
    class_name: Any = "",
) -> rx.Component:
    """
    Underlined tabs of (value, text) or (value, text, number); arrows move between them.

    `ui.tabs([("all", t("inbox.all")), ("mine", t("inbox.mine"), S.mine)], S.tab, S.show, label=…)`
    """
    return rx.el.div(
        *[_tab(option, value, on_change) for option in options],
        role="tablist",
        aria_label=label,
        class_name=classes(
            "scroll-quiet flex gap-1 overflow-x-auto overflow-y-hidden border-b border-border",
            class_name,
        ),
    )


def segmented(
    options: Sequence[tuple[str, Words]],
    value: Any,
    on_change: Any,
    *,
    label: Words,
    class_name: Any = "",
) -> rx.Component:
    """
    A short choice side by side, of (value, text) pairs.

    `ui.segmented([("id", "Indonesia"), ("en", "English")], S.locale, S.choose, label=t("x.language"))`
    """
    return rx.el.div(
        *[_segment(option, text, value, on_change) for option, text in options],
        role="radiogroup",
        aria_label=label,
        class_name=classes(
            "inline-flex max-w-full gap-1 rounded-control bg-sunken p-1", class_name
        ),
    )


def _tab(option: tuple[Any, ...], value: Any, on_change: Any) -> rx.Component:
    key, text, *rest = option
    chosen = rx.Var.create(value) == key
    return rx.el.button(
        text,
        when(rx.Var.create(rest[0]).to(int) > 0, count(rest[0])) if rest else rx.fragment(),
        type="button",
        role="tab",
        aria_selected=when(chosen, "true", "false"),
        tab_index=when(chosen, 0, -1),
        on_click=on_change(key),
        class_name="-mb-px inline-flex min-h-11 shrink-0 items-center gap-2 border-b-2 "
        "border-transparent px-3 text-small font-semibold whitespace-nowrap text-muted "
        "hover:text-ink focus-visible:outline-offset-[-2px] aria-selected:border-accent aria-selected:text-accent-ink",
    )


def _segment(key: str, text: Words, value: Any, on_change: Any) -> rx.Component:
    chosen = rx.Var.create(value) == key
    return rx.el.button(
        text,
        type="button",
        role="radio",
        aria_checked=when(chosen, "true", "false"),
        tab_index=when(chosen, 0, -1),
        on_click=on_change(key),
        class_name="inline-flex min-h-9 grow items-center justify-center gap-2 rounded-small px-3 "
        "text-small font-semibold whitespace-nowrap text-muted hover:text-ink "
        "aria-checked:bg-surface aria-checked:text-ink aria-checked:shadow-card",
    )
