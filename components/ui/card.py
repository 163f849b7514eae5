"""Raised paper to put things on."""

from typing import Any

import reflex as rx

from components.ui.words import Content, Words, classes


def card(*children: Any, padded: bool = True, class_name: Any = "", **props: Any) -> rx.Component:
    """A panel with a border. `ui.card(rx.el.p("…"))`; `padded=False` for lists and tables."""
    return rx.el.section(
        *children,
        class_name=classes(
            "rounded-card border border-border bg-surface shadow-card",
            "p-4 sm:p-6" if padded else "overflow-hidden",
            class_name,
        ),
        **props,
    )


def card_header(
    title: Words, text: Words | None = None, *, action: rx.Component | None = None
) -> rx.Component:
    """The head of a card: title, a line of explanation, one action at the right."""
    return rx.el.header(
        rx.el.div(
            rx.el.h2(title, class_name="text-lead font-bold"),
            rx.el.p(text, class_name="text-small text-muted")
            if text is not None
            else rx.fragment(),
            class_name="flex min-w-0 flex-col gap-1",
        ),
        action if action is not None else rx.fragment(),
        class_name="mb-4 flex items-start justify-between gap-4",
    )


def stat(
    label: Words, value: Content, *, icon: str = "", note: Words | None = None
) -> rx.Component:
    """One number with its name. `ui.stat(t("x.today"), S.today, icon="message-circle")`"""
    return card(
        rx.el.div(
            rx.icon(icon, size=16) if icon else rx.fragment(),
            rx.el.span(label, class_name="truncate"),
            class_name="flex items-center gap-2 text-small text-muted",
        ),
        rx.el.p(value, class_name="mt-1 text-heading font-bold tabular-nums"),
        rx.el.p(note, class_name="text-small text-muted") if note is not None else rx.fragment(),
    )


def definition(rows: list[tuple[Words, Content]]) -> rx.Component:
    """Names and values, one under another. `ui.definition([(t("x.phone"), S.phone)])`"""
    return rx.el.dl(
        *[
            rx.el.div(
                rx.el.dt(name, class_name="shrink-0 text-muted"),
                rx.el.dd(value, class_name="min-w-0 text-end font-medium break-words"),
                class_name="flex justify-between gap-4 py-2",
            )
            for name, value in rows
        ],
        class_name="divide-y divide-border text-small",
    )
