"""What bubbles of channels have beside their text: files, what is not shown, what did not arrive."""

from typing import Any

import reflex as rx

from components import ui, when
from components.text import t
from state.inbox import InboxState
from state.locale import LocaleState


def file_link(message: Any) -> rx.Component:
    return rx.el.a(
        rx.match(
            message.kind,
            ("audio", rx.icon("mic", size=16)),
            ("video", rx.icon("video", size=16)),
            rx.icon("file-text", size=16),
        ),
        rx.match(
            message.kind,
            ("audio", t("channels.file_audio")),
            ("video", t("channels.file_video")),
            t("channels.file_document"),
        ),
        href=message.file,
        download=True,
        aria_label=t("channels.file"),
        class_name="my-1 inline-flex min-h-9 items-center gap-2 rounded-control bg-sunken px-3 "
        "text-small font-semibold text-ink hover:bg-hover",
    )


def unsupported() -> rx.Component:
    return rx.el.p(
        rx.icon("circle-help", size=15, class_name="mr-1.5 -mt-0.5 inline"),
        t("channels.unsupported"),
        class_name="text-small text-muted",
    )


def not_delivered(message: Any) -> rx.Component:
    """Why it did not reach the customer, or may not have; of theirs, why a file is missing."""
    return rx.el.div(
        rx.el.p(
            rx.cond(LocaleState.is_english, message.failure_en, message.failure),
            role="alert",
            class_name="text-small font-medium text-pretty text-danger-ink",
        ),
        rx.cond(
            InboxState.desk.may_write & (message.author != "contact"),
            ui.button(
                t("channels.send_again"),
                variant="secondary",
                size="sm",
                icon="rotate-cw",
                on_click=InboxState.send_again(message.id),
            ),
        ),
        class_name="flex max-w-md flex-col items-end gap-1.5",
    )


def window() -> rx.Component:
    """Until when the customer may be answered freely, counted down by the browser."""
    closes = InboxState.current.window_closes_at
    return rx.cond(
        closes != "",
        rx.el.div(
            rx.el.p(
                rx.icon("timer", size=13, class_name="mr-1 -mt-0.5 inline"),
                t("channels.window_left"),
                " ",
                when.left(closes, InboxState.desk.zone, "font-semibold"),
                class_name="pt-1 text-caption text-muted group-has-[[data-over]]/window:hidden",
            ),
            rx.el.p(
                rx.icon("timer-off", size=13, class_name="mr-1 -mt-0.5 inline"),
                t("channels.window_closed"),
                class_name="hidden pt-1 text-small font-medium text-danger-ink "
                "group-has-[[data-over]]/window:block",
            ),
            class_name="group/window",
        ),
    )
