"""Nothing taught yet: two facts to begin with."""

import reflex as rx

from components import ui
from components.text import t
from state.knowledge import IMPORT, KnowledgeState


def first_steps() -> rx.Component:
    return ui.card(
        ui.empty_state(
            "book-open",
            t("knowledge.empty"),
            t("knowledge.empty_text"),
            rx.el.div(
                _example("hours", "clock"),
                _example("delivery", "truck"),
                class_name="grid w-full gap-3 text-start sm:grid-cols-2",
            ),
        ),
        rx.el.div(
            ui.button(
                t("knowledge.add_qa"),
                variant="secondary",
                icon="plus",
                on_click=KnowledgeState.compose("qa"),
            ),
            ui.button(
                t("knowledge.add_text"),
                variant="ghost",
                icon="file-text",
                on_click=KnowledgeState.compose("text"),
            ),
            ui.button(
                t("knowledge.import"),
                variant="ghost",
                icon="upload",
                on_click=ui.open_dialog(IMPORT),
            ),
            class_name="flex flex-wrap justify-center gap-2 pb-4",
        ),
    )


def _example(name: str, icon: str) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.icon(icon, size=18, class_name="shrink-0 text-accent-ink"),
            t(f"knowledge.example_{name}"),
            class_name="flex items-center gap-2 font-semibold",
        ),
        rx.el.span(
            t(f"knowledge.example_{name}_answer"), class_name="text-small text-pretty text-muted"
        ),
        type="button",
        on_click=KnowledgeState.use_example(name),
        class_name="flex flex-col gap-1.5 rounded-card border border-border bg-surface p-4 "
        "text-start shadow-card hover:border-accent hover:bg-hover",
    )
