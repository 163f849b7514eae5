"""Trying a question."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from state.knowledge import KnowledgeState


def trial() -> rx.Component:
    return ui.card(
        ui.card_header(t("knowledge.try_title"), t("knowledge.try_text")),
        rx.el.form(
            ui.input_box(
                name="question",
                placeholder=t("knowledge.try_placeholder"),
                aria_label=t("knowledge.try_label"),
                max_length=500,
                enter_key_hint="search",
                auto_complete="off",
                class_name="min-w-0 grow",
            ),
            ui.button(t("knowledge.try"), type="submit", variant="soft"),
            on_submit=KnowledgeState.try_question,
            class_name="flex gap-2",
        ),
        rx.cond(
            KnowledgeState.trial_error != "",
            ui.banner(KnowledgeState.trial_error, tone="danger", class_name="mt-3"),
        ),
        rx.el.div(
            rx.cond(KnowledgeState.decision != "", _outcome()),
            aria_live="polite",
        ),
    )


def _outcome() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                t("knowledge.asked", question=KnowledgeState.question),
                class_name="min-w-0 grow text-small break-words text-muted",
            ),
            ui.icon_button(
                "x",
                t("knowledge.try_clear"),
                size="sm",
                tip="",
                on_click=KnowledgeState.clear_trial,
                class_name="-my-1.5",
            ),
            class_name="flex items-start gap-2",
        ),
        rx.match(
            KnowledgeState.decision,
            ("answer", _decision("answer", "positive", "circle-check")),
            ("unsure", _decision("unsure", "warning", "circle-help")),
            _nothing_known(),
        ),
        rx.foreach(KnowledgeState.evidence, _found),
        class_name="mt-4 flex flex-col gap-3",
    )


def _decision(name: str, tone: Any, icon: str) -> rx.Component:
    with_model, without = t(f"knowledge.decision_{name}_model"), t(f"knowledge.decision_{name}")
    return ui.banner(rx.cond(KnowledgeState.model != "", with_model, without), tone=tone, icon=icon)


def _nothing_known() -> rx.Component:
    return ui.banner(
        rx.el.div(
            t("knowledge.decision_none"),
            ui.button(
                t("knowledge.teach_this"),
                size="sm",
                variant="secondary",
                icon="plus",
                on_click=KnowledgeState.teach_question,
            ),
            class_name="flex flex-col items-start gap-2.5",
        ),
        tone="info",
        icon="user-round",
    )


def _found(row: rx.Var[Any], index: rx.Var[int]) -> rx.Component:
    first = (index == 0) & (KnowledgeState.decision == "answer")
    return rx.el.button(
        rx.el.span(
            rx.el.span(row.title, class_name="min-w-0 grow text-small font-semibold break-words"),
            rx.el.span(
                t("knowledge.match", percent=row.percent),
                class_name="shrink-0 text-caption text-muted tabular-nums",
            ),
            class_name="flex items-baseline gap-2",
        ),
        rx.el.span(
            row.body,
            class_name=ui.classes(
                "text-small break-words whitespace-pre-line text-muted",
                rx.cond(first, "", "line-clamp-2"),
            ),
        ),
        type="button",
        on_click=KnowledgeState.edit(row.entry_id),
        class_name=ui.classes(
            "flex flex-col gap-1 rounded-control border p-3 text-start hover:bg-hover",
            rx.cond(first, "border-positive", "border-border"),
        ),
    )
