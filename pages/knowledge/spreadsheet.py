"""CSV: choose a file, look at what it brings, save."""

from typing import Any

import reflex as rx

from chatrigo.domain.knowledge.spreadsheet import MAX_BYTES
from components import ui
from components.spreadsheet_drop import CSV, spreadsheet_drop
from components.text import t
from state.knowledge import IMPORT, KnowledgeState

UPLOAD = "csv"


def import_dialog() -> rx.Component:
    chosen = KnowledgeState.import_rows.length() > 0
    return ui.dialog(
        IMPORT,
        t("knowledge.import_title"),
        rx.cond(chosen, _preview(), _drop_zone()),
        rx.cond(
            KnowledgeState.import_error != "",
            ui.banner(KnowledgeState.import_error, tone="danger"),
        ),
        actions=rx.cond(
            chosen, _choices(), ui.button(t("ui.cancel"), variant="secondary", data_close=True)
        ),
        on_close=KnowledgeState.drop_file,
        sticky=True,
    )


def _choices() -> rx.Component:
    return rx.fragment(
        ui.button(
            t("knowledge.import_other"),
            variant="secondary",
            disabled=KnowledgeState.importing,
            on_click=KnowledgeState.drop_file,
        ),
        ui.button(
            t("knowledge.import_save", count=KnowledgeState.import_ready),
            loading=KnowledgeState.importing,
            disabled=KnowledgeState.import_ready == 0,
            on_click=KnowledgeState.save_import,
        ),
    )


def _drop_zone() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("knowledge.import_text"), class_name="text-muted"),
        spreadsheet_drop(
            UPLOAD,
            t("knowledge.import_drop"),
            kinds=CSV,
            most=MAX_BYTES,
            on_file=KnowledgeState.read_file,
            on_rejected=KnowledgeState.refuse_file,
        ),
    )


def _preview() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            ui.badge(
                t("knowledge.import_ready", count=KnowledgeState.import_ready),
                tone="positive",
                icon="circle-check",
            ),
            rx.cond(
                KnowledgeState.import_skipped > 0,
                ui.badge(
                    t("knowledge.import_skipped", count=KnowledgeState.import_skipped),
                    tone="warning",
                    icon="triangle-alert",
                ),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.ul(
            rx.foreach(KnowledgeState.import_rows, _import_row),
            aria_label=t("knowledge.import_preview"),
            class_name="max-h-[45dvh] divide-y divide-border overflow-y-auto rounded-card border "
            "border-border",
        ),
        rx.cond(
            KnowledgeState.import_more > 0,
            rx.el.p(
                t("knowledge.import_more", count=KnowledgeState.import_more),
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
            rx.el.p(row.title, class_name="truncate font-semibold"),
            rx.el.p(row.body, class_name="truncate text-muted"),
            class_name="min-w-0 grow",
        ),
        rx.match(
            row.problem,
            ("", ui.badge(t("knowledge.import_ok"), tone="positive")),
            *[
                (problem, ui.badge(t(f"knowledge.problem_{problem}"), tone="warning"))
                for problem in (
                    "question_missing",
                    "question_long",
                    "answer_missing",
                    "answer_long",
                    "title_missing",
                    "title_long",
                    "text_missing",
                    "text_long",
                )
            ],
            ui.badge(t("knowledge.problem_duplicate"), tone="warning"),
        ),
        class_name="flex items-center gap-3 px-3 py-2 text-small",
    )
