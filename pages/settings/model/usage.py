"""What the models took in the last 30 days."""

from typing import Any

import reflex as rx

from chatrigo.domain.model.calls import PURPOSES, FailureRow, PurposeRow
from components import ui, when
from components.numbers import duration, number, rupiah
from components.text import t
from state.model import BarRow, ModelState
from state.session import SessionState

OUTCOMES = ("timeout", "refused", "unreachable", "broken_off", "nonsense", "overloaded")


def usage() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("model.usage_title"), class_name="text-title font-bold"),
        rx.cond(
            ModelState.used.calls > 0,
            rx.fragment(_numbers(), _days(), _purposes(), _failures()),
            ui.card(
                ui.empty_state(
                    "chart-no-axes-column", t("model.usage_empty_title"), t("model.usage_empty")
                )
            ),
        ),
        class_name="flex flex-col gap-4",
    )


def _numbers() -> rx.Component:
    used = ModelState.used
    unpriced = used.unpriced > 0
    return rx.el.div(
        ui.stat(
            t("model.calls"),
            number(used.calls),
            icon="activity",
            note=t(
                "model.fallbacks_note",
                failures=number(used.failures),
                count=number(used.fallbacks),
            ),
        ),
        ui.stat(
            t("model.cost"),
            rx.cond(used.unpriced == used.calls, t("model.unknown"), rupiah(used.rupiah)),
            icon="banknote",
            note=rx.cond(unpriced, t("model.cost_unpriced", count=number(used.unpriced)), "\u00a0"),
        ),
        ui.stat(
            t("model.tokens"),
            number(used.input_tokens + used.output_tokens),
            icon="letter-text",
            note=t(
                "model.tokens_note",
                read=number(used.input_tokens),
                written=number(used.output_tokens),
            ),
        ),
        ui.stat(
            t("model.latency"),
            duration(used.p50),
            icon="timer",
            note=t("model.latency_note", p95=duration(used.p95)),
        ),
        class_name="grid grid-cols-2 gap-3 *:min-w-0",
    )


def _days() -> rx.Component:
    return ui.card(
        ui.card_header(t("model.by_day")),
        rx.el.ol(
            rx.foreach(ModelState.bars, _bar),
            class_name="flex h-28 items-end gap-px border-b border-border sm:gap-1",
        ),
        rx.el.div(
            rx.el.span(ModelState.bars[0].label),
            rx.el.span(ModelState.bars[-1].label),
            aria_hidden=True,
            class_name="mt-1 flex justify-between text-caption text-muted tabular-nums",
        ),
    )


def _bar(day: rx.Var[BarRow]) -> rx.Component:
    said = t(
        "model.day_calls", day=day.label, calls=number(day.calls), failures=number(day.failures)
    )
    return rx.el.li(
        rx.el.span(said, class_name="sr-only"),
        rx.el.span(
            aria_hidden=True,
            style={"height": day.failed_height.to_string() + "%"},
            class_name="w-full rounded-t-sm bg-danger",
        ),
        rx.el.span(
            aria_hidden=True,
            style={"height": day.height.to_string() + "%"},
            class_name="w-full bg-ai first:rounded-t-sm",
        ),
        title=said,
        class_name="flex h-full min-w-0 flex-1 flex-col justify-end rounded-t-sm hover:bg-hover",
    )


def _purposes() -> rx.Component:
    return ui.card(
        ui.table(
            [
                ui.Column(t("model.purpose"), lambda row: _purpose(row.purpose), lead=True),
                ui.Column(t("model.calls"), lambda row: number(row.calls), align="end"),
                ui.Column(t("model.tokens"), lambda row: number(row.tokens), align="end"),
                ui.Column(t("model.cost"), _cost, align="end"),
                ui.Column(t("model.failures"), lambda row: number(row.failures), align="end"),
            ],
            ModelState.used.purposes,
            caption=t("model.by_purpose"),
        ),
        padded=False,
    )


def _purpose(purpose: Any) -> Any:
    return rx.match(purpose, *[(name, t(f"model.purpose_{name}")) for name in PURPOSES], purpose)


def _cost(row: rx.Var[PurposeRow]) -> rx.Var[str]:
    return rx.cond(row.unpriced == row.calls, t("model.unknown"), rupiah(row.rupiah))


def _failures() -> rx.Component:
    return rx.cond(
        ModelState.used.latest_failures.length() > 0,
        ui.card(
            ui.card_header(t("model.latest_failures")),
            rx.el.ul(
                rx.foreach(ModelState.used.latest_failures, _failure),
                class_name="divide-y divide-border",
            ),
        ),
    )


def _failure(row: rx.Var[FailureRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.match(
                    row.outcome,
                    *[(name, t(f"model.outcome_{name}")) for name in OUTCOMES],
                    row.outcome,
                )
            ),
            rx.el.p(row.model, class_name="text-small break-words text-muted"),
            class_name="min-w-0 grow",
        ),
        when.brief(row.at, SessionState.zone, "shrink-0 text-small text-muted tabular-nums"),
        class_name="flex items-baseline gap-3 py-2",
    )
