"""The audit log: who did what, when, from where; with what it was before and after."""

from typing import Any

import reflex as rx

from chatrigo.domain.trail import ChangeRow, TrailRow, acts
from chatrigo.i18n import catalogue
from components import ui, when
from components.permits import may, role_name
from components.signed_in import signed_in
from components.text import t
from state.audit import AuditState
from state.session import SessionState

TITLE = "Catatan aktivitas · Chatrigo"
FIELDS = [
    key.removeprefix("trail.field_") for key in catalogue("id") if key.startswith("trail.field_")
]


def page() -> rx.Component:
    return signed_in(_log(), active="settings", needs="audit")


def _log() -> rx.Component:
    return ui.page_body(
        ui.page_header(
            t("trail.title"),
            t("trail.text"),
            back="/settings",
            actions=rx.cond(
                may("export"),
                ui.button(
                    t("trail.export"),
                    variant="secondary",
                    icon="download",
                    on_click=AuditState.export,
                ),
            ),
        ),
        _filter(),
        rx.cond(
            AuditState.loaded,
            rx.cond(AuditState.rows.length() > 0, _rows(), _nothing()),
            rx.cond(AuditState.failed, ui.error_state(AuditState.load), ui.skeleton_list(6)),
        ),
    )


def _filter() -> rx.Component:
    return rx.el.section(
        ui.search_box(
            AuditState.search,
            AuditState.search_for,
            placeholder=t("trail.search"),
            on_clear=AuditState.clear_search,
        ),
        rx.el.div(
            ui.field(
                t("trail.person"),
                ui.select(
                    rx.fragment(
                        rx.el.option(t("trail.person_all"), value="0"),
                        rx.foreach(
                            AuditState.people,
                            lambda each: rx.el.option(
                                each.email, value=each.account_id.to_string()
                            ),
                        ),
                    ),
                    id="trail-person",
                    value=AuditState.person,
                    on_change=AuditState.choose_person,
                ),
                for_id="trail-person",
            ),
            ui.field(
                t("trail.act"),
                ui.select(
                    rx.fragment(
                        rx.el.option(t("trail.act_all"), value=""),
                        *[rx.el.option(act_name(act), value=act) for act in acts()],
                    ),
                    id="trail-act",
                    value=AuditState.act,
                    on_change=AuditState.choose_act,
                ),
                for_id="trail-act",
            ),
            _day("trail-since", t("trail.since"), AuditState.since, AuditState.choose_since),
            _day("trail-until", t("trail.until"), AuditState.until, AuditState.choose_until),
            class_name="grid grid-cols-2 gap-3 *:min-w-0 lg:grid-cols-4",
        ),
        role="search",
        aria_label=t("trail.search"),
        class_name="flex flex-col gap-3",
    )


def _day(id: str, label: Any, value: Any, on_change: Any) -> rx.Component:
    box = ui.input_box(id=id, type="date", default_value=value, key=value, on_change=on_change)
    return ui.field(label, box, for_id=id)


def act_name(act: str) -> rx.Var[str]:
    return t(f"audit.{act.replace('.', '_')}")


def _said_act(act: Any) -> Any:
    """In words; an act of a later version by its name."""
    return rx.match(act, *[(name, act_name(name)) for name in acts()], act)


def _rows() -> rx.Component:
    return rx.fragment(
        ui.card(
            rx.el.ol(
                rx.foreach(AuditState.rows, _row),
                aria_label=t("trail.list"),
                class_name="divide-y divide-border",
            ),
            padded=False,
        ),
        rx.cond(
            AuditState.has_more | (AuditState.page > 1),
            ui.pagination(
                t("trail.page", page=AuditState.page),
                has_previous=AuditState.page > 1,
                has_next=AuditState.has_more,
                on_previous=AuditState.newer,
                on_next=AuditState.older,
            ),
        ),
    )


def _row(row: rx.Var[TrailRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(_said_act(row.act), class_name="font-semibold"),
                rx.cond(
                    row.subject != "",
                    rx.el.span(": ", row.subject, class_name="break-words"),
                ),
                class_name="min-w-0 grow",
            ),
            when.brief(row.at, SessionState.zone, "shrink-0 text-small text-muted tabular-nums"),
            class_name="flex items-baseline gap-3",
        ),
        rx.el.p(
            rx.cond(row.who == "system", t("trail.system"), row.who),
            rx.cond(
                row.address != "",
                rx.el.span(" · ", t("trail.from", address=row.address)),
            ),
            class_name="text-small break-words text-muted",
        ),
        rx.cond(
            row.changes.length() > 0,
            rx.el.dl(
                rx.foreach(row.changes, _change),
                class_name="mt-2 flex flex-col gap-2 rounded-control bg-sunken px-3 py-2.5 text-small",
            ),
        ),
        key=row.id.to_string(),
        class_name="px-4 py-3 sm:px-6",
    )


def _change(change: rx.Var[ChangeRow]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(
            rx.match(
                change.field,
                *[(name, t(f"trail.field_{name}")) for name in FIELDS],
                change.field,
            ),
            class_name="font-semibold text-muted sm:w-40 sm:shrink-0",
        ),
        rx.el.dd(
            rx.cond(
                change.before != "",
                rx.el.del_(
                    rx.el.span(t("trail.before"), ": ", class_name="sr-only"),
                    _value(change.field, change.before),
                    class_name="text-muted decoration-danger-ink/60",
                ),
            ),
            rx.cond(
                (change.before != "") & (change.after != ""),
                rx.icon("arrow-right", size=14, class_name="shrink-0 text-faint"),
            ),
            rx.cond(
                change.after != "",
                rx.el.ins(
                    rx.el.span(t("trail.after"), ": ", class_name="sr-only"),
                    _value(change.field, change.after),
                    class_name="no-underline",
                ),
            ),
            rx.cond(
                (change.before == "") & (change.after == ""),
                rx.el.span(t("trail.nothing"), class_name="text-faint"),
            ),
            class_name="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 break-words "
            "whitespace-pre-wrap *:min-w-0",
        ),
        class_name="flex flex-col gap-x-3 gap-y-0.5 sm:flex-row",
    )


def _value(field: Any, value: Any) -> Any:
    return rx.cond(field == "role", role_name(value), value)


def _nothing() -> rx.Component:
    return rx.cond(
        AuditState.filtered,
        ui.empty_state(
            "search-x",
            t("trail.none"),
            t("trail.none_text"),
            ui.button(t("trail.clear"), variant="secondary", on_click=AuditState.clear_filter),
        ),
        ui.empty_state("scroll-text", t("trail.empty"), t("trail.empty_text")),
    )
