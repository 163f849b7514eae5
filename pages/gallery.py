"""
Every part of the design system in every state, and screens in the making.

Registered in development only.
"""

from typing import Any

import reflex as rx

from components import showcase, ui
from components.shell import account_menu, preferences, shell
from components.text import t
from components.ui.words import Words
from state.gallery import GalleryState

_ROW = "flex flex-wrap items-center gap-3"
_GRID = "grid items-start gap-5 md:grid-cols-2"


def page() -> rx.Component:
    content = ui.page_body(
        ui.page_header(t("gallery.title"), t("gallery.text"), actions=preferences()),
        _section("colors", *_colors(), look="grid grid-cols-2 gap-2 sm:grid-cols-4 lg:grid-cols-6"),
        _section("type", *_type(), look="flex flex-col gap-3"),
        _section("buttons", *_buttons()),
        _section("fields", *_fields(), look=_GRID),
        _section("marks", *_marks()),
        _section("overlays", *_overlays()),
        _section("choices", *_choices(), look="flex flex-col items-start gap-4"),
        _section("messages", _messages(), look=""),
        _section("tables", *_tables(), look="flex flex-col gap-4"),
        _section("states", *_states(), look=_GRID),
        _section(
            "screens",
            showcase.exchange(),
            showcase.inbox(),
            look="grid gap-5 sm:grid-cols-2 lg:max-w-3xl",
        ),
    )
    menu = account_menu(
        "Dimas Pratama",
        "dimas@kopisenandika.id",
        business="Kopi Senandika",
        on_sign_out=GalleryState.clear_search,
    )
    return shell(content, active="inbox", waiting=GalleryState.rows.length(), account=menu)


def _section(name: str, *parts: rx.Component, look: str = _ROW) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t(f"gallery.{name}"), class_name="mb-4 text-title font-bold"),
        rx.el.div(*parts, class_name=look),
        id=name,
        class_name="border-t border-border pt-6",
    )


def _colors() -> list[rx.Component]:
    swatches = {
        "canvas": "bg-canvas text-ink",
        "surface": "bg-surface text-ink",
        "raised": "bg-raised text-muted",
        "sunken": "bg-sunken text-muted",
        "hover": "bg-hover text-faint",
        "panel": "bg-panel text-panel-contrast",
        "accent": "bg-accent text-accent-contrast",
        "accent-soft": "bg-accent-soft text-accent-ink",
        "ai": "bg-ai text-ai-contrast",
        "ai-soft": "bg-ai-soft text-ai-ink",
        "sun": "bg-sun text-sun-contrast",
        "sun-soft": "bg-sun-soft text-sun-ink",
        "positive": "bg-positive text-positive-contrast",
        "positive-soft": "bg-positive-soft text-positive-ink",
        "warning": "bg-warning text-warning-contrast",
        "warning-soft": "bg-warning-soft text-warning-ink",
        "danger": "bg-danger text-danger-contrast",
        "danger-soft": "bg-danger-soft text-danger-ink",
        "info": "bg-info text-info-contrast",
        "info-soft": "bg-info-soft text-info-ink",
    }
    return [
        rx.el.div(
            name,
            class_name=f"flex h-16 items-end rounded-control border border-border p-2.5 "
            f"text-small font-semibold {look}",
        )
        for name, look in swatches.items()
    ]


def _type() -> list[rx.Component]:
    looks = (
        "text-hero font-extrabold tracking-tight",
        "text-display font-extrabold tracking-tight",
        "text-heading font-extrabold tracking-tight",
        "text-title font-bold",
        "text-lead",
        "text-body",
        "text-small text-muted",
        "text-caption text-muted",
    )
    return [rx.el.p(t("gallery.pangram"), class_name=look) for look in looks]


def _buttons() -> list[rx.Component]:
    return [
        ui.button(t("gallery.save")),
        ui.button(t("gallery.save"), variant="secondary"),
        ui.button(t("gallery.save"), variant="soft"),
        ui.button(t("gallery.save"), variant="ghost"),
        ui.button(t("gallery.delete"), variant="danger", icon="trash-2"),
        ui.button(t("gallery.delete"), variant="danger-quiet"),
        ui.button(t("gallery.save"), size="sm", icon="check"),
        ui.button(t("gallery.save"), size="lg", icon_after="arrow-right"),
        ui.button(t("gallery.saving"), loading=True),
        ui.button(t("gallery.off"), disabled=True),
        ui.button(t("gallery.off"), variant="secondary", disabled=True),
        ui.link_button(t("gallery.home"), "/", variant="secondary", icon_after="arrow-right"),
        ui.icon_button("archive", t("gallery.archive")),
        ui.icon_button("archive", t("gallery.archive"), variant="secondary", size="sm"),
        ui.icon_button("archive", t("gallery.archive"), variant="primary", tip="top"),
        ui.copy_button("https://chatrigo.example/c/kopi-senandika"),
        ui.link(t("gallery.home"), "/"),
    ]


