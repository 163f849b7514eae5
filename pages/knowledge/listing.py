"""The list: finding, switching off, paging."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from state.knowledge import KnowledgeState


def listing() -> rx.Component:
    counts = KnowledgeState.counts
    return ui.card(
        rx.el.div(
            ui.search_box(
                KnowledgeState.query,
                KnowledgeState.search,
                placeholder=t("knowledge.search"),
                on_clear=KnowledgeState.clear_search,
            ),
            class_name="p-3 pb-1",
        ),
        ui.tabs(
            [
                ("all", t("knowledge.tab_all", count=counts.all)),
                ("qa", t("knowledge.tab_qa", count=counts.qa)),
                ("text", t("knowledge.tab_text", count=counts.text)),
                ("disabled", t("knowledge.tab_disabled", count=counts.disabled)),
            ],
            KnowledgeState.view,
            KnowledgeState.show,
            label=t("knowledge.filter"),
            class_name="px-1",
        ),
        rx.cond(
            KnowledgeState.found > 0,
            rx.el.ul(
                rx.foreach(KnowledgeState.rows, _entry),
                aria_label=t("knowledge.list"),
                class_name="divide-y divide-border",
            ),
            ui.empty_state("search", t("knowledge.nothing"), t("knowledge.nothing_text")),
        ),
        rx.cond(KnowledgeState.pages > 1, _pages()),
        padded=False,
    )


def _entry(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.icon(
            rx.cond(row.kind == "qa", "message-circle-question", "file-text"),
            size=18,
            class_name="mt-1 shrink-0 text-muted max-sm:hidden",
        ),
        rx.el.button(
            rx.el.span(row.title, class_name="font-semibold break-words"),
            rx.el.span(
                row.body,
                class_name="line-clamp-2 text-small break-words whitespace-pre-line text-muted",
            ),
            rx.cond(
                row.enabled,
                rx.fragment(),
                ui.badge(t("knowledge.off"), icon="eye-off", class_name="mt-1.5 self-start"),
            ),
            type="button",
            title=t("knowledge.edit"),
            on_click=KnowledgeState.edit(row.id),
            class_name="flex min-w-0 grow flex-col rounded-small text-start",
        ),
        rx.el.div(
            rx.el.input(
                type="checkbox",
                role="switch",
                checked=row.enabled,
                on_change=lambda on: KnowledgeState.switch(row.id, on),
                aria_label=t("knowledge.use_named", title=row.title),
                class_name="switch",
            ),
            ui.icon_button(
                "trash-2",
                t("knowledge.delete_named", title=row.title),
                size="sm",
                tip="",
                on_click=KnowledgeState.ask_delete(row.id),
            ),
            class_name="flex shrink-0 items-center gap-2",
        ),
        key=row.id,
        class_name="flex items-start gap-3 px-4 py-3.5 hover:bg-hover",
    )


def _pages() -> rx.Component:
    return ui.pagination(
        t(
            "knowledge.count_page",
            count=KnowledgeState.found,
            page=KnowledgeState.page,
            pages=KnowledgeState.pages,
        ),
        has_previous=KnowledgeState.page > 1,
        has_next=KnowledgeState.page < KnowledgeState.pages,
        on_previous=KnowledgeState.newer,
        on_next=KnowledgeState.older,
    )
