"""Settings: the business, its chat page, canned replies, labels, this person and browser."""

from typing import Any

import reflex as rx

from chatrigo.domain.settings import canned, labels, profile
from components import ui
from components.shell import preferences
from components.signed_in import signed_in
from components.text import t
from state.session import SessionState
from state.settings import (
    LABEL,
    LABEL_DELETE,
    REPLY,
    REPLY_DELETE,
    SLUG,
    TABS,
    SettingsState,
)

ZONE_TEXTS = dict(zip(profile.ZONES, ("wib", "wita", "wit"), strict=True))


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(t("settings.title")),
            ui.tabs(
                [(name, t(f"settings.tab_{name}")) for name in TABS],
                SettingsState.tab,
                SettingsState.show,
                label=t("settings.sections"),
                class_name="-mx-4 px-3 sm:mx-0 sm:px-0",
            ),
            rx.cond(
                SettingsState.loaded,
                rx.match(
                    SettingsState.tab,
                    ("chat", _chat()),
                    ("replies", _replies()),
                    ("labels", _labels()),
                    ("you", _you()),
                    _business(),
                ),
                rx.cond(
                    SettingsState.failed,
                    ui.error_state(SettingsState.load),
                    ui.skeleton_list(4),
                ),
            ),
            _slug_dialog(),
            _reply_dialog(),
            _label_dialog(),
            _delete_dialogs(),
            narrow=True,
        ),
        active="settings",
    )


def poster() -> rx.Component:
    """The chat page's QR code on a sheet to print."""
    return rx.el.main(
        rx.el.div(
            ui.link_button(
                t("ui.back"), "/settings?tab=chat", variant="secondary", icon="arrow-left"
            ),
            ui.button(
                t("settings.qr_print"), icon="printer", on_click=rx.call_script("window.print()")
            ),
            class_name="flex w-full max-w-xl justify-between gap-2 print:hidden",
        ),
        rx.cond(
            SettingsState.loaded,
            rx.el.div(
                rx.el.h1(
                    SettingsState.profile.name,
                    class_name="text-display font-extrabold text-balance",
                ),
                rx.el.p(t("settings.qr_poster"), class_name="text-title"),
                rx.el.img(
                    src=SettingsState.qr_picture,
                    alt=t("settings.qr_alt", link=SettingsState.chat_link),
                    class_name="w-80 max-w-full [image-rendering:pixelated]",
                ),
                rx.el.p(SettingsState.chat_link, class_name="text-lead font-semibold break-all"),
                class_name="flex w-full max-w-xl flex-col items-center gap-5 rounded-card bg-white "
                "p-8 text-center text-black",
            ),
            ui.loading(),
        ),
        class_name="flex min-h-dvh flex-col items-center gap-6 bg-canvas p-4 text-ink sm:p-8 "
        "print:bg-white print:p-0",
    )


# The business


def _business() -> rx.Component:
    row = SettingsState.profile
    return ui.card(
        ui.card_header(t("settings.business"), t("settings.business_text")),
        rx.el.form(
            ui.input_field(
                "name",
                t("settings.name"),
                error=_error("name"),
                default_value=row.name,
                max_length=profile.MAX_NAME,
                auto_complete="organization",
                required=True,
            ),
            ui.select_field(
                "zone",
                t("settings.zone"),
                [(zone, t(f"settings.zone_{name}")) for zone, name in ZONE_TEXTS.items()],
                hint=t("settings.zone_hint"),
                error=_error("zone"),
                default_value=row.zone,
            ),
            ui.button(t("settings.save"), type="submit", class_name="self-start"),
            key=row.name.to(str) + row.zone.to(str),
            on_submit=SettingsState.save_business,
            class_name="flex flex-col gap-5",
        ),
    )


# The chat page


def _chat() -> rx.Component:
    return rx.fragment(_address(), _greeting(), _quick_questions(), _widget(), _qr())


def _address() -> rx.Component:
    return ui.card(
        ui.card_header(t("settings.address"), t("settings.address_text")),
        rx.el.p(
            SettingsState.chat_link,
            class_name="rounded-control bg-sunken px-4 py-3 font-semibold break-all",
        ),
        rx.el.div(
            ui.copy_button(SettingsState.chat_link, label=t("settings.copy_link")),
            ui.link_button(
                t("settings.open_chat"),
                SettingsState.chat_link,
                variant="secondary",
                size="sm",
                icon="external-link",
                target="_blank",
                rel="noopener",
            ),
            ui.button(
                t("settings.change_slug"),
                variant="ghost",
                size="sm",
                on_click=SettingsState.ask_slug,
            ),
            class_name="mt-3 flex flex-wrap gap-2",
        ),
    )


