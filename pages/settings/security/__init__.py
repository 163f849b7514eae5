"""Settings, security: signing in, second factors, and where one is signed in."""

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.text import t
from pages.settings.security.app import app, app_dialog, app_off_dialog, codes_dialog
from pages.settings.security.devices import others_dialog, sessions, trusted
from pages.settings.security.passkeys import passkey_delete_dialog, passkey_dialog, passkeys
from pages.settings.security.ways import email_dialog, password_dialog, phone_dialog, ways
from state.security import SecurityState

TITLE = "Keamanan · Chatrigo"


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(t("security.title"), t("security.text"), back="/settings"),
            rx.cond(
                SecurityState.loaded,
                rx.fragment(ways(), passkeys(), app(), sessions(), trusted()),
                rx.cond(
                    SecurityState.failed,
                    ui.error_state(SecurityState.load),
                    ui.skeleton_list(5),
                ),
            ),
            password_dialog(),
            email_dialog(),
            phone_dialog(),
            passkey_dialog(),
            passkey_delete_dialog(),
            app_dialog(),
            app_off_dialog(),
            codes_dialog(),
            others_dialog(),
            narrow=True,
        ),
        active="settings",
    )
