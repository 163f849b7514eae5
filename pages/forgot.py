"""A forgotten password: the address, the code from the mail, a new password."""

import reflex as rx

from chatrigo.domain.accounts.passwords import SHORTEST
from components import door, ui
from components.text import t
from state.forgot import ForgotState
from state.sign_in import SignInState

TITLE = "Lupa kata sandi · Chatrigo"


def page() -> rx.Component:
    return door.frame(
        rx.cond(
            ForgotState.chooses,
            _new_password(),
            rx.cond(
                ForgotState.sent_to,
                door.code_step(
                    ForgotState,
                    t("auth.confirm_forgot"),
                    text="auth.code_text_maybe",
                    back=ForgotState.start_over,
                ),
                _email(),
            ),
        )
    )


def _email() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.forgot_title"), t("auth.forgot_text")),
        door.details(
            ForgotState,
            door.email_field(
                ForgotState,
                default_value=rx.cond(ForgotState.email, ForgotState.email, SignInState.email),
            ),
            submit=t("auth.start_forgot"),
        ),
        rx.el.p(
            ui.link(t("auth.back_to_sign_in"), "/sign-in"),
            class_name="text-center text-small",
        ),
        class_name="flex flex-col gap-6",
    )


def _new_password() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.choose_title"), t("auth.choose_text", email=ForgotState.sent_to)),
        door.details(
            ForgotState,
            ui.password_field(
                "password",
                t("auth.new_password"),
                hint=t("auth.password_hint", least=SHORTEST),
                error=door.problem(ForgotState, *door.PASSWORD),
                auto_complete="new-password",
                auto_focus=True,
            ),
            rx.cond(ForgotState.asks_app, _app_code()),
            submit=t("auth.finish_forgot"),
            on_submit=ForgotState.finish,
            shown=("auth.code_wrong",),
        ),
        rx.el.div(
            ui.button(
                t("auth.start_over"),
                variant="ghost",
                icon="arrow-left",
                on_click=ForgotState.start_over,
            ),
            class_name="-ml-3",
        ),
        class_name="flex flex-col gap-6",
    )


def _app_code() -> rx.Component:
    return ui.input_field(
        "code",
        t("auth.app_or_recovery"),
        hint=t("auth.app_or_recovery_hint"),
        error=door.problem(ForgotState, "auth.code_wrong"),
        auto_complete="one-time-code",
        auto_capitalize="none",
        spell_check=False,
    )