def _slug_dialog() -> rx.Component:
    return ui.dialog(
        SLUG,
        t("settings.change_slug"),
        rx.el.form(
            ui.banner(t("settings.slug_warning"), tone="warning"),
            ui.input_field(
                "slug",
                t("settings.slug"),
                hint=t("settings.slug_hint"),
                error=_error("slug"),
                default_value=SettingsState.profile.slug,
                max_length=profile.MAX_SLUG,
                auto_capitalize="none",
                auto_complete="off",
                spell_check=False,
                required=True,
            ),
            id="slug-fields",
            key=SettingsState.profile.slug,
            on_submit=SettingsState.save_slug,
            class_name="flex flex-col gap-4",
        ),
        actions=_dialog_actions("slug-fields", t("settings.change_slug")),
    )


def _greeting() -> rx.Component:
    return ui.card(
        ui.card_header(t("settings.greeting_title"), t("settings.greeting_text")),
        rx.el.form(
            ui.textarea_field(
                "greeting",
                t("settings.greeting"),
                error=_error("greeting"),
                placeholder=t("settings.greeting_placeholder"),
                default_value=SettingsState.profile.greeting,
                max_length=profile.MAX_GREETING,
                rows="3",
            ),
            ui.button(t("settings.save"), type="submit", class_name="self-start"),
            key=SettingsState.profile.greeting,
            on_submit=SettingsState.save_greeting,
            class_name="flex flex-col gap-4",
        ),
    )


def _quick_questions() -> rx.Component:
    questions = SettingsState.profile.quick_questions
    return ui.card(
        ui.card_header(
            t("settings.quick"), t("settings.quick_text", limit=profile.MAX_QUICK_QUESTIONS)
        ),
        rx.cond(
            questions.length() > 0,
            rx.el.ol(rx.foreach(questions, _quick_question), class_name="flex flex-col gap-2"),
            rx.el.p(t("settings.quick_empty"), class_name="text-muted"),
        ),
        rx.cond(
            _error("quick_question", "quick_questions") != "",
            ui.banner(SettingsState.error, tone="danger", class_name="mt-3"),
        ),
        rx.cond(
            questions.length() < profile.MAX_QUICK_QUESTIONS,
            rx.el.form(
                ui.input_box(
                    name="question",
                    placeholder=t("settings.quick_placeholder"),
                    aria_label=t("settings.quick_new"),
                    max_length=profile.MAX_QUICK_QUESTION,
                    auto_complete="off",
                    required=True,
                    class_name="min-w-0 grow",
                ),
                ui.button(t("settings.quick_add"), type="submit", variant="soft", icon="plus"),
                on_submit=SettingsState.add_question,
                reset_on_submit=True,
                class_name="mt-3 flex gap-2",
            ),
        ),
    )


def _quick_question(question: rx.Var[Any], index: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        ui.input_box(
            default_value=question,
            aria_label=t("settings.quick_edit", question=question),
            max_length=profile.MAX_QUICK_QUESTION,
            auto_complete="off",
            on_blur=lambda new: SettingsState.reword_question(question, new),
            class_name="min-w-0 grow",
        ),
        ui.icon_button(
            "arrow-up",
            t("settings.quick_up", question=question),
            size="sm",
            tip="",
            disabled=index == 0,
            on_click=SettingsState.raise_question(question),
        ),
        ui.icon_button(
            "x",
            t("settings.quick_remove", question=question),
            size="sm",
            tip="",
            on_click=SettingsState.remove_question(question),
        ),
        key=question,
        class_name="flex items-center gap-1",
    )


def _widget() -> rx.Component:
    return ui.card(
        ui.card_header(t("settings.widget"), t("settings.widget_text")),
        rx.el.pre(
            rx.el.code(SettingsState.snippet),
            tab_index=0,
            class_name="overflow-x-auto rounded-control bg-sunken px-4 py-3 font-mono text-small "
            "whitespace-pre-wrap break-all",
        ),
        ui.copy_button(SettingsState.snippet, label=t("settings.widget_copy"), class_name="mt-3"),
    )


def _qr() -> rx.Component:
    return ui.card(
        ui.card_header(t("settings.qr"), t("settings.qr_text")),
        rx.el.div(
            rx.el.img(
                src=SettingsState.qr_picture,
                alt=t("settings.qr_alt", link=SettingsState.chat_link),
                class_name="size-44 rounded-control bg-white p-1 [image-rendering:pixelated]",
            ),
            rx.el.div(
                ui.link_button(
                    t("settings.qr_print"), "/settings/qr", variant="secondary", icon="printer"
                ),
                rx.el.a(
                    rx.icon("download", size=18),
                    t("settings.qr_download"),
                    href=SettingsState.qr_picture,
                    download="chat-qr.png",
                    reload_document=True,
                    class_name="inline-flex min-h-11 items-center gap-2 rounded-control px-4 "
                    "font-semibold hover:bg-hover",
                ),
                class_name="flex flex-col items-start gap-2",
            ),
            class_name="flex flex-wrap items-center gap-5",
        ),
    )


