"""What the sections share."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from state.settings import SettingsState


def row_buttons(edit: Any, on_edit: Any, delete: Any, on_delete: Any) -> rx.Component:
    return rx.el.div(
        ui.icon_button("pencil", edit, size="sm", tip="", on_click=on_edit),
        ui.icon_button("trash-2", delete, size="sm", tip="", on_click=on_delete),
        class_name="flex shrink-0",
    )


def dialog_actions(form: str, save: Any) -> rx.Component:
    return rx.fragment(
        ui.button(t("ui.cancel"), variant="secondary", data_close=True),
        ui.button(save, type="submit", form=form),
    )


def error_at(*fields: str) -> rx.Var[str]:
    """What was refused at one of these fields, or nothing."""
    at = [SettingsState.error_field == field for field in fields]
    here = at[0]
    for other in at[1:]:
        here = here | other
    return rx.cond(here, SettingsState.error, "")
