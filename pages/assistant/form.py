"""The instructions, as one form that asks before changes are lost: saving it makes a draft."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant import instructions, topics
from components import ui
from components.text import t
from components.unsaved import fill_button, guarded_form
from pages.assistant.publishing import standing_of_draft
from state.assistant import FORM, AssistantState

PRESETS = ("warm", "polite", "brief", "cheerful")


def instructions_form() -> rx.Component:
    return guarded_form(
        FORM,
        standing_of_draft(),
        rx.cond(AssistantState.conflict != "", _conflict()),
        rx.cond(
            AssistantState.changed_elsewhere & (AssistantState.conflict == ""),
            ui.banner(
                t("assistant.changed_elsewhere"),
                tone="warning",
                action=ui.button(
                    t("assistant.reload"),
                    variant="secondary",
                    size="sm",
                    on_click=AssistantState.load,
                ),
            ),
        ),
        _who(),
        _rules(),
        _topics(),
        _hours(),
        _more(),
        saving=AssistantState.saving,
        key=AssistantState.version,
        on_submit=AssistantState.save,
    )


def _conflict() -> rx.Component:
    """Two people saved: nothing is lost, and one of them decides."""
    return ui.banner(
        rx.el.div(
            rx.el.p(AssistantState.conflict, class_name="font-semibold"),
            rx.el.p(
                t("assistant.conflict_fields"),
                " ",
                rx.foreach(
                    AssistantState.conflict_fields,
                    lambda field, at: rx.fragment(rx.cond(at > 0, ", ", ""), field_name(field)),
                ),
            ),
            rx.el.div(
                ui.button(
                    t("assistant.take_theirs"),
                    variant="secondary",
                    size="sm",
                    on_click=AssistantState.load,
                ),
                ui.button(t("assistant.keep_mine"), size="sm", on_click=AssistantState.keep_mine),
                class_name="mt-2 flex flex-wrap gap-2",
            ),
            class_name="flex flex-col gap-1",
        ),
        tone="danger",
    )


def field_name(field: Any) -> Any:
    """What one of the instructions' fields is called on this screen."""
    return rx.match(field, *[(name, t(f"assistant.{name}")) for name in instructions.FIELDS], field)


def _who() -> rx.Component:
    row = AssistantState.row
    return ui.card(
        ui.card_header(t("assistant.who")),
        rx.el.div(
            ui.input_field(
                "name",
                t("assistant.name"),
                hint=t("assistant.name_hint"),
                error=_error("name"),
                default_value=row.name,
                max_length=instructions.MAX_NAME,
                auto_complete="off",
            ),
            ui.textarea_field(
                "persona",
                t("assistant.persona"),
                hint=t("assistant.persona_hint"),
                error=_error("persona"),
                placeholder=t("assistant.persona_placeholder"),
                default_value=row.persona,
                max_length=instructions.MAX_PERSONA,
                rows="3",
            ),
            rx.el.div(
                ui.textarea_field(
                    "tone",
                    t("assistant.tone"),
                    hint=t("assistant.tone_hint"),
                    error=_error("tone"),
                    default_value=row.tone,
                    max_length=instructions.MAX_TONE,
                    rows="2",
                ),
                rx.el.div(
                    *[
                        fill_button(
                            "tone",
                            t(f"assistant.preset_{name}_text"),
                            t(f"assistant.preset_{name}"),
                        )
                        for name in PRESETS
                    ],
                    role="group",
                    aria_label=t("assistant.presets"),
                    class_name="flex flex-wrap gap-2",
                ),
                class_name="flex flex-col gap-2.5",
            ),
            ui.select_field(
                "language",
                t("assistant.language"),
                [(name, t(f"assistant.language_{name}")) for name in instructions.LANGUAGES],
                error=_error("language"),
                default_value=row.language,
            ),
            class_name="flex flex-col gap-5",
        ),
    )


def _rules() -> rx.Component:
    row = AssistantState.row
    return ui.card(
        ui.card_header(t("assistant.rules")),
        rx.el.div(
            ui.textarea_field(
                "do",
                t("assistant.do"),
                hint=t("assistant.do_hint"),
                error=_error("do"),
                placeholder=t("assistant.do_placeholder"),
                default_value=row.do,
                max_length=instructions.MAX_RULES,
                rows="4",
            ),
            ui.textarea_field(
                "dont",
                t("assistant.dont"),
                hint=t("assistant.do_hint"),
                error=_error("dont"),
                placeholder=t("assistant.dont_placeholder"),
                default_value=row.dont,
                max_length=instructions.MAX_RULES,
                rows="4",
            ),
            ui.textarea_field(
                "handover_line",
                t("assistant.handover_line"),
                hint=t("assistant.handover_line_hint"),
                error=_error("handover_line"),
                placeholder=t("assistant.handover_line_placeholder"),
                default_value=row.handover_line,
                max_length=instructions.MAX_HANDOVER,
                rows="2",
            ),
            class_name="flex flex-col gap-5",
        ),
    )


