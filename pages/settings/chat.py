"""The chat page: address, greeting, quick questions, and where to put it."""

from typing import Any

import reflex as rx

from chatrigo.domain.settings import profile
from components import ui
from components.text import t
from pages.settings.parts import dialog_actions, error_at
from state.settings import SLUG, SettingsState


def chat() -> rx.Component:
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


def slug_dialog() -> rx.Component:
    return ui.dialog(
        SLUG,
        t("settings.change_slug"),
        rx.el.form(
            ui.banner(t("settings.slug_warning"), tone="warning"),
            ui.input_field(
                "slug",
                t("settings.slug"),
                hint=t("settings.slug_hint"),
                error=error_at("slug"),
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
        actions=dialog_actions("slug-fields", t("settings.change_slug")),
    )


def _greeting() -> rx.Component:
    return ui.card(
        ui.card_header(t("settings.greeting_title"), t("settings.greeting_text")),
        rx.el.form(
            ui.textarea_field(
                "greeting",
                t("settings.greeting"),
                error=error_at("greeting"),
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
            error_at("quick_question", "quick_questions") != "",
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
