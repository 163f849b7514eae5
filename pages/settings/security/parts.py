"""What the sections share."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t


def line(icon: str, title: Any, value: Any, *actions: rx.Component) -> rx.Component:
    """One thing with its value below, and what can be done to it."""
    return rx.el.li(
        rx.icon(icon, size=20, class_name="shrink-0 text-muted"),
        rx.el.div(
            rx.el.p(title, class_name="font-semibold break-words"),
            rx.el.div(value, class_name="text-small break-words text-muted"),
            class_name="min-w-0 grow",
        ),
        rx.el.div(*actions, class_name="flex shrink-0 items-center"),
        class_name="flex items-center gap-3 px-4 py-3 sm:gap-4 sm:px-6",
    )


def section(
    title: Any, text: Any, *children: Any, action: rx.Component | None = None
) -> rx.Component:
    return ui.card(
        rx.el.div(
            ui.card_header(title, text, action=action), class_name="px-4 pt-4 sm:px-6 sm:pt-6"
        ),
        *children,
        padded=False,
    )


def lines(*children: Any) -> rx.Component:
    return rx.el.ul(*children, class_name="divide-y divide-border border-t border-border")


def device_name(row: Any) -> rx.Var[str]:
    """ "Chrome di Android", or as much of it as is known."""
    return rx.cond(
        (row.browser != "") & (row.system != ""),
        t("security.device", browser=row.browser, system=row.system),
        rx.cond(
            row.browser != "",
            row.browser,
            rx.cond(row.system != "", row.system, t("security.device_unknown")),
        ),
    )


def save_actions(form: str, save: Any) -> rx.Component:
    return rx.fragment(
        ui.button(t("ui.cancel"), variant="secondary", data_close=True),
        ui.button(save, type="submit", form=form),
    )
