"""The mark of the product."""

from typing import Any

import reflex as rx

from components.ui.words import classes


def logo(*, words: bool = True, class_name: Any = "") -> rx.Component:
    """The mark, with the name beside it unless `words=False`. `ui.logo()`"""
    return rx.el.span(
        rx.el.img(src="/favicon.svg", alt="" if words else "Chatrigo", class_name="size-8"),
        rx.el.span("Chatrigo", class_name="text-title font-extrabold tracking-tight")
        if words
        else rx.fragment(),
        class_name=classes("inline-flex items-center gap-2.5", class_name),
    )
