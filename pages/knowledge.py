"""What the assistant knows, and trying it."""

from typing import Any

import reflex as rx

from chatrigo.domain.knowledge.entries import MAX_BODY, MAX_TITLE
from chatrigo.domain.knowledge.spreadsheet import MAX_BYTES
from components import ui
from components.signed_in import signed_in
from components.text import t
from state.knowledge import DELETE, FORM, IMPORT, KnowledgeState

UPLOAD = "csv"
CSV_KINDS = {"text/csv": [".csv"], "application/vnd.ms-excel": [".csv"], "text/plain": [".csv"]}


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(
                t("knowledge.title"),
                t("knowledge.intro"),
                actions=rx.cond(KnowledgeState.counts.all > 0, _actions()),
            ),
            rx.cond(
                KnowledgeState.loaded,
                rx.cond(KnowledgeState.counts.all > 0, _full(), _first_steps()),
                rx.cond(
                    KnowledgeState.failed,
                    ui.error_state(KnowledgeState.load),
                    ui.skeleton_list(6),
                ),
            ),
            _form(),
            _delete(),
            _import(),
        ),
        active="knowledge",
    )


def _actions() -> rx.Component:
    return rx.fragment(
        ui.menu(
            "knowledge-more",
            ui.menu_button("knowledge-more", "ellipsis", t("knowledge.more"), variant="secondary"),
            *_file_items(),
            label=t("knowledge.more"),
        ),
        ui.button(
            t("knowledge.add_text"),
            variant="secondary",
            icon="file-text",
            on_click=KnowledgeState.compose("text"),
        ),
        ui.button(t("knowledge.add_qa"), icon="plus", on_click=KnowledgeState.compose("qa")),
    )


def _file_items() -> list[rx.Component]:
    return [
        ui.menu_item(t("knowledge.import"), icon="upload", on_click=ui.open_dialog(IMPORT)),
        ui.menu_item(t("knowledge.export"), icon="download", on_click=KnowledgeState.export),
    ]


def _full() -> rx.Component:
    return rx.el.div(
        rx.el.div(_list(), class_name="min-w-0 grow max-lg:order-2"),
        rx.el.div(
            _trial(),
            class_name="w-full shrink-0 max-lg:order-1 lg:sticky lg:top-6 lg:w-88",
        ),
        class_name="flex flex-col gap-6 lg:flex-row lg:items-start",
    )


# The list


def _list() -> rx.Component:
    counts = KnowledgeState.counts
    return ui.card(
        rx.el.div(
            ui.search_box(
                KnowledgeState.query,
                KnowledgeState.search,
                placeholder=t("knowledge.search"),
                on_clear=KnowledgeState.clear_search,
            ),
            class_name="p-3 pb-1",
        ),
        ui.tabs(
            [
                ("all", t("knowledge.tab_all", count=counts.all)),
                ("qa", t("knowledge.tab_qa", count=counts.qa)),
                ("text", t("knowledge.tab_text", count=counts.text)),
                ("disabled", t("knowledge.tab_disabled", count=counts.disabled)),
            ],
            KnowledgeState.view,
            KnowledgeState.show,
            label=t("knowledge.filter"),
            class_name="px-1",
        ),
        rx.cond(
            KnowledgeState.found > 0,
            rx.el.ul(
                rx.foreach(KnowledgeState.rows, _entry),
                aria_label=t("knowledge.list"),
                class_name="divide-y divide-border",
            ),
            ui.empty_state("search", t("knowledge.nothing"), t("knowledge.nothing_text")),
        ),
        rx.cond(KnowledgeState.pages > 1, _pages()),
        padded=False,
    )


