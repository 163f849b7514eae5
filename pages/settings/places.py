"""The ways from the settings to the screens that have a page of their own."""

from typing import Any

import reflex as rx

from components.permits import may
from components.text import t


def places() -> rx.Component:
    """Each is shown to those who may open it."""
    return rx.el.nav(
        _place("team", "users", "/settings/team", t("team.title"), t("team.text")),
        _place("audit", "scroll-text", "/settings/audit", t("trail.title"), t("trail.text")),
        _place("keys", "cpu", "/settings/model", t("model.title"), t("model.place")),
        _place(
            "configure",
            "radio",
            "/settings/channels",
            t("channels.title"),
            t("channels.place"),
        ),
        _place(
            "own", "life-buoy", "/settings/support", t("support.title"), t("support.text_short")
        ),
        _place(
            "inbox.read",
            "shield-check",
            "/settings/security",
            t("security.title"),
            t("security.place"),
        ),
        aria_label=t("settings.places"),
        class_name="grid gap-2 empty:hidden sm:gap-3 sm:grid-cols-2",
    )


def _place(permission: str, icon: str, href: str, title: Any, text: Any) -> rx.Component:
    return rx.cond(
        may(permission),
        rx.el.a(
            rx.el.span(
                rx.icon(icon, size=19),
                class_name="grid size-10 shrink-0 place-items-center rounded-control bg-accent-soft "
                "text-accent-ink",
            ),
            rx.el.span(
                rx.el.span(title, class_name="block font-bold"),
                rx.el.span(
                    text, class_name="block text-small text-pretty text-muted max-sm:hidden"
                ),
                class_name="min-w-0 grow",
            ),
            rx.icon("chevron-right", size=18, class_name="shrink-0 text-muted"),
            href=href,
            class_name="flex items-center gap-3 rounded-card border border-border bg-surface p-2.5 "
            "sm:p-4 "
            "shadow-card hover:bg-hover",
        ),
    )