# Canned replies


def _replies() -> rx.Component:
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
        _row_buttons(
            t("settings.reply_edit_named", shortcut=row.shortcut),
            SettingsState.edit_reply(row.id),
            t("settings.reply_delete_named", shortcut=row.shortcut),
            SettingsState.ask_delete_reply(row.id),
        ),
        key=row.id,
        class_name="flex items-start gap-3 px-4 py-3 sm:px-6",
    )


def _reply_dialog() -> rx.Component:
    form = SettingsState.reply_form
    return ui.dialog(
        REPLY,
        rx.cond(form.id == 0, t("settings.reply_new"), t("settings.reply_edit")),
        rx.el.form(
            ui.input_field(
                "shortcut",
                t("settings.shortcut"),
                hint=t("settings.shortcut_hint"),
                error=_error("shortcut", "canned"),
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
                error=_error("canned_body"),
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
        actions=_dialog_actions("reply-fields", t("settings.save")),
        sticky=True,
    )


# Labels


def _labels() -> rx.Component:
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
        _row_buttons(
            t("settings.label_edit_named", name=row.name),
            SettingsState.edit_label(row.id),
            t("settings.label_delete_named", name=row.name),
            SettingsState.ask_delete_label(row.id),
        ),
        key=row.id,
        class_name="flex items-center gap-3 px-4 py-2 sm:px-6",
    )


def _label_dialog() -> rx.Component:
    form = SettingsState.label_form
    return ui.dialog(
        LABEL,
        rx.cond(form.id == 0, t("settings.label_new"), t("settings.label_edit")),
        rx.el.form(
            ui.input_field(
                "label_name",
                t("settings.label_name"),
                error=_error("label_name", "label", "labels"),
                default_value=form.name,
                max_length=labels.MAX_NAME,
                auto_complete="off",
                required=True,
            ),
            rx.el.fieldset(
                rx.el.legend(
                    t("settings.label_colour"), class_name="mb-2 text-small font-semibold"
                ),
                rx.el.div(
                    *[_colour(colour) for colour in labels.COLOURS],
                    class_name="flex flex-wrap gap-2",
                ),
            ),
            id="label-fields",
            key=form.version,
            on_submit=SettingsState.save_label,
            class_name="flex flex-col gap-4",
        ),
        actions=_dialog_actions("label-fields", t("settings.save")),
        sticky=True,
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


# This person, this browser


def _you() -> rx.Component:
    return rx.fragment(
        ui.card(
            ui.card_header(t("settings.account")),
            ui.definition(
                [
                    (t("settings.account_name"), SessionState.name),
                    (t("settings.account_email"), SessionState.email),
                    (t("settings.account_business"), SessionState.business_name),
                ]
            ),
            ui.button(
                t("shell.sign_out"),
                variant="secondary",
                icon="log-out",
                on_click=SessionState.sign_out,
                class_name="mt-4",
            ),
        ),
        ui.card(
            ui.card_header(t("settings.look"), t("settings.look_text")),
            preferences(),
        ),
    )


# Shared by the sections


def _row_buttons(edit: Any, on_edit: Any, delete: Any, on_delete: Any) -> rx.Component:
    return rx.el.div(
        ui.icon_button("pencil", edit, size="sm", tip="", on_click=on_edit),
        ui.icon_button("trash-2", delete, size="sm", tip="", on_click=on_delete),
        class_name="flex shrink-0",
    )


def _dialog_actions(form: str, save: Any) -> rx.Component:
    return rx.fragment(
        ui.button(t("ui.cancel"), variant="secondary", data_close=True),
        ui.button(save, type="submit", form=form),
    )


def _delete_dialogs() -> rx.Component:
    label, reply = SettingsState.label_form, SettingsState.reply_form
    return rx.fragment(
        ui.confirm_dialog(
            REPLY_DELETE,
            t("settings.reply_delete_title"),
            t("settings.reply_delete_text", shortcut=reply.shortcut),
            confirm=t("settings.delete"),
            on_confirm=SettingsState.delete_reply,
        ),
        ui.confirm_dialog(
            LABEL_DELETE,
            t("settings.label_delete_title"),
            t("settings.label_delete_text", name=label.name, count=label.conversations),
            confirm=t("settings.delete"),
            on_confirm=SettingsState.delete_label,
        ),
    )


def _error(*fields: str) -> rx.Var[str]:
    """What was refused at one of these fields, or nothing."""
    at = [SettingsState.error_field == field for field in fields]
    here = at[0]
    for other in at[1:]:
        here = here | other
    return rx.cond(here, SettingsState.error, "")