def _entry(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.icon(
            rx.cond(row.kind == "qa", "message-circle-question", "file-text"),
            size=18,
            class_name="mt-1 shrink-0 text-muted max-sm:hidden",
        ),
        rx.el.button(
            rx.el.span(row.title, class_name="font-semibold break-words"),
            rx.el.span(
                row.body,
                class_name="line-clamp-2 text-small break-words whitespace-pre-line text-muted",
            ),
            rx.cond(
                row.enabled,
                rx.fragment(),
                ui.badge(t("knowledge.off"), icon="eye-off", class_name="mt-1.5 self-start"),
            ),
            type="button",
            title=t("knowledge.edit"),
            on_click=KnowledgeState.edit(row.id),
            class_name="flex min-w-0 grow flex-col rounded-small text-start",
        ),
        rx.el.div(
            rx.el.input(
                type="checkbox",
                role="switch",
                checked=row.enabled,
                on_change=lambda on: KnowledgeState.switch(row.id, on),
                aria_label=t("knowledge.use_named", title=row.title),
                class_name="switch",
            ),
            ui.icon_button(
                "trash-2",
                t("knowledge.delete_named", title=row.title),
                size="sm",
                tip="",
                on_click=KnowledgeState.ask_delete(row.id),
            ),
            class_name="flex shrink-0 items-center gap-2",
        ),
        key=row.id,
        class_name="flex items-start gap-3 px-4 py-3.5 hover:bg-hover",
    )


def _pages() -> rx.Component:
    return ui.pagination(
        t(
            "knowledge.count_page",
            count=KnowledgeState.found,
            page=KnowledgeState.page,
            pages=KnowledgeState.pages,
        ),
        has_previous=KnowledgeState.page > 1,
        has_next=KnowledgeState.page < KnowledgeState.pages,
        on_previous=KnowledgeState.newer,
        on_next=KnowledgeState.older,
    )


# Nothing taught yet


def _first_steps() -> rx.Component:
    return ui.card(
        ui.empty_state(
            "book-open",
            t("knowledge.empty"),
            t("knowledge.empty_text"),
            rx.el.div(
                _example("hours", "clock"),
                _example("delivery", "truck"),
                class_name="grid w-full gap-3 text-start sm:grid-cols-2",
            ),
        ),
        rx.el.div(
            ui.button(
                t("knowledge.add_qa"),
                variant="secondary",
                icon="plus",
                on_click=KnowledgeState.compose("qa"),
            ),
            ui.button(
                t("knowledge.add_text"),
                variant="ghost",
                icon="file-text",
                on_click=KnowledgeState.compose("text"),
            ),
            ui.button(
                t("knowledge.import"),
                variant="ghost",
                icon="upload",
                on_click=ui.open_dialog(IMPORT),
            ),
            class_name="flex flex-wrap justify-center gap-2 pb-4",
        ),
    )


def _example(name: str, icon: str) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            rx.icon(icon, size=18, class_name="shrink-0 text-accent-ink"),
            t(f"knowledge.example_{name}"),
            class_name="flex items-center gap-2 font-semibold",
        ),
        rx.el.span(
            t(f"knowledge.example_{name}_answer"), class_name="text-small text-pretty text-muted"
        ),
        type="button",
        on_click=KnowledgeState.use_example(name),
        class_name="flex flex-col gap-1.5 rounded-card border border-border bg-surface p-4 "
        "text-start shadow-card hover:border-accent hover:bg-hover",
    )


# Trying a question


def _trial() -> rx.Component:
    return ui.card(
        ui.card_header(t("knowledge.try_title"), t("knowledge.try_text")),
        rx.el.form(
            ui.input_box(
                name="question",
                placeholder=t("knowledge.try_placeholder"),
                aria_label=t("knowledge.try_label"),
                max_length=500,
                enter_key_hint="search",
                auto_complete="off",
                class_name="min-w-0 grow",
            ),
            ui.button(t("knowledge.try"), type="submit", variant="soft"),
            on_submit=KnowledgeState.try_question,
            class_name="flex gap-2",
        ),
        rx.cond(
            KnowledgeState.trial_error != "",
            ui.banner(KnowledgeState.trial_error, tone="danger", class_name="mt-3"),
        ),
        rx.el.div(
            rx.cond(KnowledgeState.decision != "", _outcome()),
            aria_live="polite",
        ),
    )


