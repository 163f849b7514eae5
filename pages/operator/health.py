"""Whether Chatrigo is well."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from pages.operator.frame import frame
from pages.operator.parts import number
from state.operator import OperatorState


def health() -> rx.Component:
    return frame(
        ui.page_header(
            t("operator.health"),
            t("operator.health_text"),
            actions=ui.button(
                t("operator.look_again"),
                variant="secondary",
                icon="refresh-cw",
                on_click=OperatorState.load_health,
            ),
        ),
        rx.el.div(
            _database(), _duties(), _model(), _machine(), class_name="grid gap-6 lg:grid-cols-2"
        ),
        _faults(),
        active="health",
        load=OperatorState.load_health,
    )


def _card(title: Any, verdict: rx.Component, rows: list[tuple[Any, Any]]) -> rx.Component:
    return ui.card(ui.card_header(title, action=verdict), ui.definition(rows))


def _well(bad: Any, words: Any) -> rx.Component:
    return rx.cond(
        bad,
        ui.badge(words, tone="danger", icon="triangle-alert"),
        ui.badge(t("operator.well"), tone="positive", icon="circle-check"),
    )


def _database() -> rx.Component:
    seen, newest = OperatorState.health, OperatorState.machine.newest
    return _card(
        t("operator.database"),
        _well(seen.revision != newest, t("operator.migrate")),
        [
            ("PostgreSQL", seen.database),
            (t("operator.size"), number(seen.megabytes) + " MB"),
            (t("operator.connections"), number(seen.connections)),
            (t("operator.migration"), seen.revision + " / " + newest),
        ],
    )


def _duties() -> rx.Component:
    seen = OperatorState.health
    last = seen.last_failed + " · " + seen.last_failed_at
    return _card(
        t("operator.duties"),
        _well(
            seen.stuck | (seen.failed > 0),
            rx.cond(seen.stuck, t("operator.stuck"), t("operator.failures")),
        ),
        [
            (t("operator.waiting"), number(seen.waiting)),
            (t("operator.running"), number(seen.running)),
            (t("operator.later"), number(seen.later)),
            (t("operator.failed_7"), number(seen.failed)),
            (t("operator.last_failure"), rx.cond(seen.last_failed != "", last, "–")),
        ],
    )


def _model() -> rx.Component:
    seen, machine = OperatorState.health, OperatorState.machine
    standing = rx.match(
        machine.model,
        ("ok", ui.badge(t("operator.model_ok"), tone="positive", icon="circle-check")),
        ("refused", ui.badge(t("operator.model_refused"), tone="danger", icon="triangle-alert")),
        ("silent", ui.badge(t("operator.model_silent"), tone="danger", icon="triangle-alert")),
        ui.badge(t("operator.model_none")),
    )
    return _card(
        t("operator.model"),
        standing,
        [
            (t("operator.model_name"), rx.cond(machine.model_name != "", machine.model_name, "–")),
            (t("operator.model_failed"), rx.cond(seen.model_failed != "", seen.model_failed, "–")),
        ],
    )


def _machine() -> rx.Component:
    machine = OperatorState.machine
    return _card(
        t("operator.machine"),
        _well(machine.disk_low, t("operator.disk_low")),
        [
            (t("operator.process"), machine.process),
            (t("operator.disk_free"), number(machine.disk_free_gigabytes) + " GB"),
            (t("operator.screens"), number(machine.screens)),
            (t("operator.versions"), machine.versions),
        ],
    )


def _faults() -> rx.Component:
    return ui.card(
        rx.el.div(
            ui.card_header(t("operator.faults"), t("operator.faults_text")),
            class_name="p-4 pb-0 sm:p-6 sm:pb-0",
        ),
        rx.cond(
            OperatorState.faults,
            ui.table(
                [
                    ui.Column(t("operator.fault_id"), lambda row: ui.kbd(row.id), lead=True),
                    ui.Column(t("operator.fault_at"), lambda row: row.at),
                    ui.Column(t("operator.fault_where"), lambda row: row.where),
                    ui.Column(t("operator.fault_kind"), lambda row: row.kind),
                ],
                OperatorState.faults,
                caption=t("operator.faults"),
            ),
            rx.el.p(t("operator.no_faults"), class_name="px-4 pb-4 text-muted sm:px-6 sm:pb-6"),
        ),
        padded=False,
    )
