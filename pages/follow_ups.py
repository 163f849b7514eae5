"""What was promised to customers."""

import reflex as rx

from components import ui
from components.follow_up import follow_up_line
from components.signed_in import signed_in
from components.text import t
from state.follow_ups import FollowUpsState
from state.session import SessionState

ROUTE = "/follow-ups"
TITLE = "Tindak lanjut · Chatrigo"
ON_LOAD = [SessionState.load, FollowUpsState.follow]


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(t("follow_up.title"), t("follow_up.intro"), back="/inbox"),
            rx.cond(
                FollowUpsState.loaded,
                rx.cond(FollowUpsState.rows.length() > 0, _list(), _empty()),
                rx.cond(
                    FollowUpsState.failed,
                    ui.error_state(FollowUpsState.load),
                    ui.skeleton_list(4),
                ),
            ),
            narrow=True,
        ),
        active="inbox",
    )


def _list() -> rx.Component:
    return ui.card(
        rx.el.ul(
            rx.foreach(FollowUpsState.rows, lambda row: follow_up_line(row, with_name=True)),
            aria_label=t("follow_up.list"),
            class_name="divide-y divide-border px-4 py-1",
        ),
        padded=False,
    )


def _empty() -> rx.Component:
    return ui.card(
        ui.empty_state("calendar-check", t("follow_up.empty"), t("follow_up.empty_text"))
    )
