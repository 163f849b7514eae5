"""The language model of a business: what answers now, the choice, what it took."""

from typing import Any

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.text import t
from pages.settings.model.form import form
from pages.settings.model.usage import usage
from state.model import ModelState

TITLE = "Model AI · Chatrigo"

__all__ = ["TITLE", "page"]


def page() -> rx.Component:
    return signed_in(_model(), active="settings", needs="keys")


def _model() -> rx.Component:
    return ui.page_body(
        ui.page_header(t("model.title"), t("model.text"), back="/settings"),
        rx.cond(
            ModelState.loaded,
            rx.fragment(_now(), form(), usage()),
            rx.cond(ModelState.failed, ui.error_state(ModelState.load), ui.skeleton_list(4)),
        ),
        narrow=True,
    )


def _now() -> rx.Component:
    models = ModelState.models
    return ui.card(
        ui.card_header(t("model.now_title")),
        rx.el.div(
            _one("first", t("model.now_first"), models.first, ModelState.first),
            _one("second", t("model.now_second"), models.second, ModelState.second),
            class_name="divide-y divide-border",
        ),
    )


def _one(which: str, label: Any, model: Any, trial: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(label, class_name="text-small text-muted"),
        rx.cond(
            model.name != "",
            rx.el.div(
                rx.el.div(
                    rx.el.p(model.name, class_name="font-semibold break-words"),
                    rx.el.div(
                        rx.el.span(
                            rx.cond(
                                model.own,
                                t("model.of_you", host=model.host),
                                t("model.of_platform"),
                            ),
                            class_name="text-small break-words text-muted",
                        ),
                        rx.cond(model.sees, ui.badge(t("model.sees"), tone="ai", icon="eye")),
                        class_name="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1",
                    ),
                    class_name="min-w-0 grow",
                ),
                ui.button(
                    rx.cond(ModelState.trying == which, t("model.trying"), t("model.try")),
                    variant="secondary",
                    size="sm",
                    icon="zap",
                    loading=ModelState.trying == which,
                    disabled=ModelState.trying != "",
                    on_click=ModelState.try_it(which),
                ),
                class_name="flex items-start gap-3",
            ),
            rx.el.p(t(f"model.none_{which}"), class_name="text-pretty"),
        ),
        rx.el.p(
            rx.cond(
                trial.text != "",
                rx.el.span(
                    rx.cond(
                        trial.ok,
                        rx.icon("circle-check", size=16, class_name="mt-0.5 shrink-0"),
                        rx.icon("triangle-alert", size=16, class_name="mt-0.5 shrink-0"),
                    ),
                    rx.el.span(trial.text, class_name="min-w-0 break-words"),
                    class_name=rx.cond(
                        trial.ok,
                        "mt-2 flex items-start gap-2 text-small text-positive-ink",
                        "mt-2 flex items-start gap-2 text-small text-danger-ink",
                    ),
                ),
            ),
            role="status",
        ),
        class_name="flex flex-col gap-1 py-3 first:pt-0 last:pb-0",
    )
