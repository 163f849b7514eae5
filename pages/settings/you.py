"""This person, and this browser."""

import reflex as rx

from components import ui
from components.permits import role_name
from components.shell import preferences
from components.text import t
from state.session import SessionState
from state.team import LeaveState


def you() -> rx.Component:
    return rx.fragment(
        ui.card(
            ui.card_header(t("settings.account")),
            ui.definition(
                [
                    (t("settings.account_name"), SessionState.name),
                    (t("settings.account_email"), SessionState.email),
                    (t("settings.account_business"), SessionState.business_name),
                    (t("team.role"), role_name(SessionState.role)),
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
        _leave(),
    )


def _leave() -> rx.Component:
    """Of one's own accord; the last owner is told what to do first."""
    return rx.fragment(
        ui.card(
            ui.card_header(t("team.leave_card"), t("team.leave_card_text")),
            ui.button(
                t("team.leave"),
                variant="danger-quiet",
                icon="door-open",
                on_click=ui.open_dialog("leave-business"),
            ),
        ),
        ui.confirm_dialog(
            "leave-business",
            t("team.leave_title", business=SessionState.business_name),
            t("team.leave_text"),
            confirm=t("team.leave"),
            on_confirm=LeaveState.leave,
        ),
    )
