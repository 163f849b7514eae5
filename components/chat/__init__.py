"""
The customer's side of a conversation.

Composer, outbox and scrolling belong to assets/chat.js, which finds its places by id: React
renders them once and leaves their contents alone.
"""

import reflex as rx

from chatrigo.config import settings
from chatrigo.domain.conversations.post import LONGEST
from components import ui
from components.chat.composer import composer
from components.chat.history import history
from components.chat.on_the_way import on_the_way
from components.shell import preferences
from components.text import t
from state.chat import ChatState


def chat() -> rx.Component:
    """The whole page; a column in the middle on wide screens, all of it in the widget."""
    return rx.el.div(
        rx.match(
            ChatState.standing,
            ("unknown", _problem(_unknown())),
            ("failed", _problem(ui.error_state(ChatState.follow, text=t("chat.failed_text")))),
            _conversation(),
        ),
        on_mount=rx.call_script("window.chatrigo?.mount()"),
        class_name="h-dvh bg-sunken text-ink",
    )


def _conversation() -> rx.Component:
    return rx.el.main(
        _header(),
        _offline(),
        rx.cond(ChatState.standing == "closed", _closed()),
        history(),
        rx.el.div(composer(), class_name="group-data-[standing=closed]/chat:hidden"),
        on_the_way(),
        _drop_target(),
        id="chat",
        data_name=ChatState.face.name,
        data_standing=ChatState.standing,
        data_limit=str(LONGEST),
        data_megabytes=str(settings.attachment_megabytes),
        class_name="group/chat relative mx-auto flex h-full w-full max-w-3xl flex-col overflow-hidden "
        "bg-canvas sm:border-x sm:border-border in-data-embed:border-x-0",
    )


def _header() -> rx.Component:
    loading = ChatState.standing == "loading"
    return rx.el.header(
        rx.cond(
            loading,
            ui.skeleton("size-11 shrink-0 rounded-full"),
            ui.avatar(ChatState.face.name),
        ),
        rx.el.div(
            rx.cond(
                loading,
                ui.skeleton("h-4 w-36"),
                rx.el.h1(ChatState.face.name, class_name="truncate text-lead font-bold"),
            ),
            rx.cond(loading, ui.skeleton("mt-2 h-3 w-48"), _who_answers()),
            class_name="min-w-0 grow",
        ),
        ui.menu(
            "chat-menu",
            ui.menu_button("chat-menu", "ellipsis-vertical", t("chat.menu")),
            rx.el.div(preferences(), class_name="px-3 py-2"),
            label=t("chat.menu"),
            class_name="w-72",
        ),
        rx.el.div(
            ui.icon_button("x", t("chat.close"), tip="", data_chat="close"),
            class_name="hidden in-data-embed:block",
        ),
        class_name="z-sticky flex shrink-0 items-center gap-3 border-b border-border bg-surface px-3 py-2.5 "
        "pt-[max(0.625rem,env(safe-area-inset-top))] shadow-card sm:px-4",
    )


def _who_answers() -> rx.Component:
    text = rx.cond(
        ChatState.standing == "closed",
        t("chat.closed"),
        rx.cond(
            ChatState.by_person,
            rx.cond(ChatState.waiting, t("chat.person_called"), t("chat.person_here")),
            t("chat.assistant_fast"),
        ),
    )
    return rx.el.p(
        rx.el.span(
            aria_hidden=True,
            data_who=rx.cond(
                ChatState.by_person, rx.cond(ChatState.waiting, "sun", "person"), "ai"
            ),
            class_name="size-2 shrink-0 rounded-full bg-ai data-[who=person]:bg-positive "
            "data-[who=sun]:bg-sun",
        ),
        rx.el.span(text),
        role="status",
        class_name="flex items-center gap-1.5 text-caption leading-tight text-muted",
    )


def _closed() -> rx.Component:
    """The shop is suspended: what was said stays in view, and nothing can be written."""
    return ui.banner(t("chat.closed_text"), tone="warning", icon="store", class_name="m-3 shrink-0")


def _offline() -> rx.Component:
    return rx.el.p(
        rx.icon("wifi-off", size=16, class_name="shrink-0"),
        t("chat.offline"),
        role="status",
        class_name="hidden shrink-0 items-center justify-center gap-2 bg-sun px-4 py-1.5 text-center "
        "text-small font-semibold text-sun-contrast group-data-[offline=true]/chat:flex",
    )


def _drop_target() -> rx.Component:
    return rx.el.div(
        rx.icon("image-up", size=32),
        t("chat.drop_here"),
        aria_hidden=True,
        class_name="pointer-events-none absolute inset-3 z-banner hidden flex-col items-center justify-center gap-3 "
        "rounded-card border-2 border-dashed border-accent bg-accent-soft/90 text-lead font-semibold "
        "text-accent-ink group-data-[dragging=true]/chat:flex",
    )


def _unknown() -> rx.Component:
    return ui.empty_state("store", t("chat.unknown_title"), t("chat.unknown_text"))


def _problem(state: rx.Component) -> rx.Component:
    return rx.el.main(state, class_name="grid h-full place-items-center bg-canvas p-4")
