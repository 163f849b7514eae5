"""How one signs in and is reached: e-mail, password, phone."""

import reflex as rx

from chatrigo.domain.accounts.challenges import RESEND_AFTER
from chatrigo.domain.accounts.passwords import SHORTEST
from components import ui
from components.text import t
from pages.settings.security.parts import line, lines, save_actions, section
from state.security import EMAIL, PASSWORD, PHONE, SecurityState


def ways() -> rx.Component:
    reach = SecurityState.reach
    return section(
        t("security.ways"),
        t("security.ways_text"),
        lines(
            line(
                "mail",
                t("security.email"),
                reach.email,
                _change(t("security.change_email"), SecurityState.open_email),
            ),
            line(
                "lock-keyhole",
                t("security.password"),
                t("security.password_text"),
                _change(t("security.change_password"), SecurityState.open_password),
            ),
            line(
                "phone",
                t("security.phone"),
                rx.cond(reach.phone != "", reach.phone, t("security.phone_none")),
                rx.cond(
                    reach.phone != "",
                    _change(t("security.change_phone"), SecurityState.open_phone),
                    ui.button(
                        t("security.add"),
                        variant="secondary",
                        size="sm",
                        aria_label=t("security.add_phone"),
                        on_click=SecurityState.open_phone,
                    ),
                ),
            ),
        ),
    )


def _change(label: rx.Var[str], on_click: rx.event.EventType[()]) -> rx.Component:
    return ui.button(
        t("security.change"), variant="secondary", size="sm", aria_label=label, on_click=on_click
    )


def password_dialog() -> rx.Component:
    return ui.dialog(
        PASSWORD,
        t("security.change_password"),
        rx.el.form(
            rx.cond(
                SecurityState.without_old,
                rx.fragment(),
                rx.el.div(
                    ui.password_field(
                        "old_password",
                        t("security.old_password"),
                        auto_complete="current-password",
                        required=True,
                    ),
                    rx.el.button(
                        t("security.old_forgotten"),
                        type="button",
                        on_click=SecurityState.forget_old_password,
                        class_name="min-h-9 text-small font-semibold text-accent-ink underline "
                        "underline-offset-4",
                    ),
                    class_name="flex flex-col items-start gap-1.5",
                ),
            ),
            ui.password_field(
                "new_password",
                t("security.new_password"),
                hint=t("auth.password_hint", least=SHORTEST),
                error=SecurityState.error,
                auto_complete="new-password",
                required=True,
            ),
            rx.el.p(t("security.password_ends"), class_name="text-small text-pretty text-muted"),
            id="password-fields",
            key=SecurityState.version.to_string(),
            on_submit=SecurityState.change_password,
            class_name="flex flex-col gap-4",
        ),
        actions=save_actions("password-fields", t("security.change_password")),
        sticky=True,
    )


def email_dialog() -> rx.Component:
    return ui.dialog(
        EMAIL,
        t("security.change_email"),
        rx.cond(SecurityState.sent_to, _email_code(), _new_email()),
        sticky=True,
    )


def _new_email() -> rx.Component:
    return rx.el.form(
        ui.input_field(
            "new_email",
            t("security.new_email"),
            hint=t("security.new_email_hint"),
            error=SecurityState.error,
            type="email",
            auto_complete="email",
            auto_capitalize="none",
            spell_check=False,
            required=True,
        ),
        ui.button(t("security.send_code_there"), type="submit", icon="mail", full=True),
        key=SecurityState.version.to_string(),
        on_submit=SecurityState.start_email,
        no_validate=True,
        class_name="flex flex-col gap-4",
    )


def _email_code() -> rx.Component:
    return rx.el.form(
        rx.el.p(
            t("security.code_sent", email=SecurityState.sent_to),
            class_name="text-center text-small break-words text-muted",
        ),
        ui.otp_boxes("email_code", error=SecurityState.error, auto_focus=True),
        ui.button(t("security.confirm"), type="submit", full=True),
        rx.el.button(
            rx.icon("rotate-cw", size=16),
            t("auth.resend"),
            rx.el.span(data_left=True, class_name="tabular-nums empty:hidden"),
            type="button",
            data_wait=str(RESEND_AFTER.seconds),
            aria_disabled="true",
            on_click=SecurityState.resend_email,
            class_name="inline-flex min-h-11 items-center justify-center gap-2 rounded-control px-3 "
            "font-semibold text-accent-ink hover:bg-hover aria-disabled:cursor-default "
            "aria-disabled:text-muted aria-disabled:hover:bg-transparent",
        ),
        on_submit=SecurityState.confirm_email,
        no_validate=True,
        class_name="flex flex-col gap-4",
    )


def phone_dialog() -> rx.Component:
    return ui.dialog(
        PHONE,
        t("security.phone"),
        rx.el.form(
            ui.input_field(
                "phone",
                t("security.phone"),
                hint=t("security.phone_hint"),
                error=SecurityState.error,
                optional=True,
                type="tel",
                input_mode="tel",
                auto_complete="tel",
                default_value=SecurityState.reach.phone,
                placeholder="0812 3456 7890",
                max_length=40,
            ),
            id="phone-fields",
            key=SecurityState.version.to_string(),
            on_submit=SecurityState.save_phone,
            no_validate=True,
            class_name="flex flex-col gap-4",
        ),
        actions=save_actions("phone-fields", t("settings.save")),
        sticky=True,
    )
