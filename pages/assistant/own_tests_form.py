"""One test as a form, deleting one, and tests from a CSV file."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant.testing import cases
from chatrigo.domain.csv_text import MAX_BYTES
from components import ui
from components.spreadsheet_drop import CSV, spreadsheet_drop
from components.text import t
from state.own_tests import DELETE, FORM, IMPORT, OwnTestsState

FIELDS = "case-fields"
UPLOAD = "cases-csv"


def form_dialog() -> rx.Component:
    form = OwnTestsState.form
    return ui.dialog(
        FORM,
        rx.cond(form.id > 0, t("own_tests.form_edit"), t("own_tests.form_new")),
        rx.cond(form.from_conversation, ui.banner(t("own_tests.from_conversation"), tone="info")),
        rx.el.form(
            ui.textarea_field(
                "turns",
                t("own_tests.turns"),
                hint=t("own_tests.turns_hint"),
                error=_error("turns"),
                placeholder=t("own_tests.turns_placeholder"),
                default_value=form.turns,
                rows="3",
            ),
            ui.textarea_field(
                "facts",
                t("own_tests.facts"),
                hint=t("own_tests.facts_hint"),
                error=_error("facts"),
                placeholder=t("own_tests.facts_placeholder"),
                default_value=form.facts,
                rows="2",
            ),
            ui.textarea_field(
                "forbidden",
                t("own_tests.forbidden"),
                hint=t("own_tests.forbidden_hint"),
                error=_error("forbidden"),
                default_value=form.forbidden,
                rows="2",
            ),
            ui.select_field(
                "expected",
                t("own_tests.expected"),
                [(each, t(f"own_tests.action_{each}")) for each in cases.EXPECTED],
                error=_error("expected"),
                default_value=form.expected,
            ),
            ui.input_field(
                "name",
                t("own_tests.name"),
                id="case-name",
                hint=t("own_tests.name_hint"),
                error=_error("name"),
                default_value=form.name,
                max_length=cases.MAX_NAME,
                optional=True,
                auto_complete="off",
            ),
            id=FIELDS,
            key=form.version,
            on_submit=OwnTestsState.save,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(
                t("own_tests.save"), type="submit", form=FIELDS, loading=OwnTestsState.saving
            ),
        ),
        sticky=True,
    )


def delete_dialog() -> rx.Component:
    return ui.confirm_dialog(
        DELETE,
        t("own_tests.delete_title"),
        t("own_tests.delete_text", name=OwnTestsState.deleting_name),
        confirm=t("own_tests.delete_confirm"),
        on_confirm=OwnTestsState.delete,
    )


def import_dialog() -> rx.Component:
    chosen = OwnTestsState.import_rows.length() > 0
    return ui.dialog(
        IMPORT,
        t("own_tests.import_title"),
        rx.cond(chosen, _preview(), _drop_zone()),
        rx.cond(
            OwnTestsState.import_error != "", ui.banner(OwnTestsState.import_error, tone="danger")
        ),
        actions=rx.cond(
            chosen,
            rx.fragment(
                ui.button(
                    t("own_tests.import_other"),
                    variant="secondary",
                    on_click=OwnTestsState.drop_file,
                ),
                ui.button(
                    t("own_tests.import_save", count=OwnTestsState.import_ready),
                    disabled=OwnTestsState.import_ready == 0,
                    on_click=OwnTestsState.save_import,
                ),
            ),
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
        ),
        on_close=OwnTestsState.drop_file,
        sticky=True,
    )


def _drop_zone() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("own_tests.import_text"), class_name="text-muted"),
        spreadsheet_drop(
            UPLOAD,
            t("own_tests.import_drop"),
            kinds=CSV,
            most=MAX_BYTES,
            on_file=OwnTestsState.read_file,
            on_rejected=OwnTestsState.refuse_file,
        ),
    )


def _preview() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            ui.badge(
                t("own_tests.import_ready", count=OwnTestsState.import_ready),
                tone="positive",
                icon="circle-check",
            ),
            rx.cond(
                OwnTestsState.import_skipped > 0,
                ui.badge(
                    t("own_tests.import_skipped", count=OwnTestsState.import_skipped),
                    tone="warning",
                    icon="triangle-alert",
                ),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.ul(
            rx.foreach(OwnTestsState.import_rows, _import_row),
            aria_label=t("own_tests.import_title"),
            class_name="max-h-[45dvh] divide-y divide-border overflow-y-auto rounded-card border "
            "border-border",
        ),
        rx.cond(
            OwnTestsState.import_more > 0,
            rx.el.p(
                t("own_tests.import_more", count=OwnTestsState.import_more),
                class_name="text-small text-muted",
            ),
        ),
    )


def _import_row(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            row.line, class_name="w-8 shrink-0 text-end text-caption text-muted tabular-nums"
        ),
        rx.el.div(
            rx.el.p(row.name, class_name="truncate font-semibold"),
            rx.el.p(row.turns, class_name="truncate text-muted"),
            rx.cond(
                row.problem != "",
                rx.el.p(row.problem, class_name="text-caption text-warning-ink"),
            ),
            class_name="min-w-0 grow",
        ),
        rx.cond(
            row.problem == "",
            ui.badge(t("own_tests.import_ok"), tone="positive"),
            ui.badge(t("own_tests.import_bad"), tone="warning"),
        ),
        class_name="flex items-center gap-3 px-3 py-2 text-small",
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(OwnTestsState.error_field == field, OwnTestsState.error, "")
