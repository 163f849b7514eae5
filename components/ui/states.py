"""What a panel shows when it has nothing to show."""

from typing import Any

import reflex as rx

from components.text import t
from components.ui.button import button
from components.ui.words import Words, classes


def empty_state(
    icon: str,
    title: Words,
    text: Words,
    action: rx.Component | None = None,
    *,
    class_name: Any = "",
) -> rx.Component:
    """
    Nothing here yet, and what to do about it.

    `ui.empty_state("inbox", t("inbox.empty"), t("inbox.empty_text"), ui.button(…))`
    """
    return _centred(
        icon, "bg-accent-soft text-accent-ink", title, text, action, "status", class_name
    )


def error_state(
    retry: Any = None,
    *,
    title: Words | None = None,
    text: Words | None = None,
    class_name: Any = "",
) -> rx.Component:
    """Something failed; `retry` is the event that tries again. `ui.error_state(S.load)`"""
    return _centred(
        "cloud-off",
        "bg-danger-soft text-danger-ink",
        t("ui.error_title") if title is None else title,
        t("ui.error_text") if text is None else text,
        button(t("ui.retry"), variant="secondary", icon="rotate-cw", on_click=retry)
        if retry is not None
        else None,
        "alert",
        class_name,
    )


def _centred(
    icon: str,
    tone: str,
    title: Words,
    text: Words,
    action: rx.Component | None,
    role: str,
    extra: Any,
) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.icon(icon, size=26),
            class_name=f"mb-1 grid size-14 place-items-center rounded-card {tone}",
        ),
        rx.el.h2(title, class_name="text-title font-bold"),
        rx.el.p(text, class_name="max-w-sm text-pretty text-muted"),
        rx.el.div(action, class_name="mt-3") if action is not None else rx.fragment(),
        role=role,
        class_name=classes(
            "flex flex-col items-center justify-center gap-1.5 px-6 py-12 text-center", extra
        ),
    )
