"""What should the assistant have said? Asked after a thumb down."""

import reflex as rx

from chatrigo.domain.knowledge.entries import MAX_BODY, MAX_TITLE
from components import ui
from components.text import t
from state.inbox import InboxState
from state.inbox.corrected import CORRECT


def correction_dialog() -> rx.Component:
    form = InboxState.correction
    return ui.dialog(
        CORRECT,
        t("learning.correct_title"),
        rx.el.form(
            rx.el.p(t("learning.correct_text"), class_name="text-small text-muted"),
            ui.input_field(
                "question",
                t("knowledge.question"),
                id="correction-question",
                error=InboxState.correction_question_error,
                default_value=form.question,
                max_length=MAX_TITLE,
                auto_complete="off",
                required=True,
            ),
            ui.textarea_field(
                "answer",
                t("knowledge.answer"),
                id="correction-answer",
                error=InboxState.correction_answer_error,
                default_value=form.answer,
                max_length=MAX_BODY,
                rows="5",
                required=True,
            ),
            id="correction",
            key=form.version,
            on_submit=InboxState.correct,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("learning.correct_later"), variant="secondary", data_close=True),
            ui.button(t("learning.correct_save"), type="submit", form="correction"),
        ),
        sticky=True,
    )
