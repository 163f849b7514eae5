"""Follow-ups, as a list and beside a conversation."""

from typing import Any

import reflex as rx

from components import ui, when
from components.text import t
from state.follow_ups import FollowUpsState


def follow_up_line(row: rx.Var[Any], *, with_name: bool) -> rx.Component:
    """One promise with its time and a way to tick it off."""
    name = rx.cond(row.contact_name != "", row.contact_name, t("follow_up.nameless"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                row.what,
                class_name="font-semibold break-words"
                if with_name
                else "text-small font-semibold break-words",
            ),
            rx.el.div(
                rx.el.span(
                    when.day(row.due_at, row.zone),
                    ", ",
                    when.clock(row.due_at, row.zone, "tabular-nums"),
                ),
                rx.cond(row.overdue, ui.badge(t("follow_up.overdue"), tone="warning")),
                ui.link(name, f"/inbox/{row.conversation_id}") if with_name else rx.fragment(),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-muted",
            ),
            class_name="flex min-w-0 grow flex-col gap-0.5",
        ),
        ui.icon_button(
            "check",
            t("follow_up.done_named", what=row.what),
            size="sm",
            tip="",
            on_click=FollowUpsState.finish(row.id),
        ),
        key=row.id,
        class_name="flex items-center gap-3 py-2",
    )


def follow_ups_link() -> rx.Component:
    """From the head of the inbox to the list; the number is of those that are late."""
    return rx.el.a(
        rx.icon("calendar-check", size=20),
        rx.cond(
            FollowUpsState.overdue > 0,
            rx.el.span(
                ui.count(FollowUpsState.overdue, tone="sun"),
                class_name="absolute -top-0.5 -right-0.5",
            ),
        ),
        href="/follow-ups",
        title=t("follow_up.title"),
        aria_label=t("follow_up.waiting", count=FollowUpsState.rows.length()),
        class_name="relative grid size-11 shrink-0 place-items-center rounded-control text-muted "
        "hover:bg-hover hover:text-ink",
    )
