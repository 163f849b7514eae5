"""Trying the assistant, as a customer would meet it."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant.handover import REASONS
from chatrigo.domain.assistant.rehearsal import MAX_QUESTION
from components import ui
from components.text import t
from components.thread import evidence
from state.playground import PlaygroundState

ACTS = ("model", "approved", "small_talk")


def playground() -> rx.Component:
    return ui.card(
        rx.el.header(
            rx.el.div(
                rx.el.h2(t("assistant.try_title"), class_name="text-lead font-bold"),
                rx.el.p(t("assistant.try_text"), class_name="text-small text-pretty text-muted"),
                class_name="min-w-0 grow",
            ),
            rx.cond(
                PlaygroundState.turns.length() > 0,
                ui.icon_button(
                    "rotate-ccw",
                    t("assistant.try_again"),
                    size="sm",
                    tip="left",
                    on_click=PlaygroundState.start_over,
                ),
            ),
            class_name="flex items-start gap-2 border-b border-border p-4",
        ),
        ui.message_list(
            rx.cond(
                PlaygroundState.turns.length() > 0,
                rx.foreach(PlaygroundState.turns, _turn),
                rx.el.p(
                    t("assistant.try_empty"),
                    class_name="m-auto max-w-60 text-center text-pretty text-muted",
                ),
            ),
            rx.cond(PlaygroundState.asking, _draft()),
            id="playground-log",
            label=t("assistant.try_title"),
            class_name="h-[calc(100dvh-30rem)] min-h-64 overflow-y-auto bg-canvas lg:h-[28rem]",
        ),
        rx.cond(
            PlaygroundState.error != "",
            ui.banner(PlaygroundState.error, tone="danger", class_name="mx-3 mt-3"),
        ),
        rx.el.form(
            ui.input_box(
                name="question",
                placeholder=t("assistant.try_placeholder"),
                aria_label=t("assistant.try_label"),
                max_length=MAX_QUESTION,
                auto_complete="off",
                enter_key_hint="send",
                class_name="min-w-0 grow",
            ),
            ui.icon_button(
                "send",
                t("assistant.try_send"),
                variant="primary",
                tip="",
                type="submit",
                loading=PlaygroundState.asking,
            ),
            on_submit=PlaygroundState.ask,
            reset_on_submit=True,
            class_name="flex gap-2 border-t border-border p-3",
        ),
        padded=False,
    )


def _turn(turn: rx.Var[Any]) -> rx.Component:
    return rx.cond(
        turn.author == "customer",
        ui.bubble("customer", turn.text, mine=True),
        ui.bubble("ai", turn.text, below=_why(turn)),
    )


def _draft() -> rx.Component:
    return rx.cond(
        PlaygroundState.draft != "",
        ui.bubble("ai", PlaygroundState.draft, meta=ui.typing_dots()),
        ui.typing_bubble(),
    )


def _why(turn: rx.Var[Any]) -> rx.Component:
    """What the assistant did, and what the answer stands on."""
    return rx.el.div(
        rx.el.div(
            rx.cond(turn.act == "handover", _handover(turn.reason), _act(turn.act)),
            rx.el.span(
                t("assistant.took", ms=turn.milliseconds),
                rx.cond(turn.tokens > 0, rx.el.span(" · ", t("inbox.tokens", count=turn.tokens))),
                class_name="text-caption text-muted tabular-nums",
            ),
            class_name="flex flex-wrap items-center gap-2 px-1",
        ),
        rx.cond(
            turn.evidence.to(list).length() > 0,
            rx.el.details(
                rx.el.summary(
                    t("inbox.evidence_count", count=turn.evidence.to(list).length()),
                    class_name="cursor-pointer rounded-small px-1 py-1 text-caption font-semibold "
                    "text-ai-ink",
                ),
                rx.el.div(
                    rx.foreach(turn.evidence, evidence), class_name="mt-1 flex flex-col gap-2"
                ),
            ),
        ),
        class_name="flex w-full min-w-0 flex-col gap-1",
    )


def _act(act: rx.Var[Any]) -> rx.Component:
    return ui.badge(
        rx.match(
            act,
            *[(name, t(f"assistant.act_{name}")) for name in ACTS[1:]],
            t("assistant.act_model"),
        ),
        tone="ai",
    )


def _handover(reason: rx.Var[Any]) -> rx.Component:
    why = rx.match(
        reason, *[(name, t(f"inbox.reason_{name}")) for name in REASONS], t("inbox.reason_failure")
    )
    return ui.badge(t("assistant.act_handover", reason=why), tone="sun", icon="user-round")