def _outcome() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                t("knowledge.asked", question=KnowledgeState.question),
                class_name="min-w-0 grow text-small break-words text-muted",
            ),
            ui.icon_button(
                "x",
                t("knowledge.try_clear"),
                size="sm",
                tip="",
                on_click=KnowledgeState.clear_trial,
                class_name="-my-1.5",
            ),
            class_name="flex items-start gap-2",
        ),
        rx.match(
            KnowledgeState.decision,
            ("answer", _decision("answer", "positive", "circle-check")),
            ("unsure", _decision("unsure", "warning", "circle-help")),
            _nothing_known(),
        ),
        rx.foreach(KnowledgeState.evidence, _found),
        class_name="mt-4 flex flex-col gap-3",
    )


def _decision(name: str, tone: Any, icon: str) -> rx.Component:
    with_model, without = t(f"knowledge.decision_{name}_model"), t(f"knowledge.decision_{name}")
    return ui.banner(rx.cond(KnowledgeState.model != "", with_model, without), tone=tone, icon=icon)


def _nothing_known() -> rx.Component:
    return ui.banner(
        rx.el.div(
            t("knowledge.decision_none"),
            ui.button(
                t("knowledge.teach_this"),
                size="sm",
                variant="secondary",
                icon="plus",
                on_click=KnowledgeState.teach_question,
                class_name="mt-2.5",
            ),
        ),
        tone="info",
        icon="user-round",
    )


def _found(row: rx.Var[Any], index: rx.Var[int]) -> rx.Component:
    first = (index == 0) & (KnowledgeState.decision == "answer")
    return rx.el.button(
        rx.el.span(
            rx.el.span(row.title, class_name="min-w-0 grow text-small font-semibold break-words"),
            rx.el.span(
                t("knowledge.match", percent=row.percent),
                class_name="shrink-0 text-caption text-muted tabular-nums",
            ),
            class_name="flex items-baseline gap-2",
        ),
        rx.el.span(
            row.body,
            class_name=ui.classes(
                "text-small break-words whitespace-pre-line text-muted",
                rx.cond(first, "", "line-clamp-2"),
            ),
        ),
        type="button",
        on_click=KnowledgeState.edit(row.entry_id),
        class_name=ui.classes(
            "flex flex-col gap-1 rounded-control border p-3 text-start hover:bg-hover",
            rx.cond(first, "border-positive", "border-border"),
        ),
    )


# The form


def _form() -> rx.Component:
    form = KnowledgeState.form
    is_pair, is_new = form.kind == "qa", form.id == 0
    return ui.dialog(
        FORM,
        rx.cond(
            is_new,
            rx.cond(is_pair, t("knowledge.form_new_qa"), t("knowledge.form_new_text")),
            rx.cond(is_pair, t("knowledge.form_edit_qa"), t("knowledge.form_edit_text")),
        ),
        rx.el.form(
            ui.input_field(
                "title",
                rx.cond(is_pair, t("knowledge.question"), t("knowledge.text_title")),
                id="entry-title",
                hint=rx.cond(is_pair, t("knowledge.question_hint"), t("knowledge.text_title_hint")),
                error=KnowledgeState.title_error,
                default_value=form.title,
                max_length=MAX_TITLE,
                auto_complete="off",
                required=True,
            ),
            ui.textarea_field(
                "body",
                rx.cond(is_pair, t("knowledge.answer"), t("knowledge.text_body")),
                id="entry-body",
                hint=rx.cond(is_pair, t("knowledge.answer_hint"), t("knowledge.text_body_hint")),
                error=KnowledgeState.body_error,
                default_value=form.body,
                max_length=MAX_BODY,
                rows=rx.cond(is_pair, "5", "8"),
                required=True,
            ),
            rx.cond(KnowledgeState.duplicate != "", _duplicate()),
            id="entry",
            key=form.version,
            on_submit=KnowledgeState.save,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(
                rx.cond(
                    KnowledgeState.duplicate != "",
                    t("knowledge.save_anyway"),
                    t("knowledge.save"),
                ),
                type="submit",
                form="entry",
                loading=KnowledgeState.saving,
            ),
        ),
        sticky=True,
    )


