"""The chat page's QR code on a sheet to print."""

import reflex as rx

from components import ui
from components.permits import behind, may
from components.text import t
from state.settings import SettingsState


def poster() -> rx.Component:
    """The chat page's QR code on a sheet to print."""
    return rx.el.main(
        rx.el.div(
            ui.link_button(
                t("ui.back"), "/settings?tab=chat", variant="secondary", icon="arrow-left"
            ),
            ui.button(
                t("settings.qr_print"), icon="printer", on_click=rx.call_script("window.print()")
            ),
            class_name="flex w-full max-w-xl justify-between gap-2 print:hidden",
        ),
        rx.cond(
            SettingsState.loaded & may("configure"),
            rx.el.div(
                rx.el.h1(
                    SettingsState.profile.name,
                    class_name="text-display font-extrabold text-balance",
                ),
                rx.el.p(t("settings.qr_poster"), class_name="text-title"),
                rx.el.img(
                    src=SettingsState.qr_picture,
                    alt=t("settings.qr_alt", link=SettingsState.chat_link),
                    class_name="w-80 max-w-full [image-rendering:pixelated]",
                ),
                rx.el.p(SettingsState.chat_link, class_name="text-lead font-semibold break-all"),
                class_name="flex w-full max-w-xl flex-col items-center gap-5 rounded-card bg-white "
                "p-8 text-center text-black",
            ),
            behind("configure", ui.loading()),
        ),
        class_name="flex min-h-dvh flex-col items-center gap-6 bg-canvas p-4 text-ink sm:p-8 "
        "print:bg-white print:p-0",
    )
