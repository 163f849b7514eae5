"""A line across the top of a panel that must be read."""

from typing import Any, Literal, TypeAlias

import reflex as rx

from components.text import t
from components.ui.button import icon_button
from components.ui.words import Content, classes

BannerTone: TypeAlias = Literal["info", "positive", "warning", "danger", "ai"]

_TONES: dict[str, tuple[str, str]] = {
    "info": ("info", "bg-info-soft text-info-ink"),
    "positive": ("circle-check", "bg-positive-soft text-positive-ink"),
    "warning": ("triangle-alert", "bg-warning-soft text-warning-ink"),
    "danger": ("circle-alert", "bg-danger-soft text-danger-ink"),
    "ai": ("sparkles", "bg-ai-soft text-ai-ink"),
}


def banner(
    text: Content,
    *,
    tone: BannerTone = "info",
    icon: str = "",
    action: rx.Component | None = None,
    on_dismiss: Any = None,
    class_name: Any = "",
) -> rx.Component:
    """A notice with an icon. `ui.banner(t("assistant.no_model"), tone="warning", action=…)`"""
    default_icon, look = _TONES[tone]
    return rx.el.div(
        rx.icon(icon or default_icon, size=18, class_name="mt-0.5 shrink-0"),
        rx.el.div(text, class_name="min-w-0 grow text-small font-medium"),
        action if action is not None else rx.fragment(),
        icon_button(
            "x", t("ui.dismiss"), size="sm", tip="", class_name="-my-1.5 -mr-2", on_click=on_dismiss
        )
        if on_dismiss is not None
        else rx.fragment(),
        role="alert" if tone == "danger" else "status",
        class_name=classes("flex items-start gap-3 rounded-control px-4 py-3", look, class_name),
    )
