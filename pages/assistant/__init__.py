"""The assistant: its switch, its instructions, and trying it."""

from typing import Any

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.text import t
from pages.assistant.form import instructions_form
from pages.assistant.playground import playground
from state.assistant import AssistantState


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("assistant.title"),
                t("assistant.intro"),
                actions=ui.link_button(
                    t("tools.open"), "/assistant/tools", variant="secondary", icon="plug"
                ),
            ),
            rx.cond(
                AssistantState.loaded,
                _whole(),
                rx.cond(
                    AssistantState.failed,
                    ui.error_state(AssistantState.load),
                    ui.skeleton_list(6),
                ),
            ),
        ),
        active="assistant",
        needs="configure",
    )


def _whole() -> rx.Component:
    """Side by side where there is room; on a phone one at a time."""
    trying = AssistantState.part == "try"
    return rx.fragment(
        ui.segmented(
            [("instructions", t("assistant.tab_instructions")), ("try", t("assistant.tab_try"))],
            AssistantState.part,
            AssistantState.show,
            label=t("assistant.tabs"),
            class_name="lg:hidden",
        ),
        rx.el.div(
            rx.el.div(
                _standing(),
                instructions_form(),
                class_name=ui.classes(
                    "flex min-w-0 grow flex-col gap-6", rx.cond(trying, "max-lg:hidden", "")
                ),
            ),
            rx.el.div(
                playground(),
                class_name=ui.classes(
                    "w-full shrink-0 lg:sticky lg:top-6 lg:w-96",
                    rx.cond(trying, "", "max-lg:hidden"),
                ),
            ),
            class_name="flex flex-col gap-6 lg:flex-row lg:items-start",
        ),
    )


def _standing() -> rx.Component:
    """Whether it answers, and how."""
    on = AssistantState.row.enabled
    return ui.card(
        ui.switch(
            "enabled",
            rx.el.span(t("assistant.switch"), class_name="text-lead font-bold"),
            hint=rx.cond(on, t("assistant.switch_on"), t("assistant.switch_off")),
            checked=on,
            on_change=AssistantState.switch,
        ),
        rx.el.div(class_name="my-4 h-px bg-border"),
        rx.cond(
            AssistantState.model != "",
            _mode(
                "sparkles",
                t("assistant.mode_model", model=AssistantState.model),
                t("assistant.mode_model_text"),
            ),
            _mode(
                "book-open-check", t("assistant.mode_approved"), t("assistant.mode_approved_text")
            ),
        ),
    )


def _mode(icon: str, title: Any, text: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.icon(icon, size=18),
            class_name="grid size-9 shrink-0 place-items-center rounded-control bg-ai-soft text-ai-ink",
        ),
        rx.el.div(
            rx.el.p(title, class_name="font-semibold break-words"),
            rx.el.p(text, class_name="text-small text-pretty text-muted"),
            class_name="min-w-0",
        ),
        class_name="flex items-start gap-3",
    )
