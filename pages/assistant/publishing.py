"""Publishing the draft: its tests first, then a note or a reason."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant import versions
from components import ui, when
from components.own_test_words import problem
from components.text import t
from state.assistant import PUBLISH, AssistantState

DISCARD, FORM = "discard", "publish-form"


def standing_of_draft() -> rx.Component:
    """Above the form: what is edited, since when, and what can be done with it."""
    draft, live = AssistantState.draft, AssistantState.published
    return rx.cond(
        draft.number > 0,
        _strip(
            "pencil-line",
            "bg-sun-soft text-sun-ink",
            t("assistant.is_draft", number=draft.number),
            rx.fragment(
                rx.cond(
                    draft.changed_by != "",
                    t("assistant.changed_by", name=draft.changed_by),
                    t("assistant.changed"),
                ),
                " ",
                when.ago(draft.updated_at, AssistantState.zone),
                ". ",
                t("assistant.customers_meet", number=live.number),
            ),
            rx.el.div(
                ui.link_button(
                    t("assistant.compare"),
                    f"/assistant/history?from={live.number}&to={draft.number}",
                    variant="secondary",
                    size="sm",
                ),
                ui.button(
                    t("assistant.discard"),
                    variant="ghost",
                    size="sm",
                    on_click=ui.open_dialog(DISCARD),
                ),
                ui.button(
                    t("assistant.publish"),
                    size="sm",
                    icon="rocket",
                    on_click=AssistantState.begin_publishing,
                ),
                class_name="flex flex-wrap items-center gap-2 group-data-[dirty]/guard:hidden",
            ),
        ),
        _strip(
            "circle-check-big",
            "bg-positive-soft text-positive-ink",
            t("assistant.is_published", number=live.number),
            t("assistant.edit_makes_draft"),
        ),
    )


def _strip(
    icon: str, tone: str, title: Any, text: Any, action: rx.Component | None = None
) -> rx.Component:
    return rx.el.div(
        rx.icon(icon, size=20, class_name="mt-0.5 shrink-0"),
        rx.el.div(
            rx.el.p(title, class_name="font-bold"),
            rx.el.p(text, class_name="text-small text-pretty"),
            class_name="min-w-0 grow basis-56",
        ),
        action if action is not None else rx.fragment(),
        role="status",
        class_name=f"flex flex-wrap items-start gap-3 rounded-card px-4 py-3 {tone}",
    )


def discard_dialog() -> rx.Component:
    return ui.confirm_dialog(
        DISCARD,
        t("assistant.discard_title"),
        t("assistant.discard_text"),
        confirm=t("assistant.discard"),
        on_confirm=AssistantState.discard,
    )


def publish_dialog() -> rx.Component:
    ready = AssistantState.readiness
    return ui.dialog(
        PUBLISH,
        t("assistant.publish_title", number=AssistantState.draft.number),
        rx.match(
            ready,
            ("untested", _running()),
            ("failing", _failing()),
            ("empty", ui.banner(t("assistant.no_tests"), tone="info", action=_to_tests())),
            (
                "proven",
                ui.banner(t("assistant.proven", count=AssistantState.cases), tone="positive"),
            ),
            rx.fragment(),
        ),
        rx.cond((ready != "untested") & (ready != ""), _form()),
        rx.cond(
            AssistantState.publish_error != "",
            ui.banner(AssistantState.publish_error, tone="danger"),
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            rx.cond(
                (ready != "untested") & (ready != ""),
                ui.button(
                    rx.cond(
                        ready == "failing", t("assistant.publish_anyway"), t("assistant.publish")
                    ),
                    type="submit",
                    form=FORM,
                    loading=AssistantState.publishing,
                ),
            ),
        ),
        on_close=AssistantState.end_publishing,
    )


def _to_tests() -> rx.Component:
    return ui.link_button(
        t("assistant.see_tests"), "/assistant/tests", variant="secondary", size="sm"
    )


def _running() -> rx.Component:
    run = AssistantState.run
    return rx.cond(
        run.state == "failed",
        ui.banner(t("own_tests.run_failed"), tone="danger", action=_again()),
        rx.cond(
            run.state == "cancelled",
            ui.banner(t("own_tests.run_cancelled"), tone="warning", action=_again()),
            rx.el.div(
                rx.el.p(t("assistant.testing"), class_name="font-semibold"),
                ui.progress(run.done, maximum=run.total, label=t("assistant.testing")),
                rx.el.p(
                    t("own_tests.progress", done=run.done, total=run.total),
                    class_name="text-small text-muted tabular-nums",
                ),
                class_name="flex flex-col gap-2",
                role="status",
            ),
        ),
    )


def _again() -> rx.Component:
    return ui.button(
        t("own_tests.run_again"),
        variant="secondary",
        size="sm",
        on_click=AssistantState.begin_publishing,
    )


def _failing() -> rx.Component:
    return rx.fragment(
        ui.banner(t("assistant.failing", count=AssistantState.run.draft_failed), tone="warning"),
        rx.el.ul(
            rx.foreach(AssistantState.failing, _failed_case),
            class_name="max-h-[30dvh] divide-y divide-border overflow-y-auto rounded-card border "
            "border-border",
        ),
        rx.el.div(_to_tests()),
    )


def _failed_case(line: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.p(line.name, class_name="text-small font-semibold"),
        rx.el.ul(
            rx.foreach(line.draft.problems, lambda each: rx.el.li(problem(each))),
            class_name="text-small text-muted",
        ),
        class_name="px-3 py-2",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.cond(
            AssistantState.readiness == "failing",
            ui.textarea_field(
                "reason",
                t("assistant.reason"),
                hint=t("assistant.reason_hint"),
                required=True,
                rows="2",
                max_length=versions.MAX_REASON,
            ),
        ),
        ui.input_field(
            "note",
            t("assistant.note"),
            hint=t("assistant.note_hint"),
            optional=True,
            max_length=versions.MAX_NOTE,
            auto_complete="off",
        ),
        id=FORM,
        on_submit=AssistantState.publish,
        class_name="flex flex-col gap-4",
    )
