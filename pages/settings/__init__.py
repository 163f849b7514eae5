"""Settings: the business, its chat page, canned replies, labels, this person."""

import reflex as rx

from components import ui
from components.permits import only
from components.signed_in import signed_in
from components.text import t
from pages.settings.business import business
from pages.settings.chat import chat, slug_dialog
from pages.settings.labels import label_delete_dialog, label_dialog, labels
from pages.settings.places import places
from pages.settings.poster import poster
from pages.settings.replies import replies, reply_delete_dialog, reply_dialog
from pages.settings.you import you
from state.settings import TABS, SettingsState

__all__ = ["page", "poster"]


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(t("settings.title")),
            places(),
            only(
                "configure",
                ui.tabs(
                    [(name, t(f"settings.tab_{name}")) for name in TABS],
                    SettingsState.tab,
                    SettingsState.show,
                    label=t("settings.sections"),
                    class_name="-mx-4 px-3 sm:mx-0 sm:px-0",
                ),
            ),
            rx.cond(
                SettingsState.loaded,
                rx.match(
                    SettingsState.tab,
                    ("chat", chat()),
                    ("replies", replies()),
                    ("labels", labels()),
                    ("you", you()),
                    business(),
                ),
                rx.cond(
                    SettingsState.failed,
                    ui.error_state(SettingsState.load),
                    ui.skeleton_list(4),
                ),
            ),
            slug_dialog(),
            reply_dialog(),
            label_dialog(),
            reply_delete_dialog(),
            label_delete_dialog(),
            narrow=True,
        ),
        active="settings",
    )
