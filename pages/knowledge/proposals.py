"""Question-answer pairs that wait for approval."""

from typing import Any

import reflex as rx

from chatrigo.domain.knowledge.entries import MAX_BODY, MAX_TITLE
from components import ui
from components.signed_in import signed_in
from components.text import t
from state.proposals import FORM, REJECT, ProposalsState


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("sources.proposals_title"),
                t("sources.proposals_intro"),
                back="/knowledge/sources",
            ),
            rx.cond(
                ProposalsState.loaded,
                rx.cond(ProposalsState.rows.length() > 0, _list(), _nothing()),
                rx.cond(
                    ProposalsState.failed,
                    ui.error_state(ProposalsState.load),
                    ui.skeleton_list(4),
                ),
            ),
            _form_dialog(),
            ui.confirm_dialog(
                REJECT,
                t("sources.reject_title"),
                t("sources.reject_text"),
                confirm=t("sources.reject"),
                on_confirm=ProposalsState.reject_chosen,
            ),
            narrow=True,
        ),
        active="knowledge",
        needs="teach",
    )


def _nothing() -> rx.Component:
    return ui.card(
        ui.empty_state(
            "circle-check-big",
            t("sources.proposals_empty"),
            t("sources.proposals_empty_text"),
            ui.link_button(t("sources.title"), "/knowledge/sources", variant="secondary"),
        )
    )


def _list() -> rx.Component:
    return ui.card(
        _bar(),
        rx.el.ul(
            rx.foreach(ProposalsState.rows, _proposal),
            aria_label=t("sources.proposals_list"),
            class_name="divide-y divide-border",
        ),
        rx.cond(
            ProposalsState.found > ProposalsState.rows.length(),
            rx.el.p(
                t(
                    "sources.more_waiting",
                    shown=ProposalsState.rows.length(),
                    count=ProposalsState.found,
                ),
                class_name="border-t border-border px-4 py-3 text-small text-muted",
            ),
        ),
        padded=False,
    )


def _bar() -> rx.Component:
    chosen = ProposalsState.chosen.length()
    return rx.el.div(
        ui.checkbox(
            "all",
            t("sources.select_all"),
            checked=chosen > 0,
            on_change=ProposalsState.choose_all,
        ),
        rx.cond(
            chosen > 0,
            rx.el.div(
                ui.button(
                    t("sources.reject_selected", count=chosen),
                    variant="secondary",
                    size="sm",
                    on_click=ui.open_dialog(REJECT),
                ),
                ui.button(
                    t("sources.approve_selected", count=chosen),
                    size="sm",
                    icon="check",
                    on_click=ProposalsState.approve_chosen,
                ),
                class_name="flex flex-wrap gap-2",
            ),
        ),
        class_name="sticky top-0 z-sticky flex min-h-14 flex-wrap items-center justify-between "
        "gap-2 border-b border-border bg-surface px-4 py-2",
    )


def _proposal(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.input(
            type="checkbox",
            checked=ProposalsState.chosen.contains(row.id),
            on_change=lambda on: ProposalsState.choose(row.id, on),
            aria_label=t("sources.select", question=row.question),
            class_name="tick mt-1 shrink-0",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.p(row.question, dir="auto", class_name="min-w-0 font-semibold break-words"),
                rx.cond(row.known, ui.badge(t("sources.already_known"), tone="warning")),
                class_name="flex flex-wrap items-center gap-2",
            ),
            rx.el.p(
                row.answer,
                dir="auto",
                class_name="text-small break-words whitespace-pre-line text-muted",
            ),
            rx.el.p(_origin(row), class_name="text-caption text-muted"),
            rx.el.div(
                ui.button(
                    t("sources.approve"),
                    variant="soft",
                    size="sm",
                    icon="check",
                    aria_label=t("sources.approve_named", question=row.question),
                    on_click=ProposalsState.approve(row.id),
                ),
                ui.button(
                    t("sources.edit_proposal"),
                    variant="ghost",
                    size="sm",
                    aria_label=t("sources.edit_named", question=row.question),
                    on_click=ProposalsState.edit(row.id),
                ),
                ui.button(
                    t("sources.reject"),
                    variant="ghost",
                    size="sm",
                    aria_label=t("sources.reject_named", question=row.question),
                    on_click=ProposalsState.reject(row.id),
                ),
                class_name="mt-1.5 flex flex-wrap gap-1.5",
            ),
            class_name="flex min-w-0 grow flex-col gap-1",
        ),
        key=row.id.to(str),
        class_name="flex items-start gap-3 px-4 py-4",
    )


def _origin(row: rx.Var[Any]) -> rx.Var[str]:
    return rx.match(
        row.origin_kind,
        ("edit", t("sources.origin_edit")),
        ("thumb", t("sources.origin_thumb")),
        rx.cond(
            row.origin != "",
            t("sources.from_origin", name=row.origin_name, origin=row.origin),
            row.origin_name,
        ),
    )


def _form_dialog() -> rx.Component:
    form = ProposalsState.form
    return ui.dialog(
        FORM,
        t("sources.edit_proposal"),
        rx.el.form(
            ui.input_field(
                "title",
                t("knowledge.question"),
                id="proposal-title",
                error=ProposalsState.title_error,
                default_value=form.question,
                max_length=MAX_TITLE,
                auto_complete="off",
                required=True,
            ),
            ui.textarea_field(
                "body",
                t("knowledge.answer"),
                id="proposal-body",
                hint=t("knowledge.answer_hint"),
                error=ProposalsState.body_error,
                default_value=form.answer,
                max_length=MAX_BODY,
                rows="6",
                required=True,
            ),
            rx.cond(
                ProposalsState.duplicate != "",
                ui.banner(
                    t("knowledge.duplicate_warning", title=ProposalsState.duplicate),
                    tone="warning",
                ),
            ),
            id="proposal",
            key=form.version,
            on_submit=ProposalsState.save,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(
                rx.cond(
                    ProposalsState.duplicate != "",
                    t("knowledge.save_anyway"),
                    t("sources.approve"),
                ),
                type="submit",
                form="proposal",
            ),
        ),
        sticky=True,
    )
