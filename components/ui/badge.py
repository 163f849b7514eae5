"""Small words with a colour: statuses, counts, labels."""

from typing import Any, Literal, TypeAlias

import reflex as rx

from components.text import t
from components.ui.words import Words, classes

Tone: TypeAlias = Literal["neutral", "accent", "ai", "sun", "positive", "warning", "danger", "info"]
LABEL_COLORS = ("red", "orange", "amber", "green", "teal", "blue", "violet", "pink")

_SHAPE = (
    "inline-flex h-6 max-w-full shrink-0 items-center gap-1 rounded-full px-2.5 "
    "text-caption font-semibold whitespace-nowrap"
)
_TONES: dict[str, str] = {
    "neutral": "bg-sunken text-muted",
    "accent": "bg-accent-soft text-accent-ink",
    "ai": "bg-ai-soft text-ai-ink",
    "sun": "bg-sun-soft text-sun-ink",
    "positive": "bg-positive-soft text-positive-ink",
    "warning": "bg-warning-soft text-warning-ink",
    "danger": "bg-danger-soft text-danger-ink",
    "info": "bg-info-soft text-info-ink",
}


def badge(
    text: Words, *, tone: Tone = "neutral", icon: str = "", class_name: Any = ""
) -> rx.Component:
    """A status. `ui.badge(t("inbox.open"), tone="positive", icon="circle-dot")`"""
    return rx.el.span(
        rx.icon(icon, size=13, class_name="shrink-0") if icon else rx.fragment(),
        rx.el.span(text, class_name="truncate"),
        class_name=classes(_SHAPE, _TONES[tone], class_name),
    )


def chip(
    text: Words, color: Words = "teal", *, on_remove: Any = None, class_name: Any = ""
) -> rx.Component:
    """
    A label in one of LABEL_COLORS (a Var will do), with a cross when `on_remove` is given.

    `rx.foreach(S.labels, lambda label: ui.chip(label.name, label.color))`
    """
    return rx.el.span(
        rx.el.span(text, class_name="truncate"),
        _remove(text, on_remove) if on_remove is not None else rx.fragment(),
        data_color=color,
        class_name=classes(_SHAPE, "tinted", class_name),
    )


def count(
    number: Any, *, tone: Literal["sun", "accent", "danger"] = "sun", class_name: Any = ""
) -> rx.Component:
    """A number in a dot. `ui.count(S.unread, tone="accent")`"""
    tones = {
        "sun": "bg-sun text-sun-contrast",
        "accent": "bg-accent text-accent-contrast",
        "danger": "bg-danger text-danger-contrast",
    }
    return rx.el.span(
        number,
        class_name=classes(
            "inline-grid h-5 min-w-5 shrink-0 place-items-center rounded-full px-1.5 "
            "text-caption font-bold tabular-nums",
            tones[tone],
            class_name,
        ),
    )


def dot(tone: Literal["positive", "sun", "danger", "muted", "ai"] = "positive") -> rx.Component:
    """A coloured point beside words that say the same. `ui.dot("sun")`"""
    tones = {
        "positive": "bg-positive",
        "sun": "bg-sun",
        "danger": "bg-danger",
        "muted": "bg-strong",
        "ai": "bg-ai",
    }
    return rx.el.span(
        class_name=f"inline-block size-2 shrink-0 rounded-full {tones[tone]}", aria_hidden=True
    )


def _remove(text: Words, on_remove: Any) -> rx.Component:
    return rx.el.button(
        rx.icon("x", size=13),
        type="button",
        aria_label=t("ui.remove_named", name=text),
        on_click=on_remove,
        class_name="-mr-1.5 grid size-5 place-items-center rounded-full hover:bg-surface",
    )
