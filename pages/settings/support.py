"""Letting our team look, for a while."""

from typing import Any

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.text import t
from state.support import HOURS, SupportState

TITLE = "Akses bantuan · Chatrigo"


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(t("support.title"), t("support.text"), back="/settings"),
            rx.cond(
                SupportState.loaded,
                rx.fragment(_allow(), _standing(), _visits()),
                rx.cond(
                    SupportState.failed,
                    ui.error_state(SupportState.load),
                    ui.skeleton_list(3),
                ),
            ),
            ui.confirm_dialog(
                "support-revoke",
                t("support.revoke_title"),
                t("support.revoke_text"),
                confirm=t("support.revoke"),
                on_confirm=SupportState.revoke,
                danger=True,
            ),
            narrow=True,
        ),
        active="settings",
        needs="own",
    )


def _allow() -> rx.Component:
    return ui.card(
        ui.card_header(t("support.how_long")),
        rx.el.div(
            ui.segmented(
                [(hours, t(f"support.hours_{hours}")) for hours in HOURS],
                SupportState.hours,
                SupportState.choose,
                label=t("support.how_long"),
            ),
            ui.button(t("support.allow"), icon="eye", on_click=SupportState.allow),
            class_name="flex flex-wrap items-center gap-3",
        ),
    )


def _standing() -> rx.Component:
    return rx.cond(
        SupportState.view.consents,
        ui.card(
            ui.card_header(t("support.standing")),
            rx.el.ul(
                rx.foreach(SupportState.view.consents, _consent),
                class_name="divide-y divide-border",
            ),
        ),
    )


def _consent(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(t("support.until", when=row.until), class_name="font-semibold"),
            rx.el.p(
                t("support.by", who=row.granted_by, when=row.since),
                class_name="text-small break-words text-muted",
            ),
            class_name="min-w-0 grow",
        ),
        ui.button(
            t("support.revoke"),
            variant="danger-quiet",
            size="sm",
            on_click=SupportState.ask_revoke(row.id),
        ),
        class_name="flex flex-wrap items-center gap-3 py-3 first:pt-0 last:pb-0",
    )


def _visits() -> rx.Component:
    return ui.card(
        ui.card_header(t("support.visits")),
        rx.cond(
            SupportState.view.visits,
            rx.el.ol(
                rx.foreach(SupportState.view.visits, _visit), class_name="divide-y divide-border"
            ),
            rx.el.p(t("support.visits_none"), class_name="text-muted"),
        ),
    )


def _visit(row: Any) -> rx.Component:
    act = rx.match(
        row.act,
        ("allowed", t("support.act_allowed")),
        ("revoked", t("support.act_revoked")),
        ("opened", t("support.act_opened")),
        ("looked", t("support.act_looked")),
        ("left", t("support.act_left")),
        t("support.act_ended"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(act, class_name="font-semibold"),
            rx.el.span(row.subject, class_name="text-small break-all text-muted"),
            rx.el.span(row.who, class_name="text-small break-all text-muted"),
            class_name="flex min-w-0 grow flex-col",
        ),
        ui.time(row.at),
        class_name="flex items-start gap-3 py-2.5 first:pt-0 last:pb-0",
    )
