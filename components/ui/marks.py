"""Small marks inside other things: keys, times, bars, lines, tooltips."""

from typing import Any, Literal

import reflex as rx

from components.ui.words import Content, Words, classes


def kbd(key: Words) -> rx.Component:
    """A key of the keyboard. `ui.kbd("R")`"""
    return rx.el.kbd(
        key,
        class_name="inline-grid h-6 min-w-6 place-items-center rounded-md border border-border "
        "border-b-2 bg-surface px-1.5 font-sans text-caption font-semibold text-muted",
    )


def time(text: Words, *, iso: Words = "", title: Words = "", class_name: Any = "") -> rx.Component:
    """A time that the server has already put into words. `ui.time(row.when, iso=row.sent_at)`"""
    return rx.el.time(
        text,
        date_time=iso,
        title=title,
        class_name=classes("text-caption text-muted tabular-nums whitespace-nowrap", class_name),
    )


def progress(value: Any, *, maximum: Any = 100, label: Words) -> rx.Component:
    """A bar that fills. `ui.progress(S.done, maximum=S.total, label=t("x.importing"))`"""
    return rx.el.progress(value=value, max=maximum, aria_label=label, class_name="progress")


def tooltip(
    child: Content, text: Words, *, side: Literal["top", "bottom", "left", "right"] = "top"
) -> rx.Component:
    """Words that appear over `child` on hover; never the only place they are said."""
    return rx.el.span(child, data_tip=text, data_tip_side=side, class_name="inline-flex")


def divider(text: Words | None = None) -> rx.Component:
    """A line, or a line with words in it (a day in a conversation). `ui.divider(day)`"""
    if text is None:
        return rx.el.hr(class_name="border-border")
    return rx.el.div(
        rx.el.span(class_name="h-px grow bg-border"),
        rx.el.span(text),
        rx.el.span(class_name="h-px grow bg-border"),
        class_name="flex items-center gap-3 text-caption font-medium text-muted",
    )