def _duplicate() -> rx.Component:
    return ui.banner(
        rx.el.div(
            t("knowledge.duplicate_warning", title=KnowledgeState.duplicate),
            ui.button(
                t("knowledge.edit_existing"),
                size="sm",
                variant="secondary",
                on_click=KnowledgeState.edit_duplicate,
                class_name="mt-2.5",
            ),
        ),
        tone="warning",
    )


def _delete() -> rx.Component:
    return ui.confirm_dialog(
        DELETE,
        t("knowledge.delete_title"),
        t("knowledge.delete_text", title=KnowledgeState.deleting_title),
        confirm=t("knowledge.delete"),
        on_confirm=KnowledgeState.delete,
    )


# CSV


def _import() -> rx.Component:
    chosen = KnowledgeState.import_rows.length() > 0
    return ui.dialog(
        IMPORT,
        t("knowledge.import_title"),
        rx.cond(chosen, _preview(), _drop_zone()),
        rx.cond(
            KnowledgeState.import_error != "",
            ui.banner(KnowledgeState.import_error, tone="danger"),
        ),
        actions=rx.fragment(
            ui.button(
                t("knowledge.import_other"),
                variant="secondary",
                disabled=~chosen | KnowledgeState.importing,
                on_click=KnowledgeState.drop_file,
            ),
            ui.button(
                t("knowledge.import_save", count=KnowledgeState.import_ready),
                loading=KnowledgeState.importing,
                disabled=KnowledgeState.import_ready == 0,
                on_click=KnowledgeState.save_import,
            ),
        ),
        on_close=KnowledgeState.drop_file,
        sticky=True,
    )


def _drop_zone() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("knowledge.import_text"), class_name="text-muted"),
        rx.upload.root(
            rx.el.span(
                rx.icon("upload", size=22),
                t("knowledge.import_drop"),
                class_name="flex flex-col items-center gap-2 font-semibold",
            ),
            id=UPLOAD,
            accept=CSV_KINDS,
            max_files=1,
            max_size=MAX_BYTES,
            multiple=False,
            on_drop=KnowledgeState.read_file(rx.upload_files(upload_id=UPLOAD)),
            on_drop_rejected=KnowledgeState.refuse_file,
            class_name="grid min-h-36 cursor-pointer place-items-center rounded-card border-2 "
            "border-dashed border-strong p-6 text-center text-muted hover:bg-hover hover:text-ink",
        ),
    )


def _preview() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            ui.badge(
                t("knowledge.import_ready", count=KnowledgeState.import_ready),
                tone="positive",
                icon="circle-check",
            ),
            rx.cond(
                KnowledgeState.import_skipped > 0,
                ui.badge(
                    t("knowledge.import_skipped", count=KnowledgeState.import_skipped),
                    tone="warning",
                    icon="triangle-alert",
                ),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.ul(
            rx.foreach(KnowledgeState.import_rows, _import_row),
            aria_label=t("knowledge.import_preview"),
            class_name="max-h-[45dvh] divide-y divide-border overflow-y-auto rounded-card border "
            "border-border",
        ),
        rx.cond(
            KnowledgeState.import_more > 0,
            rx.el.p(
                t("knowledge.import_more", count=KnowledgeState.import_more),
                class_name="text-small text-muted",
            ),
        ),
    )


def _import_row(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            row.line, class_name="w-8 shrink-0 text-end text-caption text-muted tabular-nums"
        ),
        rx.el.div(
            rx.el.p(row.title, class_name="truncate font-semibold"),
            rx.el.p(row.body, class_name="truncate text-muted"),
            class_name="min-w-0 grow",
        ),
        rx.match(
            row.problem,
            ("", ui.badge(t("knowledge.import_ok"), tone="positive")),
            *[
                (problem, ui.badge(t(f"knowledge.problem_{problem}"), tone="warning"))
                for problem in (
                    "question_missing",
                    "question_long",
                    "answer_missing",
                    "answer_long",
                    "title_missing",
                    "title_long",
                    "text_missing",
                    "text_long",
                )
            ],
            ui.badge(t("knowledge.problem_duplicate"), tone="warning"),
        ),
        class_name="flex items-center gap-3 px-3 py-2 text-small",
    )
