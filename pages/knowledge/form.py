"""Teaching, changing and deleting: the dialogs."""

import reflex as rx

from chatrigo.domain.knowledge.entries import MAX_BODY, MAX_TITLE
from components import ui
from components.text import t
from state.knowledge import DELETE, FORM, KnowledgeState


def form_dialog() -> rx.Component:
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
            ),
            class_name="flex flex-col items-start gap-2.5",
        ),
        tone="warning",
    )


def delete_dialog() -> rx.Component:
    return ui.confirm_dialog(
        DELETE,
        t("knowledge.delete_title"),
        t("knowledge.delete_text", title=KnowledgeState.deleting_title),
        confirm=t("knowledge.delete"),
        on_confirm=KnowledgeState.delete,
    )
