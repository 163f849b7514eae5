"""The furniture of a page: its header, its width, its pages."""

from typing import Any

import reflex as rx

from components.text import t
from components.ui.button import icon_button
from components.ui.words import Content, Words, classes


def page_header(
    title: Words,
    text: Words | None = None,
    *,
    actions: rx.Component | None = None,
    back: Words | None = None,
) -> rx.Component:
    """
    The head of a screen: its only h1, a line of explanation, actions, a way back.

    `ui.page_header(t("knowledge.title"), t("knowledge.text"), actions=ui.button(…))`
    """
    return rx.el.header(
        _back(back) if back is not None else rx.fragment(),
        rx.el.div(
            rx.el.h1(title, class_name="text-heading font-extrabold tracking-tight"),
            rx.el.p(text, class_name="mt-1 max-w-prose text-pretty text-muted")
            if text is not None
            else rx.fragment(),
            class_name="min-w-0 grow basis-64",
        ),
        rx.el.div(actions, class_name="flex flex-wrap items-center gap-2")
        if actions is not None
        else rx.fragment(),
        class_name="flex flex-wrap items-start gap-x-4 gap-y-3",
    )


def page_body(*children: Any, narrow: bool = False, class_name: Any = "") -> rx.Component:
    """The column of a screen that is not a split view: margins, a readable width."""
    return rx.el.div(
        *children,
        class_name=classes(
            "mx-auto flex w-full flex-col gap-6 px-4 py-5 sm:px-6 lg:px-8 lg:py-8",
            "max-w-2xl" if narrow else "max-w-5xl",
            class_name,
        ),
    )


def pagination(
    text: Content,
    *,
    has_previous: bool | rx.Var,
    has_next: bool | rx.Var,
    on_previous: Any,
    on_next: Any,
) -> rx.Component:
    """Newer and older, with words between. `ui.pagination(t("x.page", n=S.page), …)`"""
    return rx.el.nav(
        icon_button(
            "chevron-left",
            t("ui.previous"),
            tip="top",
            disabled=_no(has_previous),
            on_click=on_previous,
        ),
        rx.el.span(text, class_name="text-small text-muted tabular-nums"),
        icon_button(
            "chevron-right", t("ui.next"), tip="top", disabled=_no(has_next), on_click=on_next
        ),
        aria_label=t("ui.pages"),
        class_name="flex items-center justify-center gap-3 py-2",
    )


def _no(value: bool | rx.Var) -> Any:
    return ~value.bool() if isinstance(value, rx.Var) else not value


def _back(href: Words) -> rx.Component:
    return rx.el.a(
        rx.icon("arrow-left", size=20),
        href=href,
        aria_label=t("ui.back"),
        class_name="-ml-2 grid size-11 shrink-0 place-items-center rounded-control text-muted hover:bg-hover hover:text-ink",
    )
