"""Where a reply or a note is written; what happens as one types is in assets/inbox.js."""

from typing import Any

import reflex as rx

from chatrigo.domain.conversations.post import LONGEST
from chatrigo.domain.settings.canned import CannedRow
from components import ui
from components.channel_bubble import window
from components.template_dialog import send_template_button
from components.text import t
from state.inbox import InboxState


def composer() -> rx.Component:
    return rx.cond(
        InboxState.desk.may_write,
        _form(),
        rx.el.p(
            t("inbox.composer_read_only"),
            class_name="shrink-0 border-t border-border bg-surface p-4 text-center text-small text-muted",
        ),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="conversation", value=InboxState.current.id.to(str)),
        rx.el.input(type="hidden", name="key", default_value=""),
        _canned(),
        window(),
        send_template_button(),
        rx.el.div(
            _mode("reply", "reply", t("inbox.composer_reply"), default_checked=True),
            _mode("note", "sticky-note", t("inbox.composer_note")),
            rx.el.span(class_name="grow"),
            rx.cond(
                InboxState.current.handler == "ai",
                rx.el.span(
                    t("inbox.composer_takes_over"),
                    class_name="truncate text-caption text-muted group-has-[[value=note]:checked]:hidden max-sm:hidden",
                ),
            ),
            class_name="flex items-center gap-1",
        ),
        rx.el.div(
            ui.icon_button(
                "zap",
                t("inbox.canned"),
                tip="top",
                data_canned=True,
            ),
            _box(),
            ui.icon_button(
                "send-horizontal",
                t("inbox.send"),
                variant="primary",
                tip="top",
                type="submit",
                class_name="group-data-[empty=true]:opacity-55 group-data-[state=sending]:animate-pulse",
            ),
            class_name="flex items-end gap-1.5",
        ),
        _trouble("failed", t("inbox.composer_failed")),
        _trouble("slow", t("inbox.composer_slow")),
        rx.el.p(
            t("inbox.composer_keys"),
            class_name="hidden text-caption text-faint [@media(pointer:fine)]:lg:block",
        ),
        id="composer",
        aria_label=t("inbox.composer"),
        data_account=InboxState.desk.account_id.to(str),
        data_empty="true",
        data_state="ready",
        on_submit=InboxState.send,
        class_name="group relative flex shrink-0 flex-col gap-1 border-t border-border bg-surface px-3 "
        "pt-1 pb-[max(0.625rem,env(safe-area-inset-bottom))] has-[[value=note]:checked]:bg-sun-soft",
    )


def _mode(value: str, icon: str, text: Any, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="mode", value=value, class_name="sr-only", **props),
        rx.icon(icon, size=15),
        text,
        class_name="inline-flex min-h-9 items-center gap-1.5 rounded-full px-3 text-small font-semibold "
        "text-muted hover:text-ink has-checked:bg-accent-soft has-checked:text-accent-ink "
        "has-[[value=note]:checked]:bg-sun has-[[value=note]:checked]:text-sun-contrast "
        "has-focus-visible:outline-2 has-focus-visible:outline-accent",
    )


def _box() -> rx.Component:
    return rx.el.textarea(
        name="body",
        id="composer-text",
        rows="1",
        max_length=LONGEST,
        auto_complete="off",
        enter_key_hint="enter",
        aria_label=t("inbox.composer"),
        aria_autocomplete="list",
        aria_controls="canned",
        aria_expanded="false",
        role="combobox",
        placeholder=t("inbox.composer_reply_hint"),
        data_reply_hint=t("inbox.composer_reply_hint"),
        data_note_hint=t("inbox.composer_note_hint"),
        dir="auto",
        class_name="max-h-40 min-h-11 min-w-0 grow resize-none field-sizing-content rounded-control border "
        "border-strong bg-surface px-3.5 py-2.5 text-base leading-6 text-ink outline-none "
        "focus:border-accent",
    )


def _trouble(state: str, text: Any) -> rx.Component:
    shown = {
        "failed": "group-data-[state=failed]:block",
        "slow": "group-data-[state=slow]:block",
    }[state]
    return rx.el.p(
        text,
        role="alert",
        class_name=f"hidden text-small font-medium text-danger-ink {shown}",
    )


def _canned() -> rx.Component:
    """The list above the box; the browser shows it and picks from it."""
    return rx.el.div(
        rx.el.div(
            rx.foreach(InboxState.desk.replies, _reply),
            id="canned-options",
            role="listbox",
            aria_label=t("inbox.canned"),
        ),
        rx.el.p(
            rx.cond(
                InboxState.desk.replies.length() > 0,
                t("inbox.canned_none"),
                t("inbox.canned_empty"),
            ),
            id="canned-none",
            class_name="px-3 py-2 text-small text-muted",
        ),
        id="canned",
        hidden=True,
        class_name="absolute inset-x-3 bottom-full z-sticky mb-2 max-h-64 overflow-y-auto rounded-card "
        "border border-border bg-raised p-1.5 shadow-raised",
    )


def _reply(reply: rx.Var[CannedRow]) -> rx.Component:
    return rx.el.div(
        rx.el.span(f"/{reply.shortcut}", class_name="shrink-0 font-bold text-accent-ink"),
        rx.el.span(reply.body, class_name="truncate text-muted"),
        id=f"canned-{reply.id}",
        key=reply.id.to(str),
        role="option",
        aria_selected="false",
        data_shortcut=reply.shortcut,
        data_body=reply.body,
        class_name="flex min-h-11 cursor-pointer items-center gap-3 rounded-small px-3 text-small "
        "hover:bg-hover aria-selected:bg-hover",
    )
