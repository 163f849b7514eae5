"""Passkeys: the list, and the dialogs to name and to delete one."""

from typing import Any

import reflex as rx

from chatrigo.domain.accounts.passkeys import MAX_NAME
from components import ui, when
from components.text import t
from pages.settings.security.parts import line, lines, save_actions, section
from state.security import PASSKEY, PASSKEY_DELETE, SecurityState
from state.session import SessionState


def passkeys() -> rx.Component:
    return section(
        t("security.passkeys"),
        t("security.passkeys_text"),
        rx.cond(
            SecurityState.passkeys.length() > 0,
            lines(rx.foreach(SecurityState.passkeys, _passkey)),
            rx.el.p(
                t("security.passkeys_none"), class_name="px-4 pb-5 text-small text-muted sm:px-6"
            ),
        ),
        action=ui.button(
            t("security.add"),
            icon="plus",
            size="sm",
            aria_label=t("security.passkey_add"),
            on_click=SecurityState.add_passkey,
        ),
    )


def _passkey(row: rx.Var[Any]) -> rx.Component:
    used = rx.cond(
        row.last_used_at,
        rx.fragment(t("security.last_used"), " ", _ago(row.last_used_at)),
        rx.fragment(t("security.made"), " ", _ago(row.created_at)),
    )
    return line(
        "key-round",
        row.name,
        used,
        ui.icon_button(
            "pencil",
            t("security.passkey_rename_named", name=row.name),
            size="sm",
            tip="",
            on_click=SecurityState.rename_passkey(row.id),
        ),
        ui.icon_button(
            "trash-2",
            t("security.passkey_delete_named", name=row.name),
            size="sm",
            tip="",
            on_click=SecurityState.ask_delete_passkey(row.id),
        ),
    )


def _ago(moment: rx.Var[Any]) -> rx.Component:
    return when.ago(moment.to(str), SessionState.zone)


def passkey_dialog() -> rx.Component:
    form = SecurityState.passkey_form
    return ui.dialog(
        PASSKEY,
        rx.cond(form.fresh, t("security.passkey_made"), t("security.passkey_rename")),
        rx.cond(
            form.fresh,
            rx.el.p(t("security.passkey_made_text"), class_name="text-pretty text-muted"),
        ),
        rx.el.form(
            ui.input_field(
                "passkey_name",
                t("security.passkey_name"),
                error=SecurityState.error,
                default_value=form.name,
                max_length=MAX_NAME,
                auto_complete="off",
                required=True,
            ),
            id="passkey-fields",
            key=form.version.to_string(),
            on_submit=SecurityState.save_passkey,
        ),
        actions=save_actions("passkey-fields", t("settings.save")),
        sticky=True,
    )


def passkey_delete_dialog() -> rx.Component:
    return ui.confirm_dialog(
        PASSKEY_DELETE,
        t("security.passkey_delete"),
        t("security.passkey_delete_text", name=SecurityState.passkey_form.name),
        confirm=t("settings.delete"),
        on_confirm=SecurityState.delete_passkey,
    )
