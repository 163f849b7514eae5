"""What customers asked and nobody had taught: the most asked first, taught in two clicks."""

from typing import Any

import reflex as rx

from chatrigo.domain.knowledge.entries import MAX_BODY, MAX_TITLE
from chatrigo.domain.learning.unanswered import AskedRow, GroupRow
from components import ui, when
from components.conversation_words import reason
from components.signed_in import signed_in
from components.text import t
from state.learning import TEACH, LearningState


def page() -> rx.Component:
    return signed_in(
        ui.page_body(
            ui.page_header(t("learning.title"), t("learning.intro"), back="/knowledge"),
            ui.tabs(
                [
                    ("open", t("learning.tab_open", count=LearningState.open)),
                    ("taught", t("learning.tab_taught", count=LearningState.taught)),
                    ("dismissed", t("learning.tab_dismissed", count=LearningState.dismissed)),
                ],
                LearningState.view,
                LearningState.show,
                label=t("learning.filter"),
            ),
            rx.cond(
                LearningState.loaded,
                rx.cond(LearningState.groups.length() > 0, _groups(), _nothing()),
                rx.cond(
                    LearningState.failed,
                    ui.error_state(LearningState.load),
                    ui.skeleton_list(4),
                ),
            ),
            _teach_dialog(),
            narrow=True,
        ),
        active="knowledge",
    )


def _groups() -> rx.Component:
    return rx.el.ul(
        rx.foreach(LearningState.groups, _group),
        aria_label=t("learning.title"),
        class_name="flex flex-col gap-3",
    )


def _group(group: rx.Var[GroupRow]) -> rx.Component:
    return rx.el.li(
        ui.card(
            rx.el.div(
                rx.el.p(group.question, dir="auto", class_name="font-semibold break-words"),
                rx.el.p(
                    rx.cond(
                        group.count > 1,
                        t("learning.asked_times", count=group.count),
                        t("learning.asked_once"),
                    ),
                    " · ",
                    when.ago(group.at, LearningState.zone),
                    class_name="text-small text-muted",
                ),
                class_name="flex flex-col gap-1",
            ),
            rx.cond(
                group.reply != "",
                rx.el.div(
                    rx.el.p(
                        rx.el.span(t("learning.your_reply"), " ", class_name="font-semibold"),
                        group.reply,
                        dir="auto",
                        class_name="line-clamp-3 text-small break-words",
                    ),
                    class_name="rounded-control bg-sunken px-3 py-2",
                ),
            ),
            rx.el.details(
                rx.el.summary(
                    rx.icon(
                        "chevron-right",
                        size=14,
                        class_name="transition-transform group-open/asked:rotate-90",
                    ),
                    t("learning.where"),
                    class_name="flex min-h-6 w-fit list-none items-center gap-1 rounded-small "
                    "text-small font-semibold text-ai-ink [&::-webkit-details-marker]:hidden",
                ),
                rx.el.ul(
                    rx.foreach(group.asked, _wording),
                    class_name="mt-1 flex flex-col divide-y divide-border",
                ),
                class_name="group/asked",
            ),
            _acts(group),
            class_name="flex flex-col gap-3",
        ),
        key=group.id.to(str),
    )


def _wording(asked: rx.Var[AskedRow]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(asked.question, dir="auto", class_name="break-words"),
            rx.el.span(
                reason(asked.reason),
                " · ",
                when.ago(asked.at, LearningState.zone),
                class_name="text-caption text-muted",
            ),
            href=f"/inbox/{asked.conversation_id}",
            class_name="flex flex-col gap-0.5 rounded-small py-2 text-small hover:bg-hover",
        ),
    )


def _acts(group: Any) -> rx.Component:
    return rx.el.div(
        rx.match(
            LearningState.view,
            (
                "open",
                rx.fragment(
                    ui.button(
                        t("learning.teach"),
                        icon="graduation-cap",
                        size="sm",
                        on_click=LearningState.begin(group.id),
                    ),
                    ui.button(
                        t("learning.dismiss"),
                        variant="ghost",
                        size="sm",
                        on_click=LearningState.dismiss(group.id),
                    ),
                ),
            ),
            ui.button(
                t("learning.reopen"),
                variant="secondary",
                size="sm",
                icon="rotate-ccw",
                on_click=LearningState.reopen(group.id),
            ),
        ),
        class_name="flex flex-wrap gap-2",
    )


def _nothing() -> rx.Component:
    return rx.match(
        LearningState.view,
        (
            "taught",
            ui.empty_state(
                "graduation-cap", t("learning.none_taught"), t("learning.none_taught_text")
            ),
        ),
        (
            "dismissed",
            ui.empty_state(
                "archive", t("learning.none_dismissed"), t("learning.none_dismissed_text")
            ),
        ),
        ui.empty_state("circle-check-big", t("learning.none_open"), t("learning.none_open_text")),
    )


def _teach_dialog() -> rx.Component:
    form = LearningState.form
    return ui.dialog(
        TEACH,
        t("learning.teach_title"),
        rx.el.form(
            rx.cond(form.wordings.length() > 1, _wordings(form.wordings)),
            ui.input_field(
                "title",
                t("knowledge.question"),
                id="teach-title",
                hint=t("learning.question_hint"),
                error=LearningState.title_error,
                default_value=form.title,
                max_length=MAX_TITLE,
                auto_complete="off",
                required=True,
            ),
            ui.textarea_field(
                "body",
                t("knowledge.answer"),
                id="teach-body",
                hint=t("knowledge.answer_hint"),
                error=LearningState.body_error,
                default_value=form.body,
                max_length=MAX_BODY,
                rows="5",
                required=True,
            ),
            rx.cond(LearningState.duplicate != "", _duplicate()),
            id="teach",
            key=form.version,
            on_submit=LearningState.save,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(
                rx.cond(
                    LearningState.duplicate != "",
                    t("knowledge.save_anyway"),
                    t("learning.teach"),
                ),
                type="submit",
                form="teach",
                loading=LearningState.saving,
            ),
        ),
        sticky=True,
    )


def _wordings(wordings: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(t("learning.wordings"), class_name="text-small font-semibold"),
        rx.el.ul(
            rx.foreach(wordings, lambda each: rx.el.li(each, dir="auto", class_name="break-words")),
            class_name="max-h-28 list-disc overflow-y-auto pl-5 text-small text-muted",
        ),
        class_name="flex flex-col gap-1",
    )


def _duplicate() -> rx.Component:
    return ui.banner(
        rx.el.div(
            t("knowledge.duplicate_warning", title=LearningState.duplicate),
            ui.button(
                t("learning.use_existing"),
                size="sm",
                variant="secondary",
                on_click=LearningState.use_existing,
            ),
            class_name="flex flex-col items-start gap-2.5",
        ),
        tone="warning",
    )