def _fields() -> list[rx.Component]:
    return [
        ui.input_field(
            "email",
            t("gallery.email"),
            hint=t("gallery.email_hint"),
            type="email",
            placeholder="nama@toko.id",
        ),
        ui.input_field("business", t("gallery.business"), error=t("gallery.business_error")),
        ui.password_field("password", t("gallery.password")),
        ui.select_field("zone", t("gallery.zone"), [("wib", "WIB"), ("wita", "WITA")]),
        ui.textarea_field(
            "answer", t("gallery.answer"), optional=True, placeholder=t("gallery.answer_sample")
        ),
        ui.input_field("off", t("gallery.off"), disabled=True, default_value="Kopi Senandika"),
        ui.search_box(GalleryState.query, GalleryState.search, on_clear=GalleryState.clear_search),
        ui.switch(
            "answers",
            t("gallery.answers"),
            hint=t("gallery.answers_hint"),
            checked=GalleryState.answers,
            on_change=GalleryState.set_answers,
        ),
        ui.checkbox(
            "agree", t("gallery.agree"), hint=t("gallery.agree_hint"), default_checked=True
        ),
        rx.el.div(
            ui.radio("tone", "warm", t("gallery.warm"), default_checked=True),
            ui.radio("tone", "formal", t("gallery.formal")),
            class_name="flex gap-6",
        ),
        rx.el.form(
            ui.otp_boxes("code"),
            rx.cond(
                GalleryState.code,
                rx.el.p(t("gallery.code_got", code=GalleryState.code), class_name="text-center"),
            ),
            on_submit=GalleryState.check_code,
        ),
        rx.el.form(ui.otp_boxes("code_again", error=t("gallery.code_error"))),
    ]


def _marks() -> list[rx.Component]:
    return [
        ui.badge(t("gallery.neutral")),
        ui.badge(t("gallery.open"), tone="accent", icon="circle-dot"),
        ui.badge(t("gallery.by_ai"), tone="ai", icon="sparkles"),
        ui.badge(t("gallery.needs_person"), tone="sun", icon="hand"),
        ui.badge(t("gallery.sent"), tone="positive", icon="check-check"),
        ui.badge(t("gallery.warning"), tone="warning", icon="triangle-alert"),
        ui.badge(t("gallery.failed"), tone="danger", icon="circle-alert"),
        ui.badge(t("gallery.info"), tone="info"),
        *[ui.chip(color, color) for color in ui.LABEL_COLORS],
        ui.chip("VIP", "violet", on_remove=GalleryState.clear_search),
        ui.count(3),
        ui.count(12, tone="accent"),
        ui.count("99+", tone="danger"),
        *[ui.dot(tone) for tone in ("positive", "sun", "danger", "muted", "ai")],
        ui.kbd("R"),
        ui.kbd("Ctrl K"),
        ui.tooltip(ui.time("09.30"), "24 November 2026 09.30 WIB"),
        *[ui.avatar("Rina Wulandari", size=size) for size in ("sm", "md", "lg")],
        rx.foreach(GalleryState.rows, lambda row: ui.avatar(row.name)),
        ui.ai_avatar(),
    ]


def _overlays() -> list[rx.Component]:
    return [
        ui.menu(
            "more",
            ui.menu_button("more", "ellipsis", t("gallery.more"), variant="secondary"),
            ui.menu_label(t("gallery.conversation")),
            ui.menu_item(t("gallery.assign"), icon="user-plus"),
            ui.menu_item(t("gallery.home"), icon="house", href="/"),
            ui.menu_separator(),
            ui.menu_item(t("gallery.delete"), icon="trash-2", danger=True),
            label=t("gallery.more"),
        ),
        ui.button(
            t("gallery.open_dialog"), variant="secondary", on_click=ui.open_dialog("add-answer")
        ),
        ui.dialog(
            "add-answer",
            t("gallery.open_dialog"),
            ui.input_field("dialog_question", t("gallery.question")),
            ui.textarea_field("dialog_answer", t("gallery.answer")),
            actions=ui.button(t("gallery.save"), data_close=True),
        ),
        ui.button(t("gallery.delete"), variant="danger", on_click=ui.open_dialog("delete-answer")),
        ui.confirm_dialog(
            "delete-answer",
            t("gallery.sure"),
            t("gallery.sure_text"),
            confirm=t("gallery.delete"),
            on_confirm=GalleryState.clear_search,
        ),
        ui.button(
            t("gallery.saved"),
            variant="secondary",
            on_click=rx.toast.success(t("gallery.saved"), description=t("gallery.saved_text")),
        ),
        ui.button(
            t("gallery.not_saved"),
            variant="secondary",
            on_click=rx.toast.error(t("gallery.not_saved")),
        ),
        ui.button(t("gallery.break"), variant="danger-quiet", on_click=GalleryState.break_screen),
        rx.el.span(_thrown(GalleryState.broken)),
    ]


