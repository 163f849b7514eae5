"""A source in words and signs, wherever it is shown."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from state.locale import LocaleState

SCHEDULES = [
    ("never", t("sources.schedule_never")),
    ("daily", t("sources.schedule_daily")),
    ("weekly", t("sources.schedule_weekly")),
]


def icon_of(kind: Any) -> rx.Component:
    return rx.match(
        kind,
        ("page", rx.icon("globe", size=18)),
        ("sitemap", rx.icon("network", size=18)),
        ("whatsapp", rx.icon("message-circle", size=18)),
        rx.icon("file-text", size=18),
    )


def kind_of(kind: Any) -> rx.Var[str]:
    return rx.match(
        kind,
        ("page", t("sources.kind_page")),
        ("sitemap", t("sources.kind_sitemap")),
        ("whatsapp", t("sources.kind_whatsapp")),
        t("sources.kind_file"),
    )


def state_of(row: Any) -> rx.Component:
    """Its state; nothing for one that is simply in use."""
    return rx.match(
        row.state,
        ("queued", ui.badge(t("sources.state_queued"), icon="clock")),
        ("reading", ui.badge(t("sources.state_reading"), tone="ai", icon="loader-circle")),
        ("indexing", ui.badge(t("sources.state_indexing"), tone="ai", icon="loader-circle")),
        ("failed", ui.badge(t("sources.state_failed"), tone="danger", icon="circle-alert")),
        ("cancelled", ui.badge(t("sources.state_cancelled"), icon="ban")),
        rx.cond(
            row.enabled,
            ui.badge(t("sources.state_ready"), tone="positive", icon="circle-check"),
            ui.badge(t("sources.state_off"), icon="eye-off"),
        ),
    )


def progress_of(row: Any, class_name: str = "") -> rx.Component:
    return rx.cond(
        row.running & (row.total > 0),
        rx.el.div(
            ui.progress(
                row.done, maximum=row.total, label=t("sources.progress_label", name=row.name)
            ),
            rx.el.span(
                t("sources.progress", done=row.done, total=row.total),
                class_name="shrink-0 text-caption text-muted tabular-nums",
            ),
            class_name=ui.classes("flex max-w-sm items-center gap-3", class_name),
        ),
    )


def problem_of(row: Any, class_name: str = "") -> rx.Component:
    """What went wrong, or what of it is not used."""
    return rx.cond(
        row.problem != "",
        rx.el.p(
            rx.icon("triangle-alert", size=15, class_name="mt-0.5 shrink-0"),
            rx.el.span(rx.cond(LocaleState.is_english, row.problem_en, row.problem)),
            class_name=ui.classes(
                "flex items-start gap-1.5 text-small",
                rx.cond(row.state == "failed", "text-danger-ink", "text-warning-ink"),
                class_name,
            ),
        ),
    )
