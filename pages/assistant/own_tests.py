"""The owner's tests: the set with how draft and published version did, and its forms."""

from typing import Any

import reflex as rx

from components import ui, when
from components.own_test_words import action, problem
from components.text import t
from pages.assistant.own_tests_form import delete_dialog, form_dialog, import_dialog
from state.own_tests import IMPORT, RESULT, OwnTestsState


def body() -> rx.Component:
    return rx.el.div(
        rx.cond(
            OwnTestsState.rows.length() > 0,
            rx.fragment(_run_card(), _set()),
            ui.empty_state(
                "flask-conical",
                t("own_tests.empty"),
                t("own_tests.empty_text"),
                rx.el.div(
                    ui.button(t("own_tests.add"), icon="plus", on_click=OwnTestsState.compose),
                    ui.button(
                        t("own_tests.import"),
                        variant="secondary",
                        icon="upload",
                        on_click=ui.open_dialog(IMPORT),
                    ),
                    class_name="flex flex-wrap justify-center gap-2",
                ),
            ),
        ),
        form_dialog(),
        _result_dialog(),
        delete_dialog(),
        import_dialog(),
        class_name="flex flex-col gap-6",
    )


def _run_card() -> rx.Component:
    run = OwnTestsState.run
    running = run.state == "running"
    return ui.card(
        rx.el.div(
            rx.el.div(
                rx.el.h2(t("own_tests.results"), class_name="text-lead font-bold"),
                rx.cond(
                    run.id > 0,
                    rx.el.p(
                        when.ago(run.created_at, OwnTestsState.zone),
                        " · ",
                        rx.cond(run.model != "", run.model, t("own_tests.without_model")),
                        class_name="text-small text-muted",
                    ),
                    rx.el.p(t("own_tests.never_run"), class_name="text-small text-muted"),
                ),
                class_name="min-w-0 grow",
            ),
            rx.cond(
                running,
                ui.button(
                    t("own_tests.cancel"),
                    variant="secondary",
                    size="sm",
                    on_click=OwnTestsState.cancel,
                ),
                ui.button(
                    t("own_tests.run", count=OwnTestsState.enabled),
                    size="sm",
                    icon="play",
                    disabled=OwnTestsState.enabled == 0,
                    on_click=OwnTestsState.start,
                ),
            ),
            class_name="flex flex-wrap items-start gap-3",
        ),
        rx.cond(
            running,
            rx.el.div(
                ui.progress(run.done, maximum=run.total, label=t("own_tests.results")),
                rx.el.p(
                    t("own_tests.progress", done=run.done, total=run.total),
                    role="status",
                    class_name="text-small text-muted tabular-nums",
                ),
                class_name="mt-4 flex flex-col gap-2",
            ),
        ),
        rx.cond(
            run.id > 0,
            rx.el.div(
                rx.cond(
                    run.draft_number > 0,
                    _side(t("assistant.draft_number", number=run.draft_number), run.draft_failed),
                ),
                rx.cond(
                    run.published_number > 0,
                    _side(
                        t("assistant.live_number", number=run.published_number),
                        run.published_failed,
                    ),
                ),
                class_name="mt-4 flex flex-wrap gap-3",
            ),
        ),
        rx.match(
            run.state,
            ("failed", ui.banner(t("own_tests.run_failed"), tone="danger", class_name="mt-4")),
            (
                "cancelled",
                ui.banner(t("own_tests.run_cancelled"), tone="warning", class_name="mt-4"),
            ),
            (
                "done",
                rx.cond(
                    run.stale,
                    ui.banner(t("own_tests.stale"), tone="info", class_name="mt-4"),
                ),
            ),
            rx.fragment(),
        ),
    )


def _side(name: Any, failed: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(name, class_name="font-semibold"),
        rx.cond(
            failed > 0,
            ui.badge(t("own_tests.count_failed", count=failed), tone="danger", icon="x"),
            ui.badge(t("own_tests.none_failed"), tone="positive", icon="check"),
        ),
        class_name="flex items-center gap-2 rounded-control bg-sunken px-3 py-2 text-small",
    )


def _set() -> rx.Component:
    return ui.card(
        rx.el.div(
            rx.el.h2(t("own_tests.set"), class_name="grow text-lead font-bold"),
            ui.menu(
                "tests-more",
                ui.menu_button("tests-more", "ellipsis", t("own_tests.more"), size="sm"),
                ui.menu_item(t("own_tests.import"), icon="upload", on_click=ui.open_dialog(IMPORT)),
                ui.menu_item(t("own_tests.export"), icon="download", on_click=OwnTestsState.export),
                label=t("own_tests.more"),
            ),
            ui.button(
                t("own_tests.add"),
                variant="secondary",
                size="sm",
                icon="plus",
                on_click=OwnTestsState.compose,
            ),
            class_name="flex items-center gap-2 px-4 pt-4 pb-3",
        ),
        rx.el.ul(
            rx.foreach(OwnTestsState.rows, _line),
            class_name="divide-y divide-border border-t border-border",
        ),
        padded=False,
    )


