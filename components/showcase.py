"""The product, shown with its own parts: pictures for the landing page that nobody can click."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from components.ui.words import Words


def exchange() -> rx.Component:
    """A customer's chat: asked in slang, answered, handed over, answered by a person."""
    return _device(
        rx.el.div(
            rx.el.span(
                rx.icon("coffee", size=18),
                class_name="grid size-9 place-items-center rounded-full bg-sun text-sun-contrast",
            ),
            rx.el.div(
                rx.el.p(t("landing.shop"), class_name="text-small font-bold"),
                rx.el.p(
                    ui.dot("positive"),
                    t("landing.shop_status"),
                    class_name="flex items-center gap-1.5 text-caption text-muted",
                ),
            ),
            class_name="flex items-center gap-2.5 border-b border-border px-4 py-3",
        ),
        rx.el.div(
            _turn(0.2, ui.bubble("customer", t("landing.chat_1"), mine=True)),
            _turn(0.9, _from("ai", "landing.chat_2")),
            _turn(1.8, ui.bubble("customer", t("landing.chat_3"), mine=True)),
            _turn(2.5, _from("ai", "landing.chat_4")),
            _turn(3.3, ui.system_line(t("landing.chat_joined"), icon="hand")),
            _turn(3.7, _from("person", "landing.chat_5")),
            class_name="flex grow flex-col gap-2.5 px-3.5 py-4 text-small",
        ),
        rx.el.div(
            rx.el.span(t("landing.chat_write"), class_name="grow text-small text-faint"),
            rx.el.span(
                rx.icon("send-horizontal", size=16),
                class_name="grid size-8 place-items-center rounded-full bg-accent text-accent-contrast",
            ),
            class_name="m-3 flex items-center gap-2 rounded-full bg-sunken py-1.5 pr-1.5 pl-4",
        ),
    )


def inbox() -> rx.Component:
    """The owner's phone at the same moment."""
    return _device(
        rx.el.div(
            rx.el.p(t("landing.inbox"), class_name="text-title font-extrabold tracking-tight"),
            rx.icon("search", size=18, class_name="text-muted"),
            class_name="flex items-center justify-between px-4 pt-4",
        ),
        rx.el.div(
            _filter(t("landing.inbox_all")),
            _filter(t("landing.inbox_waiting"), chosen=True),
            _filter(t("landing.inbox_mine")),
            class_name="flex gap-1.5 overflow-hidden px-4 pt-3 pb-2",
        ),
        rx.el.div(
            _row(
                "Rina Wulandari",
                1,
                t("landing.now"),
                ui.badge(t("landing.inbox_waiting"), tone="sun", icon="hand"),
                ui.chip(t("landing.label_wholesale"), "amber"),
                unread=True,
            ),
            _row(
                "Bu Hesti",
                2,
                t("landing.minutes", n=4),
                ui.badge(t("landing.answered"), tone="ai", icon="sparkles"),
            ),
            _row(
                "Yoga",
                3,
                t("landing.minutes", n=12),
                ui.badge(t("landing.resolved"), tone="positive", icon="check"),
            ),
            _row(
                "Pengunjung 4127",
                4,
                t("landing.minutes", n=26),
                ui.badge(t("landing.answered"), tone="ai", icon="sparkles"),
            ),
            class_name="flex grow flex-col divide-y divide-border",
        ),
        rx.el.div(
            *[
                rx.el.span(
                    rx.icon(icon, size=20),
                    class_name="grid place-items-center py-3 "
                    + ("text-accent-ink" if icon == "inbox" else "text-muted"),
                )
                for icon in ("inbox", "book-open", "sparkles", "settings")
            ],
            class_name="grid grid-cols-4 border-t border-border",
        ),
    )


def taught() -> rx.Component:
    """An answer with the place it comes from."""
    return _scene(
        ui.bubble("customer", t("landing.taught_ask")),
        ui.bubble(
            "ai",
            t("landing.taught_answer"),
            mine=True,
            below=ui.badge(t("landing.taught_source"), tone="ai", icon="book-open"),
        ),
    )


