"""A link in running text."""

from typing import Any

import reflex as rx

from components.ui.words import Content, Words, classes


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
