"""Labels."""

from typing import Any

import reflex as rx

from chatrigo.domain.settings.labels import COLOURS, MAX_NAME
from components import ui
from components.text import t
from pages.settings.parts import dialog_actions, error_at, row_buttons
from state.settings import LABEL, LABEL_DELETE, SettingsState


def labels() -> rx.Component:
    add = ui.button(
        t("settings.label_add"), icon="plus", size="sm", on_click=SettingsState.compose_label
    )
    return ui.card(
        rx.el.div(
            ui.card_header(t("settings.labels"), t("settings.labels_text"), action=add),
            class_name="px-4 pt-4 sm:px-6 sm:pt-6",
        ),
        rx.cond(
            SettingsState.labels.length() > 0,
            rx.el.ul(
                rx.foreach(SettingsState.labels, _label),
                class_name="divide-y divide-border border-t border-border",
            ),
            ui.empty_state("tag", t("settings.labels_empty"), t("settings.labels_empty_text")),
        ),
        padded=False,
    )


def _label(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.div(ui.chip(row.name, row.colour), class_name="flex min-w-0 grow"),
        rx.el.span(
            t("settings.label_uses", count=row.conversations),
            class_name="shrink-0 text-small text-muted tabular-nums",
        ),
        row_buttons(
            t("settings.label_edit_named", name=row.name),
            SettingsState.edit_label(row.id),
            t("settings.label_delete_named", name=row.name),
            SettingsState.ask_delete_label(row.id),
        ),
        key=row.id,
        class_name="flex items-center gap-3 px-4 py-2 sm:px-6",
    )


def _colour(colour: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="colour",
            value=colour,
            default_checked=SettingsState.label_form.colour == colour,
            class_name="peer sr-only",
        ),
        ui.chip(
            t(f"settings.colour_{colour}"),
            colour,
            class_name="cursor-pointer outline-offset-2 peer-checked:outline-2 "
            "peer-focus-visible:outline-2",
        ),
    )


def label_dialog() -> rx.Component:
    form = SettingsState.label_form
    return ui.dialog(
        LABEL,
        rx.cond(form.id == 0, t("settings.label_new"), t("settings.label_edit")),
        rx.el.form(
            ui.input_field(
                "label_name",
                t("settings.label_name"),
                error=error_at("label_name", "label", "labels"),
                default_value=form.name,
                max_length=MAX_NAME,
                auto_complete="off",
                required=True,
            ),
            rx.el.fieldset(
                rx.el.legend(
                    t("settings.label_colour"), class_name="mb-2 text-small font-semibold"
                ),
                rx.el.div(
                    *[_colour(colour) for colour in COLOURS],
                    class_name="flex flex-wrap gap-2",
                ),
            ),
            id="label-fields",
            key=form.version,
            on_submit=SettingsState.save_label,
            class_name="flex flex-col gap-4",
        ),
        actions=dialog_actions("label-fields", t("settings.save")),
        sticky=True,
    )


def label_delete_dialog() -> rx.Component:
    form = SettingsState.label_form
    return ui.confirm_dialog(
        LABEL_DELETE,
        t("settings.label_delete_title"),
        t("settings.label_delete_text", name=form.name, count=form.conversations),
        confirm=t("settings.delete"),
        on_confirm=SettingsState.delete_label,
    )
