"""This person, and this browser."""

import reflex as rx

from components import ui
from components.shell import preferences
from components.text import t
from state.session import SessionState


def you() -> rx.Component:
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
