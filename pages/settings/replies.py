"""Canned replies."""

from typing import Any

import reflex as rx

from chatrigo.domain.settings import canned
from components import ui
from components.text import t
from pages.settings.parts import dialog_actions, error_at, row_buttons
from state.settings import REPLY, REPLY_DELETE, SettingsState


def replies() -> rx.Component:
    add = ui.button(
        t("settings.reply_add"), icon="plus", size="sm", on_click=SettingsState.compose_reply
    )
    return ui.card(
        rx.el.div(
            ui.card_header(t("settings.replies"), t("settings.replies_text"), action=add),
            class_name="px-4 pt-4 sm:px-6 sm:pt-6",
        ),
        rx.cond(
            SettingsState.replies.length() > 0,
            rx.el.ul(
                rx.foreach(SettingsState.replies, _reply),
                class_name="divide-y divide-border border-t border-border",
            ),
            ui.empty_state("zap", t("settings.replies_empty"), t("settings.replies_empty_text")),
        ),
        padded=False,
    )


def _reply(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p("/", row.shortcut, class_name="font-semibold break-all text-accent-ink"),
            rx.el.p(
                row.body,
                class_name="line-clamp-2 text-small break-words whitespace-pre-line text-muted",
            ),
            class_name="min-w-0 grow",
        ),
        row_buttons(
            t("settings.reply_edit_named", shortcut=row.shortcut),
            SettingsState.edit_reply(row.id),
            t("settings.reply_delete_named", shortcut=row.shortcut),
            SettingsState.ask_delete_reply(row.id),
        ),
        key=row.id,
        class_name="flex items-start gap-3 px-4 py-3 sm:px-6",
    )


def reply_dialog() -> rx.Component:
    form = SettingsState.reply_form
    return ui.dialog(
        REPLY,
        rx.cond(form.id == 0, t("settings.reply_new"), t("settings.reply_edit")),
        rx.el.form(
            ui.input_field(
                "shortcut",
                t("settings.shortcut"),
                hint=t("settings.shortcut_hint"),
                error=error_at("shortcut", "canned"),
                default_value=form.shortcut,
                max_length=canned.MAX_SHORTCUT + 1,
                auto_capitalize="none",
                auto_complete="off",
                spell_check=False,
                required=True,
            ),
            ui.textarea_field(
                "body",
                t("settings.canned_body"),
                id="reply-body",
                error=error_at("canned_body"),
                default_value=form.body,
                max_length=canned.MAX_BODY,
                rows="4",
                required=True,
            ),
            id="reply-fields",
            key=form.version,
            on_submit=SettingsState.save_reply,
            class_name="flex flex-col gap-4",
        ),
        actions=dialog_actions("reply-fields", t("settings.save")),
        sticky=True,
    )


def reply_delete_dialog() -> rx.Component:
    return ui.confirm_dialog(
        REPLY_DELETE,
        t("settings.reply_delete_title"),
        t("settings.reply_delete_text", shortcut=SettingsState.reply_form.shortcut),
        confirm=t("settings.delete"),
        on_confirm=SettingsState.delete_reply,
    )
