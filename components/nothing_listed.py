"""What the inbox's list shows when it has no row: first steps, nothing found, or all done."""

from typing import Any

import reflex as rx

from chatrigo.config import settings
from components import ui
from components.text import t
from state.inbox import InboxState


def nothing_listed() -> rx.Component:
    looked_for = (
        (InboxState.search != "")
        | (InboxState.label != "0")
        | (InboxState.status != "open")
        | (InboxState.view != "all")
    )
    return rx.cond(
        ~InboxState.desk.used,
        _first_steps(),
        rx.cond(
            looked_for,
            ui.empty_state(
                "search-x",
                t("inbox.none_found_title"),
                t("inbox.none_found_text"),
                ui.button(
                    t("inbox.show_all"), variant="secondary", on_click=InboxState.clear_filter
                ),
            ),
            ui.empty_state("coffee", t("inbox.none_open_title"), t("inbox.none_open_text")),
        ),
    )


def _first_steps() -> rx.Component:
    """For a business whose first customer is still to come."""
    chat = f"/c/{InboxState.desk.slug}"
    return rx.el.div(
        rx.el.h2(t("inbox.empty_title"), class_name="text-title font-bold"),
        rx.el.p(t("inbox.empty_text"), class_name="text-pretty text-muted"),
        rx.el.ol(
            _step(
                "book-open",
                t("inbox.step_teach"),
                t("inbox.step_teach_text", count=InboxState.desk.taught),
                InboxState.desk.taught > 1,
                href="/knowledge",
            ),
            _step(
                "message-circle",
                t("inbox.step_try"),
                t("inbox.step_try_text"),
                False,
                href=chat,
                target="_blank",
            ),
            _step(
                "share-2",
                t("inbox.step_share"),
                t("inbox.step_share_text"),
                False,
                below=ui.copy_button(f"{settings.origin}{chat}", label=t("inbox.copy_link")),
            ),
            class_name="mt-2 flex flex-col gap-2",
        ),
        class_name="flex flex-col gap-1 p-4",
    )


def _step(
    icon: str,
    title: Any,
    text: Any,
    done: Any,
    *,
    below: Any = None,
    href: Any = None,
    **props: Any,
) -> rx.Component:
    inside = (
        rx.el.span(
            ui.when(done, rx.icon("check", size=20), rx.icon(icon, size=20)),
            class_name="grid size-10 shrink-0 place-items-center rounded-control bg-accent-soft "
            "text-accent-ink",
        ),
        rx.el.span(
            rx.el.span(title, class_name="font-semibold"),
            rx.el.span(text, class_name="text-small text-pretty text-muted"),
            rx.el.span(below, class_name="mt-2") if below is not None else rx.fragment(),
            class_name="flex min-w-0 grow flex-col",
        ),
    )
    look = "flex gap-3 rounded-card border border-border bg-surface p-3"
    if href is None:
        return rx.el.li(*inside, class_name=look)
    return rx.el.li(
        rx.el.a(
            *inside,
            rx.icon("chevron-right", size=18, class_name="shrink-0 self-center text-muted"),
            href=href,
            class_name=f"{look} hover:bg-hover",
            **props,
        )
    )