def _topics() -> rx.Component:
    return ui.card(
        ui.card_header(t("assistant.topics"), t("assistant.topics_text")),
        rx.el.div(
            rx.foreach(AssistantState.row.topics, _topic),
            class_name="flex flex-col gap-5",
        ),
        rx.cond(
            AssistantState.error_field == "topic",
            ui.banner(AssistantState.error, tone="danger", class_name="mt-3"),
        ),
        id="topic",
        tab_index=-1,
    )


def _topic(row: rx.Var[Any]) -> rx.Component:
    """The words to decline with are asked for only where they would be said."""
    name = row.topic.to(str)
    return rx.el.div(
        ui.select_field(
            "topic_" + name,
            rx.match(
                row.topic,
                *[(each, t(f"assistant.topic_{each}")) for each in topics.TOPICS[1:]],
                t("assistant.topic_out_of_scope"),
            ),
            [(choice, t(f"assistant.choice_{choice}")) for choice in topics.CHOICES],
            default_value=row.choice,
        ),
        rx.el.div(
            ui.textarea_field(
                "words_" + name,
                t("assistant.topic_words"),
                hint=t("assistant.topic_words_hint"),
                default_value=row.words,
                max_length=topics.MAX_WORDS,
                rows="2",
            ),
            class_name="hidden group-has-[option[value=decline]:checked]/topic:block",
        ),
        rx.cond(
            row.topic == "rival",
            ui.input_field(
                "names_rival",
                t("assistant.topic_names"),
                hint=t("assistant.topic_names_hint"),
                default_value=row.names,
                max_length=topics.MAX_NAMES,
                auto_complete="off",
            ),
        ),
        class_name="group/topic flex flex-col gap-3 border-b border-border pb-5 last:border-0 "
        "last:pb-0",
    )


def _more() -> rx.Component:
    return ui.card(
        ui.textarea_field(
            "more",
            t("assistant.more"),
            hint=t("assistant.more_hint"),
            error=_error("more"),
            default_value=AssistantState.row.more,
            max_length=instructions.MAX_RULES,
            rows="4",
        ),
    )


def _hours() -> rx.Component:
    return ui.card(
        ui.card_header(
            t("assistant.hours"), t("assistant.hours_text", zone=AssistantState.zone_name)
        ),
        ui.checkbox(
            "hours_known",
            t("assistant.hours_known"),
            id="hours-known",
            default_checked=AssistantState.row.hours_known,
        ),
        rx.el.div(
            rx.foreach(AssistantState.row.days, _day),
            rx.el.p(t("assistant.hours_hint"), class_name="pt-3 text-small text-muted"),
            rx.cond(
                AssistantState.error_field == "hours",
                ui.banner(AssistantState.error, tone="danger", class_name="mt-3"),
            ),
            class_name="mt-3 hidden group-has-[#hours-known:checked]/hours:block",
        ),
        id="hours",
        tab_index=-1,
        class_name="group/hours",
    )


def _day(day: rx.Var[Any]) -> rx.Component:
    name = rx.match(
        day.weekday,
        *[(weekday, t(f"assistant.day_{weekday}")) for weekday in instructions.WEEKDAYS[1:]],
        t("assistant.day_mon"),
    )
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name="open_" + day.weekday.to(str),
                default_checked=day.open,
                class_name="tick",
            ),
            name,
            class_name="flex min-h-11 w-28 shrink-0 items-center gap-3 font-medium",
        ),
        rx.el.div(
            _clock("opens_" + day.weekday.to(str), t("assistant.opens", day=name), day.opens),
            rx.el.span(t("assistant.to"), class_name="text-small text-muted"),
            _clock("closes_" + day.weekday.to(str), t("assistant.closes", day=name), day.closes),
            class_name="hidden items-center gap-2 group-has-[.tick:checked]/day:flex",
        ),
        rx.el.span(
            t("assistant.closed"), class_name="text-muted group-has-[.tick:checked]/day:hidden"
        ),
        class_name="group/day flex min-h-13 flex-wrap items-center gap-x-4 border-b border-border "
        "py-1 last-of-type:border-0",
    )


def _clock(name: Any, label: Any, value: Any) -> rx.Component:
    """Not `type=time`: that follows the browser's language and may ask for AM and PM."""
    return ui.input_box(
        name=name,
        aria_label=label,
        default_value=value,
        placeholder="08:00",
        input_mode="numeric",
        max_length=5,
        auto_complete="off",
        class_name="w-20 text-center tabular-nums",
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(AssistantState.error_field == field, AssistantState.error, "")
