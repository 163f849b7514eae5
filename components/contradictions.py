"""What contradicts itself: both sides, and the way to mend each."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant.instructions import FIELDS
from components import ui
from components.text import t
from state.contradictions import ContradictionsState

KINDS = ("amount", "clock", "percent", "yes_no", "title", "hours", "price")


def contradictions() -> rx.Component:
    """Nothing while there is none, unless a model could look deeper."""
    found = ContradictionsState.rows.length() + ContradictionsState.deeper.length()
    return rx.cond(
        (found > 0) | ContradictionsState.has_model,
        rx.el.details(
            rx.el.summary(
                rx.icon("chevron-right", size=16, class_name="shrink-0 group-open/said:rotate-90"),
                rx.el.span(t("contradictions.heading"), class_name="font-bold"),
                rx.cond(
                    found > 0,
                    ui.count(found, tone="sun"),
                    rx.el.span(t("contradictions.none"), class_name="text-small text-muted"),
                ),
                class_name="flex min-h-12 cursor-pointer list-none items-center gap-2 px-4 "
                "[&::-webkit-details-marker]:hidden",
            ),
            rx.el.div(
                rx.foreach(ContradictionsState.rows, _row),
                rx.foreach(ContradictionsState.deeper, _row),
                rx.cond(ContradictionsState.has_model, _deeper()),
                class_name="flex flex-col gap-3 px-4 pb-4",
            ),
            class_name="group/said rounded-card border border-border bg-surface",
        ),
    )


def _row(row: rx.Var[Any]) -> rx.Component:
    return rx.el.section(
        rx.el.p(
            rx.icon("triangle-alert", size=15, class_name="mt-0.5 shrink-0"),
            rx.match(
                row.kind,
                *[(kind, t(f"contradictions.{kind}")) for kind in KINDS],
                rx.cond(row.why != "", row.why, t("contradictions.model")),
            ),
            class_name="flex items-start gap-1.5 text-small font-semibold text-warning-ink",
        ),
        rx.el.div(
            _side(row.first),
            _side(row.second),
            class_name="grid gap-2 sm:grid-cols-2",
        ),
        class_name="flex flex-col gap-2",
    )


def _side(side: Any) -> rx.Component:
    where = rx.match(
        side.kind,
        ("product", f"/catalogue?entry={side.id}"),
        ("entry", f"/knowledge?entry={side.id}"),
        f"/assistant#{side.title}",
    )
    name = rx.match(
        side.kind,
        (
            "instructions",
            rx.match(
                side.title,
                *[(field, t(f"assistant.{field}")) for field in FIELDS],
                t("assistant.rules"),
            ),
        ),
        side.title,
    )
    return rx.el.a(
        rx.el.span(name, class_name="text-small font-semibold break-words"),
        rx.el.span(side.text, class_name="line-clamp-3 text-small break-words text-muted"),
        rx.el.span(
            t("contradictions.mend"), class_name="mt-1 text-caption font-semibold text-accent-ink"
        ),
        href=where,
        class_name="flex flex-col rounded-control border border-border bg-canvas px-3 py-2 "
        "hover:bg-hover",
    )


def _deeper() -> rx.Component:
    return rx.el.div(
        rx.cond(
            ContradictionsState.looked & (ContradictionsState.deeper.length() == 0),
            rx.el.p(t("contradictions.nothing_deeper"), class_name="grow text-small text-muted"),
            rx.el.p(t("contradictions.deeper_text"), class_name="grow text-small text-muted"),
        ),
        ui.button(
            t("contradictions.deeper"),
            variant="secondary",
            size="sm",
            icon="sparkles",
            loading=ContradictionsState.looking,
            on_click=ContradictionsState.look_deeper,
        ),
        class_name="flex flex-wrap items-center gap-3 border-t border-border pt-3",
    )
