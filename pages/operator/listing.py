"""Every business, newest first."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from pages.operator.frame import frame
from pages.operator.parts import number
from state.operator import OperatorState


def listing() -> rx.Component:
    totals = OperatorState.totals
    return frame(
        ui.page_header(t("operator.businesses"), t("operator.businesses_text")),
        rx.el.div(
            ui.stat(t("operator.count_businesses"), number(totals.businesses), icon="store"),
            ui.stat(t("operator.count_accounts"), number(totals.accounts), icon="users"),
            ui.stat(t("operator.count_suspended"), number(totals.suspended), icon="circle-pause"),
            class_name="grid grid-cols-2 gap-3 max-sm:*:last:col-span-2 sm:grid-cols-3 sm:gap-4",
        ),
        ui.search_box(
            OperatorState.query,
            OperatorState.search,
            placeholder=t("operator.search"),
            on_clear=OperatorState.clear_search,
        ),
        rx.cond(
            OperatorState.rows,
            ui.card(
                ui.table(
                    [
                        ui.Column(t("operator.business"), _name, lead=True),
                        ui.Column(
                            t("operator.members"), lambda row: number(row.members), align="end"
                        ),
                        ui.Column(
                            t("operator.conversations"),
                            lambda row: number(row.conversations),
                            align="end",
                        ),
                        ui.Column(
                            t("operator.messages_30"), lambda row: number(row.messages), align="end"
                        ),
                        ui.Column(
                            t("operator.answers_30"), lambda row: number(row.answers), align="end"
                        ),
                        ui.Column(
                            t("operator.tokens_30"), lambda row: number(row.tokens), align="end"
                        ),
                        ui.Column(t("operator.last_activity"), _active),
                        ui.Column(t("operator.created"), lambda row: ui.time(row.created)),
                    ],
                    OperatorState.rows,
                    caption=t("operator.businesses"),
                    on_row=lambda row: rx.redirect(_href(row)),
                ),
                padded=False,
                class_name="overflow-x-auto",
            ),
            ui.empty_state("search", t("operator.nothing"), t("operator.nothing_text")),
        ),
        rx.cond(
            OperatorState.pages > 1,
            ui.pagination(
                t("operator.page", page=OperatorState.page, pages=OperatorState.pages),
                has_previous=OperatorState.page > 1,
                has_next=OperatorState.page < OperatorState.pages,
                on_previous=OperatorState.turn(-1),
                on_next=OperatorState.turn(1),
            ),
        ),
        active="businesses",
        load=OperatorState.load_list,
    )


def _href(row: Any) -> rx.Var[str]:
    return "/operator/" + row.id.to_string()


def _name(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            ui.link(row.name, _href(row)),
            rx.el.p(
                row.owner_email,
                class_name="text-small text-muted max-md:break-all md:whitespace-nowrap",
            ),
            class_name="min-w-0",
        ),
        rx.cond(row.suspended != "", ui.badge(t("operator.suspended"), tone="danger")),
        rx.cond(row.support_until != "", ui.badge(t("operator.consent"), tone="info", icon="eye")),
        class_name="flex flex-wrap items-center gap-2",
    )


def _active(row: Any) -> rx.Component:
    return rx.cond(row.last_activity != "", ui.time(row.last_activity), "–")
