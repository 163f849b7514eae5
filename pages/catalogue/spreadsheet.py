"""A file: choose it, look at what it brings, save."""

from typing import Any

import reflex as rx

from chatrigo.domain.catalogue.table_file import MAX_BYTES
from components import ui
from components.spreadsheet_drop import CSV, XLSX, spreadsheet_drop
from components.text import t
from state.catalogue import IMPORT, CatalogueState

UPLOAD = "catalogue-file"


def import_dialog() -> rx.Component:
    chosen = CatalogueState.import_rows.length() > 0
    return ui.dialog(
        IMPORT,
        t("catalogue.import_title"),
        rx.cond(chosen, _preview(), _drop_zone()),
        rx.cond(
            CatalogueState.import_error != "",
            ui.banner(CatalogueState.import_error, tone="danger"),
        ),
        actions=rx.cond(
            chosen, _choices(), ui.button(t("ui.cancel"), variant="secondary", data_close=True)
        ),
        on_close=CatalogueState.drop_file,
        sticky=True,
    )


def _choices() -> rx.Component:
    return rx.fragment(
        ui.button(
            t("catalogue.import_other"),
            variant="secondary",
            disabled=CatalogueState.importing,
            on_click=CatalogueState.drop_file,
        ),
        ui.button(
            t("catalogue.import_save", count=CatalogueState.import_ready),
            loading=CatalogueState.importing,
            disabled=CatalogueState.import_ready == 0,
            on_click=CatalogueState.save_import,
        ),
    )


def _drop_zone() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("catalogue.import_text"), class_name="text-pretty text-muted"),
        spreadsheet_drop(
            UPLOAD,
            t("catalogue.import_drop"),
            kinds=CSV | XLSX,
            most=MAX_BYTES,
            on_file=CatalogueState.read_file,
            on_rejected=CatalogueState.refuse_file,
        ),
    )


def _preview() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            ui.badge(
                t(
                    "catalogue.import_counts",
                    added=CatalogueState.import_added,
                    changed=CatalogueState.import_changed,
                ),
                tone="positive",
                icon="circle-check",
            ),
            rx.cond(
                CatalogueState.import_skipped > 0,
                ui.badge(
                    t("catalogue.import_skipped", count=CatalogueState.import_skipped),
                    tone="warning",
                    icon="triangle-alert",
                ),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.ul(
            rx.foreach(CatalogueState.import_rows, _line),
            aria_label=t("catalogue.import_preview"),
            class_name="max-h-[45dvh] divide-y divide-border overflow-y-auto rounded-card border "
            "border-border",
        ),
        rx.cond(
            CatalogueState.import_more > 0,
            rx.el.p(
                t("catalogue.import_more", count=CatalogueState.import_more),
                class_name="text-small text-muted",
            ),
        ),
    )


def _line(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            row.line, class_name="w-8 shrink-0 text-end text-caption text-muted tabular-nums"
        ),
        rx.el.div(
            rx.el.p(
                row.product,
                rx.cond(row.variant != "", rx.el.span(" · ", row.variant)),
                class_name="truncate font-semibold",
            ),
            rx.cond(
                row.problem != "",
                rx.el.p(row.problem, class_name="text-pretty text-warning-ink"),
                rx.el.p(row.price, class_name="truncate text-muted tabular-nums"),
            ),
            class_name="min-w-0 grow",
        ),
        rx.match(
            row.act,
            ("new", ui.badge(t("catalogue.import_new"), tone="positive")),
            ("changed", ui.badge(t("catalogue.import_changed"), tone="info")),
            ui.badge(t("catalogue.import_wrong"), tone="warning"),
        ),
        class_name="flex items-center gap-3 px-3 py-2 text-small",
    )
