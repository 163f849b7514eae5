"""Where the customer writes, and chooses pictures."""

import reflex as rx

from components import ui
from components.text import t
from state.chat import ChatState

PICTURES = "image/jpeg,image/png,image/webp,image/gif"


def composer() -> rx.Component:
    return rx.el.form(
        rx.cond(
            (ChatState.standing == "open") & ~ChatState.by_person,
            ui.button(
                t("chat.ask_person"),
                variant="soft",
                size="sm",
                icon="hand",
                on_click=ChatState.ask_for_person,
                class_name="rounded-full",
            ),
        ),
        _notice(),
        _attachment(),
        rx.el.div(
            _file_input("chat-file", "paperclip", t("chat.attach")),
            _file_input("chat-camera", "camera", t("chat.camera"), only_on_phones=True),
            rx.el.textarea(
                id="chat-text",
                rows=1,
                dir="auto",
                auto_complete="off",
                aria_label=t("chat.message"),
                aria_describedby="chat-count",
                placeholder=t("chat.write"),
                class_name="field-sizing-content max-h-36 min-h-11 min-w-0 grow resize-none rounded-[1.375rem] "
                "border border-strong bg-surface px-4 py-2.5 text-[1rem] leading-6 outline-none "
                "focus:border-accent focus:ring-3 focus:ring-accent/25 aria-invalid:border-danger",
            ),
            rx.el.button(
                rx.icon("send-horizontal", size=20),
                type="submit",
                id="chat-send",
                aria_label=t("chat.send"),
                class_name="grid size-11 shrink-0 place-items-center rounded-full bg-accent text-accent-contrast "
                "transition-[background-color,scale] hover:bg-accent-hover active:scale-95 disabled:opacity-55",
            ),
            class_name="flex w-full items-end gap-1.5",
        ),
        rx.el.p(
            id="chat-count",
            aria_live="polite",
            class_name="self-end text-caption text-muted tabular-nums empty:hidden data-[over=true]:font-semibold "
            "data-[over=true]:text-danger-ink",
        ),
        id="chat-form",
        class_name="z-sticky flex shrink-0 flex-col items-start gap-2 border-t border-border bg-surface px-3 pt-2.5 "
        "pb-[max(0.625rem,env(safe-area-inset-bottom))] sm:px-4",
    )


def _file_input(
    id_: str, icon: str, label: rx.Var[str], *, only_on_phones: bool = False
) -> rx.Component:
    """A label is its button; the input stays focusable."""
    return rx.el.label(
        rx.el.input(
            id=id_,
            type="file",
            accept=PICTURES,
            aria_label=label,
            class_name="sr-only",
            **({"custom_attrs": {"capture": "environment"}} if only_on_phones else {}),
        ),
        rx.icon(icon, size=21),
        title=label,
        class_name="size-11 shrink-0 cursor-pointer place-items-center rounded-full text-muted hover:bg-hover "
        "hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-focus "
        + ("hidden pointer-coarse:grid" if only_on_phones else "grid"),
    )


def _notice() -> rx.Component:
    return rx.el.p(
        id="chat-notice",
        role="alert",
        class_name="rounded-control bg-danger-soft px-3 py-2 text-small font-medium text-danger-ink empty:hidden",
    )


def _attachment() -> rx.Component:
    """The chosen picture while it travels."""
    return rx.el.div(
        rx.el.img(
            id="chat-preview",
            alt=t("chat.preview"),
            class_name="size-14 shrink-0 rounded-small object-cover",
        ),
        rx.el.progress(
            id="chat-progress",
            max=100,
            value=0,
            aria_label=t("chat.uploading"),
            class_name="progress min-w-0 grow data-[done=true]:invisible",
        ),
        ui.icon_button("x", t("chat.remove_picture"), tip="", data_chat="drop-picture"),
        id="chat-attachment",
        hidden=True,
        class_name="flex w-full items-center gap-3 rounded-control bg-sunken p-2",
    )
