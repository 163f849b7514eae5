"""What the business sells."""

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.text import t
from pages.catalogue.form import delete_dialog, form_dialog
from pages.catalogue.listing import listing
from pages.catalogue.spreadsheet import import_dialog
from state.catalogue import IMPORT, CatalogueState

TITLE = "Katalog · Chatrigo"


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("catalogue.title"),
                t("catalogue.intro"),
                actions=rx.cond(CatalogueState.counts.all > 0, _actions()),
            ),
            rx.cond(
                CatalogueState.loaded,
                rx.cond(CatalogueState.counts.all > 0, listing(), _empty()),
                rx.cond(
                    CatalogueState.failed,
                    ui.error_state(CatalogueState.load),
                    ui.skeleton_list(6),
                ),
            ),
            form_dialog(),
            delete_dialog(),
            import_dialog(),
        ),
        active="catalogue",
        needs="teach",
    )


def _actions() -> rx.Component:
    return rx.fragment(
        ui.menu(
            "catalogue-more",
            ui.menu_button("catalogue-more", "ellipsis", t("catalogue.more"), variant="secondary"),
            ui.menu_item(t("catalogue.import"), icon="upload", on_click=ui.open_dialog(IMPORT)),
            ui.menu_item(
                t("catalogue.export_csv"), icon="download", on_click=CatalogueState.export("csv")
            ),
            ui.menu_item(
                t("catalogue.export_xlsx"), icon="download", on_click=CatalogueState.export("xlsx")
            ),
            label=t("catalogue.more"),
        ),
        ui.button(t("catalogue.add"), icon="plus", on_click=CatalogueState.compose),
    )


def _empty() -> rx.Component:
    return ui.card(
        ui.empty_state(
            "shopping-bag",
            t("catalogue.empty"),
            t("catalogue.empty_text"),
            rx.el.div(
                ui.button(t("catalogue.add"), icon="plus", on_click=CatalogueState.compose),
                ui.button(
                    t("catalogue.import"),
                    variant="secondary",
                    icon="upload",
                    on_click=ui.open_dialog(IMPORT),
                ),
                class_name="flex flex-wrap justify-center gap-2",
            ),
        ),
    )
