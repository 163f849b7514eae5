"""The list: finding, choosing several, switching on and off, paging."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from state.catalogue import CatalogueState


def listing() -> rx.Component:
    counts = CatalogueState.counts
    return ui.card(
        rx.el.div(
            ui.search_box(
                CatalogueState.query,
                CatalogueState.search,
                placeholder=t("catalogue.search"),
                on_clear=CatalogueState.clear_search,
            ),
            class_name="p-3 pb-1",
        ),
        ui.tabs(
            [
                ("all", t("catalogue.tab_all", count=counts.all)),
                ("active", t("catalogue.tab_active", count=counts.active)),
                ("inactive", t("catalogue.tab_inactive", count=counts.inactive)),
                ("out", t("catalogue.tab_out", count=counts.out)),
            ],
            CatalogueState.view,
            CatalogueState.show,
            label=t("catalogue.filter"),
            class_name="px-1",
        ),
        rx.cond(
            CatalogueState.found > 0,
            rx.fragment(
                _choosing(),
                rx.el.ul(
                    rx.foreach(CatalogueState.rows, _product),
                    aria_label=t("catalogue.list"),
                    class_name="divide-y divide-border",
                ),
            ),
            ui.empty_state("search", t("catalogue.nothing"), t("catalogue.nothing_text")),
        ),
        rx.cond(CatalogueState.pages > 1, _pages()),
        padded=False,
    )


def _choosing() -> rx.Component:
    """All on this page at once, and what can be done with those that are ticked."""
    count = CatalogueState.chosen.length()
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=(count > 0) & (count == CatalogueState.rows.length()),
                on_change=CatalogueState.choose_all,
                class_name="tick",
            ),
            rx.cond(count > 0, t("catalogue.chosen", count=count), t("catalogue.choose_all")),
            class_name="flex min-h-11 grow items-center gap-3 text-small text-muted",
        ),
        rx.cond(
            count > 0,
            rx.el.div(
                ui.button(
                    t("catalogue.activate"),
                    size="sm",
                    variant="secondary",
                    on_click=CatalogueState.activate_chosen(True),
                ),
                ui.button(
                    t("catalogue.deactivate"),
                    size="sm",
                    variant="secondary",
                    on_click=CatalogueState.activate_chosen(False),
                ),
                class_name="flex flex-wrap gap-2",
            ),
        ),
        class_name="flex flex-wrap items-center gap-x-3 border-b border-border bg-sunken px-4 py-1",
    )


def _product(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=CatalogueState.chosen.contains(row.id),
                on_change=lambda on: CatalogueState.choose(row.id, on),
                aria_label=t("catalogue.choose_named", name=row.name),
                class_name="tick",
            ),
            class_name="-m-2.5 grid size-11 shrink-0 place-items-center self-start",
        ),
        rx.el.button(
            rx.el.span(
                rx.el.span(row.name, class_name="font-semibold break-words"),
                rx.cond(
                    row.category != "", rx.el.span(row.category, class_name="text-small text-muted")
                ),
                class_name="flex flex-wrap items-baseline gap-x-2",
            ),
            rx.el.span(
                rx.el.span(row.prices, class_name="font-medium tabular-nums"),
                rx.cond(
                    row.variants.to(list).length() > 1,
                    rx.el.span(
                        t("catalogue.variants_count", count=row.variants.to(list).length()),
                        class_name="text-muted",
                    ),
                ),
                _stock(row),
                class_name="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-small",
            ),
            type="button",
            title=t("catalogue.edit"),
            on_click=CatalogueState.edit(row.id),
            class_name="flex min-w-0 grow flex-col rounded-small text-start",
        ),
        rx.el.div(
            rx.el.input(
                type="checkbox",
                role="switch",
                checked=row.active,
                on_change=lambda on: CatalogueState.switch(row.id, on),
                aria_label=t("catalogue.active_named", name=row.name),
                class_name="switch",
            ),
            ui.icon_button(
                "trash-2",
                t("catalogue.delete_named", name=row.name),
                size="sm",
                tip="",
                on_click=CatalogueState.ask_delete(row.id),
            ),
            class_name="flex shrink-0 items-center gap-2",
        ),
        key=row.id,
        class_name="flex items-center gap-3 px-4 py-3 hover:bg-hover",
    )


def _stock(row: rx.Var[Any]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            row.out,
            ui.badge(t("catalogue.out"), tone="warning"),
            rx.cond(
                row.stock >= 0,
                rx.el.span(t("catalogue.stock_count", count=row.stock), class_name="text-muted"),
            ),
        ),
        rx.cond(row.active, rx.fragment(), ui.badge(t("catalogue.off"), icon="eye-off")),
    )


def _pages() -> rx.Component:
    return ui.pagination(
        t(
            "catalogue.count_page",
            count=CatalogueState.found,
            page=CatalogueState.page,
            pages=CatalogueState.pages,
        ),
        has_previous=CatalogueState.page > 1,
        has_next=CatalogueState.page < CatalogueState.pages,
        on_previous=CatalogueState.earlier,
        on_next=CatalogueState.later,
    )
