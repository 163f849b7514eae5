"""Buttons, and links that look like buttons."""

from typing import Any, Literal, TypeAlias

import reflex as rx

from components.ui.spinner import spinner
from components.ui.words import Words, classes, when

Variant: TypeAlias = Literal[
    "primary", "secondary", "soft", "ghost", "inverse", "danger", "danger-quiet"
]
Size: TypeAlias = Literal["sm", "md", "lg"]

_BASE = (
    "inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-semibold "
    "whitespace-nowrap select-none transition-[background-color,color,border-color,scale] "
    "duration-100 active:scale-[0.98] disabled:opacity-55 disabled:active:scale-100"
)
_VARIANTS: dict[str, str] = {
    "primary": "bg-accent text-accent-contrast hover:bg-accent-hover",
    "secondary": "border border-strong bg-surface text-ink hover:bg-hover",
    "soft": "bg-accent-soft text-accent-ink hover:bg-accent hover:text-accent-contrast",
    "ghost": "text-ink hover:bg-hover",
    "inverse": "bg-panel-contrast text-panel hover:bg-panel-contrast/90",
    "danger": "bg-danger text-danger-contrast hover:bg-danger-hover",
    "danger-quiet": "text-danger-ink hover:bg-danger-soft",
}
_SIZES: dict[str, str] = {
    "sm": "min-h-9 px-3 text-small",
    "md": "min-h-11 px-4 text-body",
    "lg": "min-h-13 px-6 text-lead",
}
_SQUARES: dict[str, str] = {"sm": "size-9", "md": "size-11", "lg": "size-13"}
_ICON_PIXELS: dict[str, int] = {"sm": 16, "md": 18, "lg": 20}


def button(
    label: Words,
    *,
    variant: Variant = "primary",
    size: Size = "md",
    icon: str = "",
    icon_after: str = "",
    loading: bool | rx.Var = False,
    full: bool = False,
    class_name: Any = "",
    **props: Any,
) -> rx.Component:
    """
    A button. `loading` shows a spinner and refuses clicks; inside a form pass `type="submit"`.

    `ui.button(t("inbox.resolve"), icon="check", on_click=InboxState.resolve)`
    """
    props.setdefault("type", "button")
    disabled = props.pop("disabled", False)
    return rx.el.button(
        when(loading, spinner(), _icon(icon, size)),
        label,
        _icon(icon_after, size),
        class_name=_look(variant, size, full, class_name),
        disabled=_either(loading, disabled),
        aria_busy=loading,
        **props,
    )


def link_button(
    label: Words,
    href: str | rx.Var,
    *,
    variant: Variant = "primary",
    size: Size = "md",
    icon: str = "",
    icon_after: str = "",
    full: bool = False,
    class_name: Any = "",
    **props: Any,
) -> rx.Component:
    """
    A link that looks like a button. To a backend route pass `reload_document=True`.

    `ui.link_button(t("landing.sign_up"), "/sign-up", size="lg")`
    """
    return rx.el.a(
        _icon(icon, size),
        label,
        _icon(icon_after, size),
        href=href,
        class_name=_look(variant, size, full, class_name),
        **props,
    )


def icon_button(
    icon: str,
    label: Words,
    *,
    variant: Variant = "ghost",
    size: Size = "md",
    tip: Literal["top", "bottom", "left", "right", ""] = "bottom",
    loading: bool | rx.Var = False,
    class_name: Any = "",
    **props: Any,
) -> rx.Component:
    """
    A square button with an icon; `label` is its name for screen readers and its tooltip.

    `ui.icon_button("archive", t("inbox.archive"), on_click=InboxState.archive)`
    """
    props.setdefault("type", "button")
    disabled = props.pop("disabled", False)
    tooltip = {"data_tip": label, "data_tip_side": tip} if tip else {}
    return rx.el.button(
        when(loading, spinner(), _icon(icon, size)),
        aria_label=label,
        disabled=_either(loading, disabled),
        class_name=classes(_BASE, _VARIANTS[variant], _SQUARES[size], class_name),
        **tooltip,
        **props,
    )


def _look(variant: str, size: str, full: bool, extra: Any) -> Any:
    return classes(_BASE, _VARIANTS[variant], _SIZES[size], "w-full" if full else "", extra)


def _icon(name: str, size: str) -> rx.Component:
    return rx.icon(name, size=_ICON_PIXELS[size]) if name else rx.fragment()


def _either(first: bool | rx.Var, second: bool | rx.Var) -> Any:
    """Python's `or` is not for Vars."""
    if isinstance(first, bool) and isinstance(second, bool):
        return first or second
    return rx.Var.create(first).bool() | rx.Var.create(second).bool()