def _thrown(condition: rx.Var) -> rx.Var:
    """Fails while drawing, as a bug would, so that the page for it can be looked at."""
    return rx.Var(
        _js_expr=f"((now) => {{ if (now) throw new Error('on purpose') }})({condition!s})",
        _var_data=condition._get_all_var_data(),
    )


def _choices() -> list[rx.Component]:
    return [
        ui.tabs(
            [
                ("all", t("gallery.all")),
                ("mine", t("gallery.mine"), 3),
                ("unassigned", t("gallery.unassigned"), 0),
            ],
            GalleryState.tab,
            GalleryState.show,
            label=t("gallery.filter"),
            class_name="w-full",
        ),
        ui.segmented(
            [("all", t("gallery.all")), ("mine", t("gallery.mine"))],
            GalleryState.tab,
            GalleryState.show,
            label=t("gallery.filter"),
        ),
    ]


def _messages() -> rx.Component:
    return ui.message_list(
        ui.divider(t("gallery.today")),
        ui.bubble(
            "customer",
            "kak kopi susu literan msh ada gak?\nbuat besok sore 🙏",
            heading="Rina",
            meta=ui.time("14.02"),
        ),
        ui.bubble(
            "ai",
            t("landing.chat_2"),
            mine=True,
            heading=t("landing.assistant"),
            meta=ui.time("14.02"),
            below=ui.badge(t("landing.taught_source"), tone="ai", icon="book-open"),
        ),
        ui.system_line(t("gallery.took_over"), icon="hand"),
        ui.bubble(
            "person",
            t("landing.chat_5"),
            mine=True,
            heading="Dimas",
            meta=rx.fragment(
                ui.time("14.05"), rx.icon("check-check", size=14), t("gallery.delivered")
            ),
        ),
        ui.bubble("note", t("gallery.note_text"), mine=True, heading=t("gallery.note")),
        ui.bubble("customer", "مرحبا، هل عندكم قهوة؟ <b>شكرا</b>"),
        ui.bubble("customer", "k" * 160),
        ui.bubble("person", "👍", meta=ui.time("14.06")),
        ui.typing_bubble(mine=True),
        label=t("gallery.messages"),
        class_name="rounded-card border border-border",
    )


def _tables() -> list[Any]:
    return [
        ui.card(
            ui.table(
                [
                    ui.Column(t("gallery.name"), lambda row: row.name, lead=True),
                    ui.Column(t("gallery.phone"), lambda row: row.phone),
                    ui.Column(
                        t("gallery.label"), lambda row: ui.chip(row.label, row.color), align="end"
                    ),
                ],
                GalleryState.rows,
                caption=t("gallery.contacts"),
            ),
            padded=False,
        ),
        ui.pagination(
            t("gallery.page"),
            has_previous=False,
            has_next=True,
            on_previous=GalleryState.clear_search,
            on_next=GalleryState.clear_search,
        ),
        rx.el.div(
            ui.card(
                ui.card_header(
                    t("gallery.card"),
                    t("gallery.card_text"),
                    action=ui.button(t("gallery.edit"), size="sm", variant="secondary"),
                ),
                ui.definition([(t("gallery.phone"), "0812"), (t("gallery.city"), "Bandung")]),
            ),
            ui.stat(
                t("gallery.number"), "128", icon="message-circle", note=t("gallery.number_note")
            ),
            class_name=_GRID,
        ),
    ]


def _states() -> list[rx.Component]:
    return [
        ui.card(
            ui.empty_state(
                "inbox",
                t("gallery.empty"),
                t("gallery.empty_text"),
                ui.button(t("gallery.copy_address")),
            )
        ),
        ui.card(ui.error_state(GalleryState.clear_search)),
        ui.card(ui.skeleton_list(4), padded=False),
        ui.card(ui.loading(), ui.progress(40, label=t("gallery.importing"))),
        _notice("info", t("gallery.banner_info")),
        _notice("positive", t("gallery.banner_positive")),
        _notice("warning", t("gallery.banner_warning")),
        _notice("danger", t("gallery.banner_danger")),
        _notice("ai", t("gallery.banner_ai")),
    ]


def _notice(tone: Any, text: Words) -> rx.Component:
    return ui.banner(text, tone=tone, on_dismiss=GalleryState.clear_search)
