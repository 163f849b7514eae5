"""Signing in: address and password, then the code from the mail."""

import reflex as rx

from components import door, ui
from components.text import t
from state.sign_in import SignInState

TITLE = "Masuk · Chatrigo"


def page() -> rx.Component:
    return door.frame(
        rx.cond(
            SignInState.sent_to,
            door.code_step(SignInState, t("auth.confirm_sign_in")),
            _details(),
        )
    )


def _details() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.sign_in_title"), t("auth.sign_in_text")),
        door.details(
            SignInState,
            ui.input_field(
                "email",
                t("auth.email"),
                error=door.problem(SignInState, *door.EMAIL),
                type="email",
                auto_complete="username",
                auto_capitalize="none",
                spell_check=False,
                default_value=SignInState.email,
            ),
            ui.password_field(
                "password",
                t("auth.password"),
                error=door.problem(SignInState, *door.PASSWORD),
                auto_complete="current-password",
            ),
            submit=t("auth.start_sign_in"),
        ),
        door.other_way(t("auth.no_account"), t("auth.to_sign_up"), "/sign-up"),
        class_name="flex flex-col gap-6",
    )
