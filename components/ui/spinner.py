"""Signs that something is on its way."""

import reflex as rx

from components.text import t
from components.ui.words import Words


def spinner(size: int = 18) -> rx.Component:
    """A turning ring in the colour of the text; decoration only. `ui.spinner()`"""
    return rx.el.span(class_name="spinner", style={"font_size": f"{size}px"}, aria_hidden=True)


def loading(label: Words | None = None) -> rx.Component:
    """A spinner with a word, centred, for a panel that waits. `ui.loading()`"""
    return rx.el.div(
        spinner(22),
        rx.el.span(t("ui.loading") if label is None else label),
        role="status",
        class_name="flex items-center justify-center gap-3 p-8 text-muted",
    )


def skeleton(class_name: str = "h-4 w-full") -> rx.Component:
    """A grey block in the place of something that loads. `ui.skeleton("h-4 w-32")`"""
    return rx.el.div(class_name=f"skeleton {class_name}", aria_hidden=True)


def skeleton_list(rows: int = 6) -> rx.Component:
    """Rows of avatar and two lines, for a list that loads. `ui.skeleton_list()`"""
    return rx.el.div(
        rx.el.span(t("ui.loading"), class_name="sr-only"),
        *[_skeleton_row(index) for index in range(rows)],
        role="status",
        class_name="flex flex-col",
    )


def typing_dots(label: Words | None = None) -> rx.Component:
    """Three dots that move while somebody writes. `ui.typing_dots()`"""
    return rx.el.span(
        rx.el.i(),
        rx.el.i(),
        rx.el.i(),
        role="img",
        aria_label=t("ui.typing") if label is None else label,
        class_name="typing",
    )


def _skeleton_row(index: int) -> rx.Component:
    widths = ("w-2/3", "w-1/2", "w-3/4", "w-3/5")
    return rx.el.div(
        skeleton("size-11 rounded-full shrink-0"),
        rx.el.div(
            skeleton("h-3.5 w-2/5"),
            skeleton(f"h-3 {widths[index % 4]}"),
            class_name="flex grow flex-col gap-2.5",
        ),
        class_name="flex items-center gap-3 px-4 py-3.5",
    )