def _line(row: rx.Var[Any]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.button(
                row.name,
                type="button",
                on_click=OwnTestsState.edit(row.id),
                title=t("own_tests.edit"),
                class_name="max-w-full rounded-small text-start font-semibold break-words "
                "hover:underline",
            ),
            rx.el.p(
                "“",
                row.question,
                "”",
                rx.cond(
                    row.more_turns > 0,
                    rx.el.span(" · ", t("own_tests.turn_count", count=row.more_turns + 1)),
                ),
                class_name="line-clamp-2 text-small text-muted",
            ),
            class_name="min-w-0 grow basis-40",
        ),
        rx.el.div(
            ui.badge(t("own_tests.expects", what=action(row.expected)), tone="neutral"),
            _outcome(row, row.draft, t("assistant.state_draft")),
            _outcome(row, row.published, t("assistant.state_published")),
            class_name="flex flex-wrap items-center gap-2 max-sm:order-3 max-sm:w-full",
        ),
        rx.el.div(
            ui.switch(
                "enabled-" + row.id.to(str),
                rx.el.span(t("own_tests.enabled", name=row.name), class_name="sr-only"),
                checked=row.enabled,
                on_change=lambda on: OwnTestsState.switch(row.id, on),
            ),
            ui.icon_button(
                "trash-2",
                t("own_tests.delete", name=row.name),
                size="sm",
                tip="left",
                on_click=OwnTestsState.ask_delete(row.id),
            ),
            class_name="flex shrink-0 items-center gap-1",
        ),
        class_name=[
            "flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3",
            rx.cond(row.enabled, "", "opacity-70"),
        ],
    )


def _outcome(row: Any, result: Any, side: Any) -> rx.Component:
    """How one side did; a click shows what it answered."""
    return rx.match(
        result.state,
        (
            "passed",
            _shown(row, ui.badge(t("own_tests.passed", side=side), tone="positive", icon="check")),
        ),
        (
            "failed",
            _shown(row, ui.badge(t("own_tests.failed", side=side), tone="danger", icon="x")),
        ),
        rx.fragment(),
    )


def _shown(row: Any, badge: rx.Component) -> rx.Component:
    return rx.el.button(
        badge,
        type="button",
        on_click=OwnTestsState.open_result(row.id),
        title=t("own_tests.show_answers"),
        class_name="inline-flex min-h-8 items-center rounded-small",
    )


def _result_dialog() -> rx.Component:
    line = OwnTestsState.opened
    return ui.dialog(
        RESULT,
        line.name,
        rx.el.div(
            _answers(line.draft, t("assistant.state_draft")),
            _answers(line.published, t("assistant.state_published")),
            class_name="grid max-h-[65dvh] gap-4 overflow-y-auto sm:grid-cols-2",
        ),
        actions=rx.fragment(
            ui.button(
                t("own_tests.edit"),
                variant="secondary",
                on_click=[ui.close_dialog(RESULT), OwnTestsState.edit(line.case_id)],
            ),
            ui.button(t("ui.close"), data_close=True),
        ),
    )


def _answers(result: Any, side: Any) -> rx.Component:
    return rx.cond(
        result.state != "waiting",
        rx.el.section(
            rx.el.h3(
                side,
                rx.cond(
                    result.state == "passed",
                    ui.badge(t("own_tests.pass"), tone="positive", icon="check"),
                    ui.badge(t("own_tests.fail"), tone="danger", icon="x"),
                ),
                class_name="flex items-center gap-2 text-small font-bold",
            ),
            rx.cond(
                result.problems.length() > 0,
                rx.el.ul(
                    rx.foreach(result.problems, lambda each: rx.el.li(problem(each))),
                    class_name="rounded-control bg-danger-soft px-3 py-2 text-small text-danger-ink",
                ),
            ),
            rx.foreach(result.answers, _exchange),
            rx.el.p(
                t("assistant.took", ms=result.milliseconds),
                rx.cond(
                    result.tokens > 0,
                    rx.el.span(" · ", t("inbox.tokens", count=result.tokens)),
                ),
                class_name="text-caption text-muted tabular-nums",
            ),
            class_name="flex min-w-0 flex-col gap-2",
        ),
    )


def _exchange(answer: rx.Var[Any]) -> rx.Component:
    return rx.el.div(
        ui.bubble("customer", answer.question, mine=True),
        ui.bubble("ai", answer.text),
        rx.cond(
            answer.evidence.to(list).length() > 0,
            rx.el.p(
                t("own_tests.stood_on"),
                " ",
                rx.foreach(
                    answer.evidence.to(list[str]),
                    lambda title, at: rx.fragment(rx.cond(at > 0, "; ", ""), title),
                ),
                class_name="text-caption text-muted",
            ),
        ),
        class_name="flex flex-col gap-2",
    )
