"""Dialogs on the browser's own <dialog>: focus stays inside, Esc and the backdrop close it."""

import json
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.other import Dialog

from components.text import t
from components.ui.button import button, icon_button
from components.ui.words import Words


def dialog(
    id_: str,
    title: Words,
    *body: Any,
    actions: Any = None,
    on_close: Any = None,
    sticky: bool = False,
) -> rx.Component:
    """
    A dialog, closed until `open_dialog(id_)`. A sheet from the bottom on a phone.

    `sticky` keeps it open on a click beside it. Anything with `data_close=True` closes it.

    `ui.dialog("add", t("x.add"), form(), actions=ui.button(t("x.save"), type="submit", form="f"))`
    """
    props: dict[str, Any] = {"data_sticky": True} if sticky else {}
    if on_close is not None:
        props["on_close"] = on_close
    return _Dialog.create(
        rx.el.div(
            rx.el.header(
                rx.el.h2(title, id=f"{id_}-title", class_name="text-title font-bold"),
                icon_button("x", t("ui.close"), size="sm", tip="", data_close=True),
                class_name="flex items-start justify-between gap-4",
            ),
            rx.el.div(*body, class_name="flex min-h-0 flex-col gap-4"),
            rx.el.footer(actions, class_name="flex flex-wrap justify-end gap-2 max-sm:*:grow")
            if actions is not None
            else rx.fragment(),
            class_name="flex flex-col gap-4 p-5 sm:p-6",
        ),
        id=id_,
        aria_labelledby=f"{id_}-title",
        class_name="modal",
        **props,
    )


def confirm_dialog(
    id_: str,
    title: Words,
    text: Words,
    *,
    confirm: Words,
    on_confirm: Any,
    danger: bool = True,
) -> rx.Component:
    """
    Asks before something is lost. `on_confirm` runs and the dialog closes.

    `ui.confirm_dialog("delete", t("x.sure"), t("x.gone"), confirm=t("x.delete"), on_confirm=S.delete)`
    """
    return dialog(
        id_,
        title,
        rx.el.p(text, class_name="text-muted"),
        actions=rx.fragment(
            button(t("ui.cancel"), variant="secondary", data_close=True, auto_focus=True),
            button(
                confirm,
                variant="danger" if danger else "primary",
                on_click=on_confirm,
                data_close=True,
            ),
        ),
    )


def open_dialog(id_: str) -> rx.event.EventSpec:
    """The event that opens a dialog: `on_click=ui.open_dialog("add")`."""
    return rx.call_script(f"document.getElementById({json.dumps(id_)})?.showModal()")


def close_dialog(id_: str) -> rx.event.EventSpec:
    """The event that closes it: `on_click=ui.close_dialog("add")`, or returned by a handler."""
    return rx.call_script(f"document.getElementById({json.dumps(id_)})?.close()")


class _Dialog(Dialog):
    """<dialog> that also tells when it has closed, however that happened."""

    on_close: rx.EventHandler[rx.event.no_args_event_spec]
