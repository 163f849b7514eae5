"""What the assistant knows, and trying it."""

import reflex as rx

from components import ui
from components.contradictions import contradictions
from components.signed_in import signed_in
from components.text import t
from pages.knowledge.first_steps import first_steps
from pages.knowledge.form import delete_dialog, form_dialog
from pages.knowledge.listing import listing
from pages.knowledge.spreadsheet import import_dialog
from pages.knowledge.trial import trial
from state.knowledge import IMPORT, KnowledgeState


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("knowledge.title"),
                t("knowledge.intro"),
                actions=rx.fragment(_sources(), rx.cond(KnowledgeState.counts.all > 0, _actions())),
            ),
            rx.cond(KnowledgeState.unanswered > 0, _unanswered()),
            contradictions(),
            rx.cond(
                KnowledgeState.loaded,
                rx.cond(KnowledgeState.counts.all > 0, _full(), _begun()),
                rx.cond(
                    KnowledgeState.failed,
                    ui.error_state(KnowledgeState.load),
                    ui.skeleton_list(6),
                ),
            ),
            form_dialog(),
            delete_dialog(),
            import_dialog(),
        ),
        active="knowledge",
        needs="teach",
    )


def _unanswered() -> rx.Component:
    return ui.banner(
        t("knowledge.unanswered", count=KnowledgeState.unanswered),
        tone="ai",
        action=ui.link_button(
            t("knowledge.unanswered_see"),
            "/knowledge/questions",
            size="sm",
            variant="secondary",
        ),
    )


def _sources() -> rx.Component:
    return ui.link_button(
        t("sources.open"), "/knowledge/sources", variant="secondary", icon="library"
    )


def _actions() -> rx.Component:
    return rx.fragment(
        ui.menu(
            "knowledge-more",
            ui.menu_button("knowledge-more", "ellipsis", t("knowledge.more"), variant="secondary"),
            *_file_items(),
            label=t("knowledge.more"),
        ),
        ui.button(
            t("knowledge.add_text"),
            variant="secondary",
            icon="file-text",
            on_click=KnowledgeState.compose("text"),
        ),
        ui.button(t("knowledge.add_qa"), icon="plus", on_click=KnowledgeState.compose("qa")),
    )


def _file_items() -> list[rx.Component]:
    return [
        ui.menu_item(t("knowledge.import"), icon="upload", on_click=ui.open_dialog(IMPORT)),
        ui.menu_item(t("knowledge.export"), icon="download", on_click=KnowledgeState.export),
    ]


def _begun() -> rx.Component:
    """Nothing written yet; what came of sources can be tried all the same."""
    return rx.el.div(
        rx.cond(KnowledgeState.counts.pieces > 0, trial()),
        first_steps(),
        class_name="flex flex-col gap-6",
    )


def _full() -> rx.Component:
    return rx.el.div(
        rx.el.div(listing(), class_name="min-w-0 grow max-lg:order-2"),
        rx.el.div(
            trial(),
            class_name="w-full shrink-0 max-lg:order-1 lg:sticky lg:top-6 lg:w-88",
        ),
        class_name="flex flex-col gap-6 lg:flex-row lg:items-start",
    )
