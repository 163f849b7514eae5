"""The assistant's tools: ours, explained, and the owner's, made here."""

from typing import Any

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.text import t
from pages.assistant.tool_form import delete_dialog, form_dialog, secret_dialog
from pages.assistant.tool_trial import trial_dialog
from state.tools import ToolsState

TITLE = "Alat asisten · Chatrigo"
OURS = (
    ("search_products", "shopping-bag"),
    ("opening_hours", "clock"),
    ("save_contact_field", "contact"),
    ("book_follow_up", "calendar-check"),
    ("handover", "user-round"),
)


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("tools.title"),
                t("tools.intro"),
                back="/assistant",
                actions=rx.cond(
                    ToolsState.rows.length() > 0,
                    ui.button(t("tools.add"), icon="plus", on_click=ToolsState.compose),
                ),
            ),
            rx.cond(
                ToolsState.loaded,
                _own_tools(),
                rx.cond(ToolsState.failed, ui.error_state(ToolsState.load), ui.skeleton_list(3)),
            ),
            _ours(),
            form_dialog(),
            secret_dialog(),
            delete_dialog(),
            trial_dialog(),
        ),
        active="assistant",
        needs="configure",
    )


def _own_tools() -> rx.Component:
    return rx.cond(
        ToolsState.rows.length() > 0,
        ui.card(
            rx.el.ul(
                rx.foreach(ToolsState.rows, _tool),
                aria_label=t("tools.list"),
                class_name="divide-y divide-border",
            ),
            padded=False,
        ),
        ui.card(
            ui.empty_state(
                "plug",
                t("tools.empty"),
                t("tools.empty_text"),
                ui.button(t("tools.add"), icon="plus", on_click=ToolsState.compose),
            )
        ),
    )


def _tool(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.span(row.name, class_name="font-semibold break-all"),
                rx.cond(
                    row.effect == "reads",
                    ui.badge(t("tools.effect_reads")),
                    ui.badge(t("tools.effect_outside"), tone="warning"),
                ),
                rx.cond(row.verified_only, ui.badge(t("tools.verified"), icon="shield-check")),
                class_name="flex flex-wrap items-center gap-2",
            ),
            rx.el.p(row.description, class_name="line-clamp-2 text-small text-muted"),
            rx.el.p(
                row.method,
                " ",
                row.url,
                class_name="truncate font-mono text-caption text-muted",
            ),
            class_name="flex min-w-0 grow flex-col gap-1",
        ),
        rx.el.div(
            rx.el.input(
                type="checkbox",
                role="switch",
                checked=row.enabled,
                on_change=lambda on: ToolsState.switch(row.id, on),
                aria_label=t("tools.use_named", name=row.name),
                class_name="switch",
            ),
            ui.menu(
                "tool-menu-" + row.id.to(str),
                ui.menu_button(
                    "tool-menu-" + row.id.to(str), "ellipsis", t("tools.more_named", name=row.name)
                ),
                ui.menu_item(t("tools.edit"), icon="pencil", on_click=ToolsState.edit(row.id)),
                ui.menu_item(t("tools.try"), icon="play", on_click=ToolsState.open_trial(row.id)),
                ui.menu_item(
                    t("tools.renew_secret"),
                    icon="key-round",
                    on_click=ToolsState.renew_secret(row.id),
                ),
                ui.menu_separator(),
                ui.menu_item(
                    t("tools.delete"),
                    icon="trash-2",
                    danger=True,
                    on_click=ToolsState.ask_delete(row.id),
                ),
                label=t("tools.more_named", name=row.name),
            ),
            class_name="flex shrink-0 items-center gap-1",
        ),
        key=row.id,
        class_name="flex items-center gap-3 px-4 py-3.5",
    )


def _ours() -> rx.Component:
    return ui.card(
        ui.card_header(t("tools.ours"), t("tools.ours_text")),
        rx.el.ul(
            *[
                rx.el.li(
                    rx.icon(icon, size=18, class_name="mt-0.5 shrink-0 text-ai-ink"),
                    rx.el.div(
                        rx.el.p(t(f"tools.our_{name}"), class_name="font-semibold"),
                        rx.el.p(t(f"tools.our_{name}_text"), class_name="text-small text-muted"),
                        class_name="min-w-0",
                    ),
                    class_name="flex items-start gap-3",
                )
                for name, icon in OURS
            ],
            class_name="grid gap-4 sm:grid-cols-2",
        ),
    )
