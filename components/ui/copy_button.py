"""A button that copies a text."""

from typing import Any

import reflex as rx

from components.text import t
from components.ui.words import Words, classes


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
