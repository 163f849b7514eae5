"""WhatsApp templates: how each stands with Meta and how it reads; a new one handed in."""

from typing import Any

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.template_bubble import template_bubble
from components.text import t
from state.templates import NEW, TemplatesState

TITLE = "Template WhatsApp · Chatrigo"
TONES = {
    "APPROVED": "positive",
    "PENDING": "info",
    "REJECTED": "danger",
    "PAUSED": "warning",
    "DISABLED": "danger",
}
WARNINGS = ("paused", "disabled", "rejected", "quality_red", "quality_yellow")


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("templates.title"),
                t("templates.text"),
                back="/settings/channels",
                actions=rx.cond(TemplatesState.number > 0, _actions()),
            ),
            rx.cond(
                TemplatesState.loaded,
                rx.cond(TemplatesState.number > 0, _list(), _no_number()),
                rx.cond(
                    TemplatesState.failed,
                    ui.error_state(TemplatesState.load),
                    ui.skeleton_list(4),
                ),
            ),
            _new_dialog(),
        ),
        active="settings",
        needs="configure",
    )


def _actions() -> rx.Component:
    return rx.el.div(
        ui.button(
            t("templates.refresh"),
            variant="secondary",
            icon="refresh-cw",
            loading=TemplatesState.busy,
            on_click=TemplatesState.refresh,
        ),
        ui.button(t("templates.add"), icon="plus", on_click=TemplatesState.compose),
        class_name="flex flex-wrap gap-2",
    )


def _no_number() -> rx.Component:
    return ui.card(
        ui.empty_state(
            "message-circle",
            t("templates.no_number_title"),
            t("templates.no_number_text"),
            ui.link_button(t("templates.connect"), "/settings/channels"),
        )
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.cond(
            TemplatesState.numbers.length() > 1,
            ui.field(
                t("templates.number"),
                ui.select(
                    rx.foreach(
                        TemplatesState.numbers,
                        lambda each: rx.el.option(each.name, value=each.id.to(str)),
                    ),
                    id="template-number",
                    value=TemplatesState.number.to(str),
                    on_change=TemplatesState.choose_number,
                ),
                for_id="template-number",
            ),
        ),
        rx.cond(
            TemplatesState.rows.length() > 0,
            rx.el.ul(
                rx.foreach(TemplatesState.rows, _template),
                aria_label=t("templates.title"),
                class_name="grid gap-3 lg:grid-cols-2",
            ),
            ui.card(
                ui.empty_state("layout-template", t("templates.empty"), t("templates.empty_text"))
            ),
        ),
    )


def _template(row: Any) -> rx.Component:
    return rx.el.li(
        ui.card(
            rx.el.div(
                rx.el.h2(row.name, class_name="min-w-0 grow font-bold break-all"),
                _status(row.status),
                class_name="flex items-start gap-3",
            ),
            rx.el.p(
                _category(row.category),
                " · ",
                rx.match(
                    row.language,
                    ("id", t("templates.language_id")),
                    ("en", t("templates.language_en")),
                    row.language,
                ),
                class_name="text-small text-muted",
            ),
            rx.cond(row.warning != "", _warning(row)),
            template_bubble(row),
            class_name="flex h-full flex-col gap-3",
        )
    )


def _status(status: Any) -> rx.Component:
    return rx.match(
        status,
        *(
            (name, ui.badge(t(f"templates.status_{name.lower()}"), tone=tone))
            for name, tone in TONES.items()
        ),
        ui.badge(t("templates.status_other")),
    )


def _category(category: Any) -> rx.Var[str]:
    return rx.match(
        category,
        ("UTILITY", t("templates.category_utility")),
        ("MARKETING", t("templates.category_marketing")),
        ("AUTHENTICATION", t("templates.category_authentication")),
        category,
    )


def _warning(row: Any) -> rx.Component:
    said = [(name, t(f"templates.warning_{name}")) for name in WARNINGS]
    return rx.el.div(
        rx.el.p(rx.match(row.warning, *said, "")),
        rx.cond(row.reason != "", rx.el.p(t("templates.reason", reason=row.reason))),
        role="note",
        class_name="rounded-control bg-warning-soft px-3 py-2 text-small text-warning-ink",
    )


def _new_dialog() -> rx.Component:
    return ui.dialog(
        NEW,
        t("templates.add"),
        rx.el.form(
            _input(
                "name", t("templates.name_hint"), auto_complete="off", placeholder="pesanan_siap"
            ),
            rx.el.div(
                ui.select_field(
                    "category",
                    t("templates.category"),
                    [
                        ("UTILITY", t("templates.category_utility")),
                        ("MARKETING", t("templates.category_marketing")),
                    ],
                    id="template-category",
                    hint=t("templates.category_hint"),
                ),
                ui.select_field(
                    "language",
                    t("templates.language"),
                    [("id", t("templates.language_id")), ("en", t("templates.language_en"))],
                    id="template-language",
                ),
                class_name="grid gap-4 sm:grid-cols-2",
            ),
            _input("header", optional=True, max_length=60),
            ui.textarea_field(
                "body",
                t("templates.body"),
                id="template-body",
                hint=t("templates.body_hint"),
                error=_error("body"),
                rows="4",
                max_length=1024,
            ),
            _input("footer", optional=True, max_length=60),
            ui.textarea_field(
                "examples",
                t("templates.examples"),
                id="template-examples",
                hint=t("templates.examples_hint"),
                error=_error("examples"),
                optional=True,
                rows="3",
            ),
            *(
                ui.input_field(
                    f"reply_{n}",
                    t("templates.reply", number=str(n)),
                    id=f"template-reply-{n}",
                    error=_error("reply") if n == 1 else None,
                    optional=True,
                    max_length=25,
                )
                for n in (1, 2, 3)
            ),
            ui.input_field(
                "link_text",
                t("templates.link_text"),
                id="template-link-text",
                optional=True,
                max_length=25,
            ),
            _input("link", optional=True, placeholder="https://"),
            rx.cond(
                TemplatesState.error_field == "form",
                ui.banner(TemplatesState.error, tone="danger"),
            ),
            id="template-form",
            key=TemplatesState.version.to(str),
            no_validate=True,
            on_submit=TemplatesState.create,
            class_name="flex flex-col gap-4",
        ),
        actions=ui.button(
            t("templates.submit"),
            type="submit",
            form="template-form",
            loading=TemplatesState.busy,
        ),
        sticky=True,
    )


def _input(name: str, hint: Any = None, **props: Any) -> rx.Component:
    return ui.input_field(
        name,
        t(f"templates.{name}"),
        id=f"template-{name}",
        hint=hint,
        error=_error(name),
        **props,
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(TemplatesState.error_field == field, TemplatesState.error, "")
