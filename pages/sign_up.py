"""Signing up: the business, address and password, then the code from the mail."""

import reflex as rx

from chatrigo.domain.accounts.passwords import SHORTEST
from components import door, ui
from components.text import t
from state.sign_up import SignUpState

TITLE = "Daftar · Chatrigo"


def page() -> rx.Component:
    return door.frame(
        rx.cond(
            SignUpState.sent_to,
            door.code_step(SignUpState, t("auth.confirm_sign_up")),
            _details(),
        )
    )


def _details() -> rx.Component:
    return rx.el.div(
        door.heading(t("auth.sign_up_title"), t("auth.sign_up_text")),
        door.details(
            SignUpState,
            ui.input_field(
                "business",
                t("auth.business"),
                hint=t("auth.business_hint"),
                error=door.problem(SignUpState, *door.BUSINESS),
                auto_complete="organization",
                max_length=120,
                default_value=SignUpState.business,
            ),
            door.email_field(SignUpState),
            ui.password_field(
                "password",
                t("auth.password"),
                hint=t("auth.password_hint", least=SHORTEST),
                error=door.problem(SignUpState, *door.PASSWORD),
                auto_complete="new-password",
            ),
            submit=t("auth.start_sign_up"),
        ),
        door.other_way(t("auth.have_account"), t("auth.to_sign_in"), "/sign-in"),
        class_name="flex flex-col gap-6",
    )
