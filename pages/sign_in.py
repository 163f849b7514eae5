"""Signing in: the address, then the password or a code from the mail."""

import reflex as rx

from chatrigo.domain.accounts.trusted import LASTS
from components import door, ui
from components.text import t
from state.sign_in import SignInState

TITLE = "Masuk · Chatrigo"


def page() -> rx.Component:
    return door.frame(
        rx.cond(
            SignInState.asks_app,
            rx.cond(SignInState.uses_recovery, _recovery(), _app()),
            rx.cond(
                SignInState.sent_to,
                rx.cond(SignInState.showed_password, _code_after_password(), _code_alone()),
                rx.cond(SignInState.asks_password, _password(), _email()),
            ),
        )
    )


def _email() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.sign_in_title"), t("auth.sign_in_text")),
        door.details(
            SignInState,
            door.email_field(SignInState),
            submit=t("auth.start_sign_in"),
            on_submit=SignInState.give_email,
        ),
        ui.divider(t("auth.or")),
        ui.button(
            t("auth.passkey"),
            variant="secondary",
            size="lg",
            icon="key-round",
            full=True,
            disabled=SignInState.busy,
            on_click=SignInState.ask_passkey,
        ),
        door.other_way(t("auth.no_account"), t("auth.to_sign_up"), "/sign-up"),
        class_name="flex flex-col gap-6",
    )


def _password() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.sign_in_title"), t("auth.signing_in_as", email=SignInState.email)),
        door.details(
            SignInState,
            _email_for_password_managers(),
            ui.password_field(
                "password",
                t("auth.password"),
                error=door.problem(SignInState, *door.PASSWORD),
                auto_complete="current-password",
                auto_focus=True,
            ),
            submit=t("auth.enter"),
        ),
        rx.el.div(
            ui.button(
                t("auth.change_email"),
                variant="ghost",
                icon="arrow-left",
                on_click=SignInState.change_email,
            ),
            ui.link(t("auth.forgot"), "/forgot"),
            class_name="-ml-3 flex flex-wrap items-center justify-between gap-y-1 text-small",
        ),
        ui.divider(t("auth.or")),
        ui.button(
            t("auth.without_password"),
            variant="secondary",
            icon="mail",
            full=True,
            class_name="min-w-0 py-2 whitespace-normal",
            disabled=SignInState.busy,
            on_click=SignInState.start_without_password,
        ),
        class_name="flex flex-col gap-6",
    )


def _code_after_password() -> rx.Component:
    return door.code_step(
        SignInState,
        t("auth.enter"),
        _trust(),
        back=SignInState.change_email,
    )


def _code_alone() -> rx.Component:
    return door.code_step(
        SignInState, t("auth.enter"), text="auth.code_text_maybe", back=SignInState.change_email
    )


def _app() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.app_title"), t("auth.app_text")),
        rx.el.form(
            _trust(),
            ui.otp_boxes(
                "code", error=door.problem(SignInState, *door.CODE, *door.FORM), auto_focus=True
            ),
            ui.button(
                t("auth.enter"), type="submit", size="lg", full=True, loading=SignInState.busy
            ),
            on_submit=SignInState.confirm_app,
            no_validate=True,
            class_name="flex flex-col gap-6",
        ),
        _ways(t("auth.use_recovery"), "life-buoy", SignInState.use_recovery),
        class_name="flex flex-col gap-6",
    )


def _recovery() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.recovery_title"), t("auth.recovery_text")),
        door.details(
            SignInState,
            ui.input_field(
                "code",
                t("auth.recovery_code"),
                error=door.problem(SignInState, "auth.code_wrong"),
                id="recovery-code",
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
                auto_focus=True,
            ),
            submit=t("auth.enter"),
            on_submit=SignInState.confirm_app,
            shown=("auth.code_wrong",),
        ),
        _ways(t("auth.use_app"), "smartphone", SignInState.use_app),
        class_name="flex flex-col gap-6",
    )


def _ways(other: rx.Var[str], icon: str, on_click: rx.event.EventType[()]) -> rx.Component:
    return rx.el.div(
        ui.button(
            t("auth.start_again"),
            variant="ghost",
            icon="arrow-left",
            on_click=SignInState.change_email,
        ),
        ui.button(other, variant="ghost", icon=icon, on_click=on_click),
        class_name="-mx-3 flex flex-wrap items-center justify-between gap-y-1",
    )


def _trust() -> rx.Component:
    return ui.checkbox("trust", t("auth.trust", days=LASTS.days), hint=t("auth.trust_hint"))


def _email_for_password_managers() -> rx.Component:
    return rx.el.input(
        type="email",
        name="email",
        default_value=SignInState.email,
        auto_complete="username",
        read_only=True,
        tab_index=-1,
        aria_hidden=True,
        class_name="sr-only",
    )
