"""Sending a template into a conversation: which one, its variables, how it will read."""

from typing import Any

import reflex as rx

from components import ui
from components.template_bubble import template_bubble
from components.text import t
from state.inbox import InboxState
from state.templates import SEND, SendTemplateState


def send_template_button() -> rx.Component:
    """Under a conversation on WhatsApp."""
    return rx.cond(
        InboxState.current.channel == "whatsapp",
        ui.button(
            t("templates.send"),
            variant="soft",
            size="sm",
            icon="layout-template",
            type="button",
            on_click=SendTemplateState.open_for(InboxState.current.id),
            class_name="self-start",
        ),
    )


def template_dialog() -> rx.Component:
    return ui.dialog(
        SEND,
        t("templates.send_title"),
        rx.el.p(t("templates.send_text"), class_name="text-pretty text-muted"),
        rx.cond(
            SendTemplateState.rows.length() > 0,
            rx.el.form(
                ui.field(
                    t("templates.choose"),
                    ui.select(
                        rx.foreach(
                            SendTemplateState.rows,
                            lambda row: rx.el.option(row.name, value=row.id.to(str)),
                        ),
                        id="template-chosen",
                        name="template",
                        value=SendTemplateState.shown.id.to(str),
                        on_change=SendTemplateState.choose,
                    ),
                    for_id="template-chosen",
                ),
                rx.foreach(SendTemplateState.shown.variables, _variable),
                template_bubble(SendTemplateState.shown),
                rx.cond(
                    SendTemplateState.error != "",
                    ui.banner(SendTemplateState.error, tone="danger"),
                ),
                id="template-send-form",
                no_validate=True,
                on_submit=SendTemplateState.send,
                class_name="flex flex-col gap-4",
            ),
            ui.empty_state(
                "layout-template", t("templates.none_sendable"), t("templates.empty_text")
            ),
        ),
        actions=rx.cond(
            SendTemplateState.rows.length() > 0,
            ui.button(t("templates.send"), type="submit", form="template-send-form"),
        ),
    )


def _variable(variable: Any) -> rx.Component:
    label = rx.match(
        variable.part,
        ("header", t("templates.variable_header")),
        ("button", t("templates.variable_button")),
        t("templates.variable_body", number=variable.number),
    )
    return ui.field(
        label,
        ui.input_box(
            name=variable.name,
            id=f"variable-{variable.name}",
            key=f"{SendTemplateState.shown.id}-{variable.name}",
            placeholder=variable.example,
            max_length=1024,
            auto_complete="off",
            on_blur=lambda text: SendTemplateState.fill(variable.name, text),
        ),
        for_id=f"variable-{variable.name}",
    )
