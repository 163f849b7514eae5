"""One source: its pieces, what it was used for, and what may be done with it."""

from typing import Any

import reflex as rx

from chatrigo.domain.knowledge.entries import MAX_BODY, MAX_TITLE
from chatrigo.domain.knowledge.sources import MAX_NAME
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
from state.session import SessionState
from state.source import DELETE, PIECE, RENAME, SourceState

ROUTE = "/knowledge/sources/[source_id]"


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                rx.cond(SourceState.loaded, SourceState.source.name, t("sources.title")),
                back="/knowledge/sources",
                actions=rx.cond(SourceState.loaded, _actions()),
            ),
            rx.cond(
                SourceState.missing,
                ui.empty_state("file-x", t("errors.not_found"), t("sources.intro")),
                rx.cond(
                    SourceState.loaded,
                    _body(),
                    rx.cond(
                        SourceState.failed, ui.error_state(SourceState.load), ui.skeleton_list(5)
                    ),
                ),
            ),
            _piece_dialog(),
            _rename_dialog(),
            ui.confirm_dialog(
                DELETE,
                t("sources.delete_title"),
                t("sources.delete_text", name=SourceState.source.name),
                confirm=t("sources.delete"),
                on_confirm=SourceState.delete,
            ),
        ),
        active="knowledge",
        needs="teach",
    )


def _actions() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SourceState.source.running,
            ui.button(
                t("sources.cancel"), variant="secondary", icon="x", on_click=SourceState.cancel
            ),
            ui.button(
                t("sources.again"),
                variant="secondary",
                icon="rotate-cw",
                on_click=SourceState.read_again,
            ),
        ),
        ui.menu(
            "source-more",
            ui.menu_button("source-more", "ellipsis", t("knowledge.more"), variant="secondary"),
            ui.menu_item(t("sources.rename"), icon="pencil", on_click=ui.open_dialog(RENAME)),
            rx.cond(
                SourceState.source.address.startswith("http"),
                ui.menu_item(
                    t("sources.visit"),
                    icon="external-link",
                    href=SourceState.source.address,
                    target="_blank",
                    rel="noreferrer",
                ),
            ),
            ui.menu_separator(),
            ui.menu_item(
                t("sources.delete"), icon="trash-2", danger=True, on_click=ui.open_dialog(DELETE)
            ),
            label=t("knowledge.more"),
        ),
    )


def _body() -> rx.Component:
    """On a phone what it is, its pieces, its use; on a wide screen the pieces beside the rest."""
    return rx.el.div(
        rx.el.div(_about(), class_name="min-w-0 lg:col-start-2 lg:row-start-1"),
        rx.el.div(
            rx.cond(SourceState.source.kind == "whatsapp", _chat(), _pieces()),
            class_name="min-w-0 lg:col-start-1 lg:row-span-2 lg:row-start-1",
        ),
        rx.cond(
            SourceState.source.kind != "whatsapp",
            rx.el.div(_uses(), class_name="min-w-0 lg:col-start-2 lg:row-start-2"),
        ),
        class_name="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr] "
        "lg:items-start",
    )


def _about() -> rx.Component:
    source = SourceState.source
    return ui.card(
        rx.el.div(
            rx.el.span(icon_of(source.kind), class_name="text-muted"),
            rx.el.span(kind_of(source.kind), class_name="min-w-0 grow font-semibold"),
            state_of(source),
            class_name="flex items-center gap-2.5",
        ),
        progress_of(source, "mt-3"),
        problem_of(source, "mt-3"),
        rx.cond(
            source.pieces > 0,
            rx.el.div(
                ui.switch(
                    "use",
                    t("sources.use"),
                    checked=source.enabled,
                    on_change=SourceState.switch,
                ),
                class_name="mt-3",
            ),
        ),
        rx.cond(
            (source.kind == "page") | (source.kind == "sitemap"),
            rx.el.div(
                ui.field(
                    t("sources.schedule"),
                    ui.select(
                        SCHEDULES,
                        id="source-schedule",
                        value=source.schedule,
                        on_change=SourceState.choose_schedule,
                    ),
                    for_id="source-schedule",
                ),
                class_name="mt-3",
            ),
        ),
        rx.el.dl(
            _fact(t("sources.pieces_title"), source.pieces, source.kind != "whatsapp"),
            _fact(
                t("sources.indexed"),
                when.ago(source.indexed_at, SessionState.zone),
                source.indexed_at != "",
            ),
            _fact(
                t("sources.checked"),
                when.ago(source.checked_at, SessionState.zone),
                source.checked_at != "",
            ),
            _fact(
                t("sources.address"),
                source.address,
                (source.address != source.name) & (source.address != ""),
            ),
            class_name="mt-3 divide-y divide-border text-small",
        ),
    )


def _fact(name: Any, value: Any, there: Any) -> rx.Component:
    return rx.cond(
        there,
        rx.el.div(
            rx.el.dt(name, class_name="shrink-0 text-muted"),
            rx.el.dd(value, class_name="min-w-0 text-end font-medium break-words"),
            class_name="flex justify-between gap-4 py-2",
        ),
    )


def _uses() -> rx.Component:
    return ui.card(
        ui.card_header(t("sources.used_title"), t("sources.used_text")),
        rx.cond(
            SourceState.uses.length() > 0,
            rx.fragment(
                rx.el.p(
                    t("sources.used", count=SourceState.source.used),
                    class_name="text-small font-semibold",
                ),
                rx.el.ul(
                    rx.foreach(SourceState.uses, _use),
                    class_name="-mx-2 mt-1 flex flex-col",
                ),
            ),
            rx.el.p(t("sources.used_none"), class_name="text-small text-muted"),
        ),
    )


