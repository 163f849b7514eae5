"""The authenticator app and its recovery codes."""

import reflex as rx

from components import ui
from components.text import t
from pages.settings.security.parts import section
from state.security import APP, APP_OFF, CODES, SecurityState

FEW = 3


def app() -> rx.Component:
    return section(
        t("security.app"),
        t("security.app_text"),
        rx.el.div(
            rx.cond(SecurityState.has_app, _on(), _off()),
            class_name="border-t border-border px-4 py-4 sm:px-6",
        ),
        action=rx.cond(
            SecurityState.has_app,
            ui.badge(t("security.app_on"), tone="positive", icon="shield-check"),
        ),
    )


def _off() -> rx.Component:
    return ui.button(
        t("security.app_set_up"),
        variant="secondary",
        icon="smartphone",
        on_click=SecurityState.begin_app,
    )


def _on() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(t("security.codes"), class_name="font-semibold"),
            rx.el.p(
                t("security.codes_left", count=SecurityState.codes_left),
                class_name=rx.cond(
                    SecurityState.codes_left <= FEW,
                    "text-small font-medium text-danger-ink",
                    "text-small text-muted",
                ),
            ),
            class_name="min-w-0 grow basis-48",
        ),
        rx.el.div(
            ui.button(
                t("security.codes_renew"),
                variant="secondary",
                size="sm",
                icon="rotate-cw",
                on_click=SecurityState.renew_codes,
            ),
            ui.button(
                t("security.app_turn_off"),
                variant="danger-quiet",
                size="sm",
                on_click=ui.open_dialog(APP_OFF),
            ),
            class_name="flex items-center gap-2",
        ),
        class_name="flex flex-wrap items-center gap-x-2 gap-y-3",
    )


def app_dialog() -> rx.Component:
    return ui.dialog(
        APP,
        t("security.app_set_up"),
        rx.el.ol(
            rx.el.li(t("security.app_step_scan")),
            rx.el.li(t("security.app_step_code")),
            class_name="list-decimal space-y-1 pl-5 text-small text-pretty text-muted",
        ),
        rx.cond(
            SecurityState.app_picture != "",
            rx.el.img(
                src=SecurityState.app_picture,
                alt=t("security.app_qr_alt"),
                class_name="mx-auto size-44 rounded-card bg-white p-1",
            ),
        ),
        rx.el.div(
            rx.el.p(t("security.app_key"), class_name="text-caption font-semibold text-muted"),
            rx.el.code(
                SecurityState.app_key,
                id="app-key",
                class_name="font-mono text-small font-semibold break-words select-all",
            ),
            class_name="rounded-control bg-sunken px-3 py-2 text-center",
        ),
        rx.el.form(
            ui.otp_boxes("enrol_code", error=SecurityState.error),
            ui.button(t("security.app_turn_on"), type="submit", full=True),
            key=SecurityState.version.to_string(),
            on_submit=SecurityState.confirm_app,
            no_validate=True,
            class_name="flex flex-col gap-4",
        ),
        on_close=SecurityState.forget_app_key,
        sticky=True,
    )


def app_off_dialog() -> rx.Component:
    return ui.confirm_dialog(
        APP_OFF,
        t("security.app_off_title"),
        t("security.app_off_text"),
        confirm=t("security.app_turn_off"),
        on_confirm=SecurityState.disable_app,
    )


def codes_dialog() -> rx.Component:
    return ui.dialog(
        CODES,
        t("security.codes_title"),
        rx.el.p(t("security.codes_text"), class_name="text-pretty text-muted"),
        rx.el.ol(
            rx.foreach(
                SecurityState.codes,
                lambda code: rx.el.li(code, class_name="font-mono font-semibold tabular-nums"),
            ),
            class_name="grid grid-cols-2 gap-x-4 gap-y-2 rounded-control bg-sunken p-4 text-center "
            "select-all",
        ),
        actions=rx.fragment(
            ui.copy_button(SecurityState.codes.join("\n"), class_name="min-h-11"),
            ui.button(
                t("security.download"),
                variant="secondary",
                icon="download",
                on_click=SecurityState.download_codes,
            ),
            ui.button(t("security.codes_kept"), data_close=True),
        ),
        on_close=SecurityState.forget_codes,
        sticky=True,
    )
