"""The assistant: its switch, its instructions, their tests and versions, and trying it."""

from typing import Any

import reflex as rx

from components import ui
from components.contradictions import contradictions
from components.text import t
from pages.assistant import history as history_screen
from pages.assistant import own_tests as tests_screen
from pages.assistant.form import instructions_form
from pages.assistant.frame import framed
from pages.assistant.playground import playground
from pages.assistant.publishing import discard_dialog, publish_dialog
from state.assistant import AssistantState
from state.assistant_history import HistoryState
from state.own_tests import OwnTestsState
from state.playground import PlaygroundState


def page() -> rx.Component:
    return framed(
        "instructions",
        rx.el.div(
            _standing(),
            contradictions(),
            instructions_form(),
            publish_dialog(),
            discard_dialog(),
            class_name="flex max-w-3xl flex-col gap-6",
        ),
        loaded=AssistantState.loaded,
        failed=AssistantState.failed,
        again=AssistantState.load,
    )


def tests() -> rx.Component:
    return framed(
        "tests",
        tests_screen.body(),
        loaded=OwnTestsState.loaded,
        failed=OwnTestsState.failed,
        again=OwnTestsState.load,
    )


def history() -> rx.Component:
    return framed(
        "history",
        history_screen.body(),
        loaded=HistoryState.loaded,
        failed=HistoryState.failed,
        again=HistoryState.load,
    )


def trying() -> rx.Component:
    return framed(
        "try",
        playground(),
        loaded=PlaygroundState.loaded,
        failed=PlaygroundState.failed,
        again=PlaygroundState.load,
    )


def _standing() -> rx.Component:
    """Whether it answers, and how."""
    on = AssistantState.enabled
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