def _use(use: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                rx.el.span(
                    t("sources.used_in", name=use.contact), class_name="min-w-0 grow font-medium"
                ),
                when.brief(use.at, SessionState.zone, "shrink-0 text-caption text-muted"),
                class_name="flex items-baseline gap-2",
            ),
            rx.el.span(use.answer, class_name="line-clamp-2 text-muted"),
            href=f"/inbox/{use.conversation_id}",
            class_name="flex flex-col gap-0.5 rounded-small px-2 py-2 text-small break-words "
            "hover:bg-hover",
        ),
        key=use.conversation_id.to(str),
    )


def _pieces() -> rx.Component:
    return ui.card(
        rx.el.div(
            rx.el.h2(t("sources.pieces_title"), class_name="mb-3 text-lead font-bold"),
            ui.search_box(
                SourceState.query,
                SourceState.search,
                placeholder=t("sources.pieces_search"),
                on_clear=SourceState.clear_search,
            ),
            class_name="p-4 pb-3",
        ),
        rx.cond(
            SourceState.found > 0,
            rx.el.ul(
                rx.foreach(SourceState.rows, _piece),
                aria_label=t("sources.pieces_title"),
                class_name="divide-y divide-border border-t border-border",
            ),
            rx.el.p(
                rx.cond(
                    SourceState.query != "", t("sources.pieces_none"), t("sources.pieces_empty")
                ),
                class_name="border-t border-border px-4 py-8 text-center text-muted",
            ),
        ),
        rx.cond(
            SourceState.pages > 1,
            ui.pagination(
                t(
                    "sources.pieces_page",
                    count=SourceState.found,
                    page=SourceState.page,
                    pages=SourceState.pages,
                ),
                has_previous=SourceState.page > 1,
                has_next=SourceState.page < SourceState.pages,
                on_previous=SourceState.previous,
                on_next=SourceState.next,
            ),
        ),
        padded=False,
    )


def _piece(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(row.title, class_name="min-w-0 font-semibold break-words"),
                rx.cond(row.edited, ui.badge(t("sources.piece_edited"), tone="info")),
                class_name="flex flex-wrap items-center gap-2",
            ),
            rx.cond(
                row.place != "",
                rx.el.span(row.place, class_name="text-caption break-all text-muted"),
            ),
            rx.el.span(
                row.body,
                class_name="line-clamp-3 text-small break-words whitespace-pre-line text-muted",
            ),
            type="button",
            title=t("sources.piece_edit"),
            on_click=SourceState.edit(row.id),
            class_name="flex min-w-0 grow flex-col gap-0.5 rounded-small text-start",
        ),
        rx.el.input(
            type="checkbox",
            role="switch",
            checked=row.on,
            disabled=~SourceState.source.enabled,
            on_change=lambda on: SourceState.switch_piece(row.id, on),
            aria_label=t("sources.piece_use", title=row.title),
            class_name="switch shrink-0",
        ),
        key=row.id.to(str),
        class_name="flex items-start gap-3 px-4 py-3.5 hover:bg-hover",
    )


def _chat() -> rx.Component:
    source = SourceState.source
    return ui.card(
        rx.cond(
            source.proposed > 0,
            ui.banner(
                t("sources.review_waiting", count=source.proposed),
                tone="ai",
                action=ui.link_button(
                    t("sources.review"), "/knowledge/proposals", size="sm", variant="secondary"
                ),
            ),
        ),
        rx.cond(
            source.people.length() > 1,
            rx.el.div(
                ui.field(
                    t("sources.who_is_shop"),
                    ui.select(
                        rx.foreach(source.people, lambda who: rx.el.option(who, value=who)),
                        id="source-shop",
                        value=source.shop,
                        disabled=source.running,
                        on_change=SourceState.choose_shop,
                    ),
                    for_id="source-shop",
                    hint=t("sources.who_is_shop_text"),
                ),
                class_name="mt-4 max-w-sm",
            ),
        ),
    )


def _piece_dialog() -> rx.Component:
    form = SourceState.form
    return ui.dialog(
        PIECE,
        t("sources.piece_edit"),
        rx.el.form(
            ui.input_field(
                "title",
                t("sources.piece_heading"),
                id="piece-title",
                error=SourceState.title_error,
                default_value=form.title,
                max_length=MAX_TITLE,
                auto_complete="off",
                required=True,
            ),
            ui.textarea_field(
                "body",
                t("sources.piece_text"),
                id="piece-body",
                hint=t("sources.piece_hint"),
                error=SourceState.body_error,
                default_value=form.body,
                max_length=MAX_BODY,
                rows="10",
                required=True,
            ),
            id="piece",
            key=form.version,
            on_submit=SourceState.save_piece,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(t("sources.save"), type="submit", form="piece"),
        ),
        sticky=True,
    )


def _rename_dialog() -> rx.Component:
    return ui.dialog(
        RENAME,
        t("sources.rename"),
        rx.el.form(
            ui.input_field(
                "name",
                t("sources.name"),
                id="source-name",
                error=SourceState.name_error,
                default_value=SourceState.source.name,
                max_length=MAX_NAME,
                auto_complete="off",
                required=True,
            ),
            id="rename",
            key=SourceState.source.name,
            on_submit=SourceState.rename,
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(t("sources.save"), type="submit", form="rename"),
        ),
    )
