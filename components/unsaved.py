"""Forms that ask before unsaved changes are lost (assets/forms.js)."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t


def guarded_form(id_: str, *children: Any, saving: Any, **props: Any) -> rx.Component:
    """
    A form with a bar at the bottom while it holds changes: give them up, or save.

    When they are stored, the state says so: `window.chatrigoForms.saved(id)`.
    """
    return rx.el.form(
        *children,
        _bar(id_, saving),
        id=id_,
        data_guard=t("settings.unsaved_question"),
        class_name="group/guard flex flex-col gap-6",
        **props,
    )


def fill_button(field_id: str, text: rx.Var, label: Any) -> rx.Component:
    """Writes `text` into a field of a form, as if it had been typed."""
    return rx.el.button(
        label,
        type="button",
        data_fill=field_id,
        data_text=text,
        class_name="inline-flex min-h-9 items-center rounded-full border border-strong bg-surface "
        "px-3.5 text-small font-semibold hover:bg-hover",
    )


def _bar(id_: str, saving: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(t("settings.unsaved"), role="status", class_name="grow text-small font-semibold"),
        ui.button(t("settings.discard"), variant="ghost", size="sm", data_discard=id_),
        ui.button(t("settings.save"), type="submit", size="sm", loading=saving),
        class_name="sticky bottom-3 z-sticky hidden items-center gap-2 rounded-card border "
        "border-border bg-raised py-2.5 pr-2.5 pl-4 shadow-raised group-data-[dirty]/guard:flex",
    )
