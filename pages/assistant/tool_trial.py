"""Sending a tool's request with sample arguments."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from state.tools import TRIAL, ToolsState


def trial_dialog() -> rx.Component:
    tool = ToolsState.tried
    return ui.dialog(
        TRIAL,
        t("tools.try_title", name=tool.name),
        rx.el.p(t("tools.try_text"), class_name="text-pretty text-muted"),
        rx.el.form(
            rx.foreach(tool.arguments, _sample),
            id="trial",
            key=tool.id,
            on_submit=ToolsState.try_it,
            class_name="flex flex-col gap-4",
        ),
        rx.cond(ToolsState.trial_error != "", ui.banner(ToolsState.trial_error, tone="danger")),
        rx.el.div(
            rx.cond(ToolsState.trial.state != "", _outcome()),
            aria_live="polite",
        ),
        actions=rx.fragment(
            ui.button(t("ui.close"), variant="secondary", data_close=True),
            ui.button(t("tools.try_send"), type="submit", form="trial", loading=ToolsState.trying),
        ),
    )


def _sample(argument: rx.Var[Any]) -> rx.Component:
    return rx.el.label(
        rx.el.span(argument.name, class_name="text-small font-medium"),
        ui.input_box(name=argument.name, max_length=500, auto_complete="off"),
        rx.cond(
            argument.description != "",
            rx.el.span(argument.description, class_name="text-caption text-muted"),
        ),
        class_name="flex flex-col gap-1",
    )


def _outcome() -> rx.Component:
    trial = ToolsState.trial
    return rx.el.div(
        rx.el.div(
            rx.cond(
                trial.state == "done",
                ui.badge(t("tools.try_done", status=trial.status), tone="positive"),
                rx.cond(
                    trial.status > 0,
                    ui.badge(t("tools.try_status", status=trial.status), tone="warning"),
                    ui.badge(t("tools.try_none"), tone="danger"),
                ),
            ),
            rx.el.span(
                t("tools.took", ms=trial.milliseconds),
                class_name="text-caption text-muted tabular-nums",
            ),
            class_name="flex flex-wrap items-center gap-2",
        ),
        rx.el.p(t("tools.try_told"), class_name="text-caption text-muted"),
        rx.el.pre(
            trial.text,
            tab_index=0,
            class_name="max-h-60 overflow-auto rounded-control bg-sunken p-3 text-caption "
            "whitespace-pre-wrap break-words",
        ),
        class_name="flex flex-col gap-2",
    )
