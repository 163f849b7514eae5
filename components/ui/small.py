"""Small things: keys, times, progress, copying, tooltips, dividers, links, the logo."""

from typing import Any, Literal

import reflex as rx

from components.text import t
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


def copy_button(text: Words, *, label: Words | None = None, class_name: Any = "") -> rx.Component:
    """Copies `text`, then says so for a moment. `ui.copy_button(S.address)`"""
    return rx.el.button(
        rx.el.span(
            rx.icon("copy", size=16),
            t("ui.copy") if label is None else label,
            class_name="inline-flex items-center gap-2 group-data-[copied]:hidden",
        ),
        rx.el.span(
            rx.icon("check", size=16),
            t("ui.copied"),
            role="status",
            class_name="hidden items-center gap-2 group-data-[copied]:inline-flex",
        ),
        type="button",
        data_copy=text,
        class_name=classes(
            "group inline-flex min-h-9 shrink-0 items-center rounded-control border border-strong "
            "bg-surface px-3 text-small font-semibold whitespace-nowrap hover:bg-hover "
            "data-[copied]:border-positive data-[copied]:text-positive-ink",
            class_name,
        ),
    )


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


def link(text: Content, href: Words, *, class_name: Any = "", **props: Any) -> rx.Component:
    """A link in running text. `ui.link(t("auth.sign_in"), "/sign-in")`"""
    return rx.el.a(
        text,
        href=href,
        class_name=classes(
            "rounded-sm font-semibold text-accent-ink underline decoration-1 underline-offset-4 "
            "hover:decoration-2",
            class_name,
        ),
        **props,
    )


def logo(*, words: bool = True, class_name: Any = "") -> rx.Component:
    """The mark, with the name beside it unless `words=False`. `ui.logo()`"""
    return rx.el.span(
        rx.el.img(src="/favicon.svg", alt="" if words else "Chatrigo", class_name="size-8"),
        rx.el.span("Chatrigo", class_name="text-title font-extrabold tracking-tight")
        if words
        else rx.fragment(),
        class_name=classes("inline-flex items-center gap-2.5", class_name),
    )
