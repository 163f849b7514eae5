"""Where knowledge comes from: files, pages, sitemaps and chats, and handing in more."""

from typing import Any

import reflex as rx

from chatrigo.domain.knowledge.sources import MAX_ADDRESS, MAX_BYTES
from components import ui, when
from components.signed_in import signed_in
from components.source_words import (
    SCHEDULES,
    icon_of,
    kind_of,
    problem_of,
    progress_of,
    state_of,
)
from components.text import t
from components.upload import drop_zone, uploads
from state.session import SessionState
from state.sources import CHAT, PAGE, SITEMAP, SourcesState

UPLOADS = "source-uploads"
ACCEPTED = ".pdf,.docx,.xlsx,.csv,.txt,.md,application/pdf,text/*"
CHATS = ".txt,.zip,text/plain,application/zip"
MOST_PAGES = 200


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("sources.title"), t("sources.intro"), back="/knowledge", actions=_actions()
            ),
            rx.cond(SourcesState.waiting > 0, _waiting()),
            drop_zone(
                "/knowledge/files",
                into=UPLOADS,
                most=MAX_BYTES,
                accept=ACCEPTED,
                title=t("sources.drop"),
                text=t("sources.drop_text", limit=MAX_BYTES // (1024 * 1024)),
            ),
            uploads(UPLOADS, "-mt-3"),
            rx.cond(
                SourcesState.loaded,
                rx.cond(SourcesState.rows.length() > 0, _list(), _nothing()),
                rx.cond(
                    SourcesState.failed, ui.error_state(SourcesState.load), ui.skeleton_list(4)
                ),
            ),
            _page_dialog("page"),
            _page_dialog("sitemap"),
            _chat_dialog(),
        ),
        active="knowledge",
        needs="teach",
    )


def _actions() -> rx.Component:
    return rx.fragment(
        ui.button(
            t("sources.add_chat"),
            variant="secondary",
            icon="message-circle",
            on_click=ui.open_dialog(CHAT),
        ),
        ui.button(
            t("sources.add_sitemap"),
            variant="secondary",
            icon="network",
            on_click=SourcesState.compose("sitemap"),
        ),
        ui.button(
            t("sources.add_page"),
            variant="secondary",
            icon="globe",
            on_click=SourcesState.compose("page"),
        ),
    )


def _waiting() -> rx.Component:
    return ui.banner(
        t("sources.review_waiting", count=SourcesState.waiting),
        tone="ai",
        action=ui.link_button(
            t("sources.review"), "/knowledge/proposals", size="sm", variant="secondary"
        ),
    )


def _nothing() -> rx.Component:
    return ui.card(
        ui.empty_state("library", t("sources.empty_title"), t("sources.empty_text")),
    )


def _list() -> rx.Component:
    return ui.card(
        rx.el.ul(
            rx.foreach(SourcesState.rows, _row),
            aria_label=t("sources.list"),
            class_name="divide-y divide-border",
        ),
        padded=False,
    )


def _row(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            icon_of(row.kind),
            class_name="mt-0.5 grid size-9 shrink-0 place-items-center rounded-control bg-sunken "
            "text-muted max-sm:hidden",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.a(
                    row.name,
                    href=f"/knowledge/sources/{row.id}",
                    class_name="min-w-0 rounded-small font-semibold break-words hover:underline",
                ),
                state_of(row),
                class_name="flex flex-wrap items-center gap-x-2 gap-y-1",
            ),
            _facts(row),
            progress_of(row, "mt-1.5"),
            problem_of(row, "mt-1"),
            class_name="flex min-w-0 grow flex-col gap-0.5",
        ),
        _acts(row),
        key=row.id.to(str),
        class_name="flex items-start gap-3 px-4 py-3.5",
    )


def _facts(row: rx.Var[Any]) -> rx.Component:
    return rx.el.p(
        kind_of(row.kind),
        rx.cond(row.pieces > 0, rx.fragment(" · ", t("sources.pieces", count=row.pieces))),
        rx.cond(
            row.indexed_at != "",
            rx.fragment(
                " · ", t("sources.indexed"), " ", when.ago(row.indexed_at, SessionState.zone)
            ),
        ),
        rx.cond(row.used > 0, rx.fragment(" · ", t("sources.used", count=row.used))),
        rx.cond(row.proposed > 0, rx.fragment(" · ", t("sources.proposed", count=row.proposed))),
        class_name="text-small text-muted",
    )


def _acts(row: rx.Var[Any]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            row.running,
            ui.icon_button(
                "x",
                t("sources.cancel_named", name=row.name),
                size="sm",
                tip="",
                on_click=SourcesState.cancel(row.id),
            ),
            rx.cond(
                (row.state == "failed") | (row.state == "cancelled"),
                ui.icon_button(
                    "rotate-cw",
                    t("sources.retry_named", name=row.name),
                    size="sm",
                    tip="",
                    on_click=SourcesState.retry(row.id),
                ),
            ),
        ),
        rx.cond(
            row.pieces > 0,
            rx.el.input(
                type="checkbox",
                role="switch",
                checked=row.enabled,
                on_change=lambda on: SourcesState.switch(row.id, on),
                aria_label=t("sources.use_named", name=row.name),
                class_name="switch",
            ),
        ),
        class_name="flex shrink-0 items-center gap-2",
    )


def _page_dialog(kind: str) -> rx.Component:
    form = f"source-{kind}-form"
    return ui.dialog(
        PAGE if kind == "page" else SITEMAP,
        t(f"sources.{kind}_title"),
        rx.el.p(t(f"sources.{kind}_text", limit=MOST_PAGES), class_name="text-muted"),
        rx.el.form(
            rx.el.input(type="hidden", name="kind", value=kind),
            ui.input_field(
                "address",
                t("sources.address"),
                id=f"source-{kind}-address",
                hint=t(f"sources.address_hint_{kind}"),
                error=SourcesState.address_error,
                max_length=MAX_ADDRESS,
                input_mode="url",
                auto_complete="off",
                required=True,
            ),
            ui.select_field(
                "schedule",
                t("sources.schedule"),
                SCHEDULES,
                id=f"source-{kind}-schedule",
                default_value="weekly",
            ),
            id=form,
            key=SourcesState.version,
            on_submit=SourcesState.add_page,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(t("sources.add_it"), type="submit", form=form, loading=SourcesState.adding),
        ),
        sticky=True,
    )


def _chat_dialog() -> rx.Component:
    return ui.dialog(
        CHAT,
        t("sources.chat_title"),
        rx.el.p(t("sources.chat_text"), class_name="text-pretty text-muted"),
        drop_zone(
            "/knowledge/files?kind=whatsapp",
            into=UPLOADS,
            most=MAX_BYTES,
            accept=CHATS,
            title=t("sources.chat_choose"),
            text=".txt, .zip",
            many=False,
        ),
        actions=ui.button(t("ui.cancel"), variant="secondary", data_close=True),
    )
