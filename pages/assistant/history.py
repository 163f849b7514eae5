"""The versions: who wrote and published them and when, compared field by field, and going back."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant import versions
from components import ui, when
from components.text import t
from pages.assistant.form import field_name
from state.assistant_history import ROLL_BACK, HistoryState

FORM = "roll-back-form"


def body() -> rx.Component:
    return rx.el.div(
        rx.cond(HistoryState.first > 0, _comparison()),
        rx.cond(
            HistoryState.rows.length() > 0,
            rx.el.ol(
                rx.foreach(HistoryState.rows, _version),
                aria_label=t("assistant.tab_history"),
                class_name="flex flex-col gap-3",
            ),
            ui.empty_state("history", t("assistant.no_history"), t("assistant.no_history_text")),
        ),
        _roll_back_dialog(),
        class_name="flex flex-col gap-6",
    )


def _version(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.span(t("assistant.version", number=row.number), class_name="font-bold"),
                rx.match(
                    row.state,
                    ("published", ui.badge(t("assistant.state_published"), tone="positive")),
                    ("draft", ui.badge(t("assistant.state_draft"), tone="sun")),
                    ui.badge(t("assistant.state_archived"), tone="neutral"),
                ),
                rx.cond(
                    row.failures > 0,
                    ui.badge(
                        t("assistant.with_failures", count=row.failures),
                        tone="warning",
                        icon="triangle-alert",
                    ),
                ),
                class_name="flex flex-wrap items-center gap-2",
            ),
            rx.cond(row.note != "", rx.el.p(row.note, class_name="text-pretty break-words")),
            rx.cond(
                row.reason != "",
                rx.el.p(
                    t("assistant.because", reason=row.reason),
                    class_name="text-small text-pretty break-words text-warning-ink",
                ),
            ),
            _who_and_when(row),
            class_name="flex min-w-0 grow basis-64 flex-col gap-1",
        ),
        rx.el.div(
            ui.button(
                t("assistant.compare"),
                variant="secondary",
                size="sm",
                on_click=HistoryState.compare_with_live(row.number),
            ),
            rx.cond(
                row.state == "archived",
                ui.button(
                    t("assistant.roll_back"),
                    variant="secondary",
                    size="sm",
                    icon="undo-2",
                    on_click=HistoryState.ask_roll_back(row.number),
                ),
            ),
            rx.cond(
                row.state == "draft",
                ui.link_button(t("assistant.edit"), "/assistant", variant="secondary", size="sm"),
            ),
            class_name="flex flex-wrap items-center gap-2",
        ),
        class_name="flex flex-wrap items-center gap-3 rounded-card border border-border bg-surface "
        "px-4 py-3",
    )


def _who_and_when(row: Any) -> rx.Component:
    at, who = (
        rx.cond(row.published_at != "", row.published_at, row.updated_at),
        rx.cond(row.published_at != "", row.published_by, row.changed_by),
    )
    said = rx.cond(row.published_at != "", t("assistant.was_published"), t("assistant.was_changed"))
    return rx.el.p(
        said,
        " ",
        when.brief(at, HistoryState.zone),
        rx.cond(who != "", rx.el.span(" · ", who)),
        rx.cond(
            row.from_number > 0,
            rx.el.span(" · ", t("assistant.from_version", number=row.from_number)),
        ),
        class_name="text-small text-muted",
    )


def _comparison() -> rx.Component:
    return ui.card(
        rx.el.div(
            rx.el.h2(t("assistant.compared"), class_name="text-lead font-bold"),
            ui.icon_button(
                "x",
                t("ui.close"),
                size="sm",
                tip="left",
                on_click=HistoryState.stop_comparing,
            ),
            class_name="flex items-start justify-between gap-2",
        ),
        rx.el.div(
            _choice(t("assistant.compare_from"), HistoryState.first, HistoryState.compare_from),
            rx.icon("arrow-right", size=18, class_name="shrink-0 text-muted"),
            _choice(t("assistant.compare_to"), HistoryState.second, HistoryState.compare_to),
            rx.el.span(
                t("assistant.changes", count=HistoryState.changed),
                class_name="text-small text-muted",
            ),
            ui.checkbox(
                "all-fields",
                t("assistant.all_fields"),
                checked=~HistoryState.only_changes,
                on_change=HistoryState.show_all,
            ),
            class_name="mt-2 mb-4 flex flex-wrap items-center gap-3",
        ),
        rx.cond(
            (HistoryState.changed == 0) & HistoryState.only_changes,
            rx.el.p(t("assistant.no_changes"), class_name="py-4 text-center text-muted"),
            rx.el.dl(rx.foreach(HistoryState.fields, _field), class_name="flex flex-col gap-4"),
        ),
        id="compared",
    )


def _choice(label: Any, chosen: Any, on_change: Any) -> rx.Component:
    return rx.el.div(
        ui.select(
            rx.foreach(
                HistoryState.rows,
                lambda row: rx.el.option(
                    t("assistant.version", number=row.number), value=row.number.to(str)
                ),
            ),
            aria_label=label,
            value=chosen.to(str),
            on_change=on_change,
        ),
        class_name="w-36",
    )


def _field(field: rx.Var[Any]) -> rx.Component:
    return rx.cond(
        field.changed | ~HistoryState.only_changes,
        rx.el.div(
            rx.el.dt(field_name(field.field), class_name="text-small font-bold"),
            rx.el.dd(
                rx.cond(
                    field.pieces.length() > 0,
                    rx.foreach(field.pieces, _piece),
                    rx.el.span(t("assistant.empty_field"), class_name="text-muted italic"),
                ),
                class_name="mt-1 rounded-control bg-sunken px-3 py-2 break-words whitespace-pre-wrap",
            ),
        ),
    )


def _piece(piece: rx.Var[Any]) -> rx.Component:
    """Struck out and underlined as well as coloured: colour alone tells nothing to some."""
    return rx.match(
        piece.kind,
        (
            "gone",
            rx.el.del_(
                piece.text, class_name="rounded-small bg-danger-soft text-danger-ink line-through"
            ),
        ),
        (
            "new",
            rx.el.ins(
                piece.text,
                class_name="rounded-small bg-positive-soft text-positive-ink underline",
            ),
        ),
        rx.el.span(piece.text),
    )


def _roll_back_dialog() -> rx.Component:
    return ui.dialog(
        ROLL_BACK,
        t("assistant.roll_back_title", number=HistoryState.back_to),
        rx.el.p(t("assistant.roll_back_text"), class_name="text-muted"),
        rx.el.form(
            ui.input_field(
                "note",
                t("assistant.note"),
                optional=True,
                max_length=versions.MAX_NOTE,
                auto_complete="off",
            ),
            id=FORM,
            on_submit=HistoryState.roll_back,
            reset_on_submit=True,
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(t("assistant.roll_back"), type="submit", form=FORM),
        ),
    )