def slang() -> rx.Component:
    """What people write, and what it was understood to ask."""
    return _scene(
        *[
            rx.el.div(
                ui.bubble("customer", t(f"landing.slang_{number}")),
                rx.icon("arrow-right", size=16, class_name="shrink-0 text-muted"),
                rx.el.span(
                    t(f"landing.slang_{number}_is"),
                    class_name="min-w-0 text-small font-semibold text-accent-ink",
                ),
                class_name="grid grid-cols-[1fr_auto_1fr] items-center gap-2.5",
            )
            for number in (1, 2, 3)
        ]
    )


def handover() -> rx.Component:
    """A customer asks for a person."""
    return _scene(
        ui.bubble("customer", t("landing.handover_ask")),
        ui.system_line(t("landing.handover_line"), icon="hand"),
        rx.el.span(
            rx.icon("hand", size=16),
            t("landing.handover_take"),
            class_name="inline-flex min-h-10 items-center gap-2 self-center rounded-control "
            "bg-accent px-4 text-small font-semibold text-accent-contrast",
        ),
    )


def teamwork() -> rx.Component:
    """Who has it, what it is about, and a note for the team."""
    return _scene(
        rx.el.div(
            ui.avatar("Rina Wulandari", size="sm"),
            rx.el.span(t("landing.row_1_name"), class_name="text-small font-bold"),
            class_name="flex items-center gap-2.5",
        ),
        rx.el.div(
            ui.badge(t("landing.inbox_assigned"), tone="accent", icon="user-check"),
            ui.chip(t("landing.label_wholesale"), "amber"),
            ui.chip("VIP", "violet"),
            class_name="flex flex-wrap gap-1.5",
        ),
        ui.bubble("note", t("landing.inbox_note"), mine=True),
    )


def _device(*children: Any) -> rx.Component:
    return rx.el.div(
        *children,
        class_name="flex h-full w-full flex-col overflow-hidden rounded-[1.75rem] border "
        "border-border bg-surface text-ink shadow-pop",
    )


def _scene(*children: Any) -> rx.Component:
    return rx.el.div(
        *children,
        aria_hidden=True,
        class_name="flex min-h-52 flex-col justify-center gap-2.5 rounded-card bg-canvas p-4 text-small",
    )


def _turn(seconds: float, message: rx.Component) -> rx.Component:
    return rx.el.div(message, class_name="arrive flex flex-col", style={"--turn": str(seconds)})


def _from(author: str, key: str) -> rx.Component:
    name = t("landing.assistant") if author == "ai" else t("landing.person")
    return ui.bubble(author, t(key), heading=name)


def _filter(text: Words, *, chosen: bool = False) -> rx.Component:
    look = "bg-accent-soft text-accent-ink" if chosen else "bg-sunken text-muted"
    return rx.el.span(
        text,
        class_name=f"rounded-full px-3 py-1 text-caption font-semibold whitespace-nowrap {look}",
    )


def _row(
    face: str, number: int, when: Words, *marks: rx.Component, unread: bool = False
) -> rx.Component:
    weight = "font-bold text-ink" if unread else "text-muted"
    return rx.el.div(
        ui.avatar(face, class_name="size-10"),
        rx.el.div(
            rx.el.div(
                rx.el.span(
                    t(f"landing.row_{number}_name"), class_name="truncate text-small font-bold"
                ),
                ui.time(when),
                class_name="flex items-baseline justify-between gap-2",
            ),
            rx.el.p(t(f"landing.row_{number}_text"), class_name=f"truncate text-small {weight}"),
            rx.el.div(*marks, class_name="mt-1.5 flex gap-1.5 overflow-hidden"),
            class_name="min-w-0 grow",
        ),
        class_name="flex items-start gap-3 px-4 py-3",
    )
