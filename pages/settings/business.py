"""The business itself."""

import reflex as rx

from chatrigo.domain.settings import profile
from components import ui
from components.text import t
from pages.settings.parts import error_at
from state.settings import SettingsState

ZONE_TEXTS = dict(zip(profile.ZONES, ("wib", "wita", "wit"), strict=True))


def business() -> rx.Component:
    row = SettingsState.profile
    return ui.card(
        ui.card_header(t("settings.business"), t("settings.business_text")),
        rx.el.form(
            ui.input_field(
                "name",
                t("settings.name"),
                error=error_at("name"),
                default_value=row.name,
                max_length=profile.MAX_NAME,
                auto_complete="organization",
                required=True,
            ),
            ui.select_field(
                "zone",
                t("settings.zone"),
                [(zone, t(f"settings.zone_{name}")) for zone, name in ZONE_TEXTS.items()],
                hint=t("settings.zone_hint"),
                error=error_at("zone"),
                default_value=row.zone,
            ),
            ui.button(t("settings.save"), type="submit", class_name="self-start"),
            key=row.name.to(str) + row.zone.to(str),
            on_submit=SettingsState.save_business,
            class_name="flex flex-col gap-5",
        ),
    )
