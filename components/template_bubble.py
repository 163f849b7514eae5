"""A WhatsApp template as the customer will read it."""

from typing import Any

import reflex as rx

from components.text import t

ICONS = {"link": "external-link", "call": "phone", "code": "copy"}


def template_bubble(row: Any) -> rx.Component:
    """Header, body, footer and buttons of a `TemplateRow`, in one bubble."""
    return rx.el.figure(
        rx.el.figcaption(t("templates.bubble"), class_name="sr-only"),
        rx.el.div(
            rx.match(
                row.header_kind,
                ("", rx.fragment()),
                ("text", rx.el.p(row.header, class_name="font-bold break-words")),
                rx.el.p(
                    rx.icon("paperclip", size=15, class_name="mr-1 -mt-0.5 inline"),
                    t("templates.header_media"),
                    class_name="text-small text-muted",
                ),
            ),
            rx.el.p(row.body, class_name="break-words whitespace-pre-wrap"),
            rx.cond(
                row.footer != "",
                rx.el.p(row.footer, class_name="text-caption break-words text-muted"),
            ),
            class_name="flex flex-col gap-1.5 px-3.5 py-2.5",
        ),
        rx.foreach(row.buttons, _button),
        class_name="w-full max-w-sm overflow-hidden rounded-bubble border border-border bg-surface "
        "shadow-card",
    )


def _button(button: Any) -> rx.Component:
    return rx.el.div(
        rx.match(
            button.kind,
            *((kind, rx.icon(icon, size=15)) for kind, icon in ICONS.items()),
            rx.icon("reply", size=15),
        ),
        rx.el.span(button.text, class_name="truncate"),
        class_name="flex items-center justify-center gap-2 border-t border-border px-3 py-2 "
        "text-small font-semibold text-accent-ink",
    )
