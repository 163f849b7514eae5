"""Trying the assistant as a customer would meet it: draft and published side by side."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant.handover import REASONS
from chatrigo.domain.assistant.rehearsal import MAX_QUESTION
from components import ui
from components.text import t
from components.thread import place_of
from state.playground import PlaygroundState

ACTS = ("model", "approved", "declined", "clarify", "small_talk")
CHANNELS = ("web", "whatsapp", "telegram", "instagram", "messenger", "email")
SUMMARY = (
    "flex min-h-8 cursor-pointer items-center rounded-small px-1 text-caption font-semibold "
    "text-ai-ink"
)


def playground() -> rx.Component:
    both = PlaygroundState.sides.length() > 1
    return rx.el.div(
        _stage(),
        rx.cond(
            both,
            ui.segmented(
                [
                    ("draft", t("assistant.state_draft")),
                    ("published", t("assistant.state_published")),
                ],
                PlaygroundState.shown,
                PlaygroundState.show,
                label=t("assistant.sides"),
                class_name="lg:hidden",
            ),
            ui.banner(
                t("assistant.no_draft_to_try"),
                tone="info",
                action=ui.link_button(
                    t("assistant.tab_instructions"), "/assistant", variant="secondary", size="sm"
                ),
            ),
        ),
        rx.el.div(
            rx.foreach(PlaygroundState.sides, lambda side: _side(side, both)),
            class_name=ui.classes(
                "grid gap-4", rx.cond(both, "lg:grid-cols-2", "mx-auto w-full max-w-2xl")
            ),
        ),
        rx.cond(
            PlaygroundState.error != "",
            ui.banner(PlaygroundState.error, tone="danger"),
        ),
        _composer(),
        class_name="flex flex-col gap-4",
    )


def _stage() -> rx.Component:
    """On which channel, and as whom."""
    return rx.el.div(
        rx.el.div(
            ui.select(
                rx.foreach(
                    PlaygroundState.channels,
                    lambda kind: rx.el.option(
                        rx.match(
                            kind,
                            *[(each, t(f"assistant.channel_{each}")) for each in CHANNELS],
                            kind,
                        ),
                        value=kind,
                    ),
                ),
                aria_label=t("assistant.try_channel"),
                value=PlaygroundState.channel,
                on_change=PlaygroundState.choose_channel,
            ),
            class_name="w-36 grow sm:grow-0",
        ),
        rx.el.div(
            ui.select(
                rx.fragment(
                    rx.el.option(t("assistant.try_new_contact"), value="0"),
                    rx.foreach(
                        PlaygroundState.contacts,
                        lambda contact: rx.el.option(
                            rx.cond(
                                contact.name != "",
                                contact.name,
                                t("inbox.visitor", number=contact.id),
                            ),
                            value=contact.id.to(str),
                        ),
                    ),
                ),
                aria_label=t("assistant.try_contact"),
                value=PlaygroundState.contact_id.to(str),
                on_change=PlaygroundState.choose_contact,
            ),
            class_name="w-40 grow sm:w-52 sm:grow-0",
        ),
        ui.icon_button(
            "rotate-ccw",
            t("assistant.try_again"),
            variant="secondary",
            tip="bottom",
            on_click=PlaygroundState.start_over,
        ),
        rx.el.p(
            t("assistant.no_side_effects"),
            class_name="min-w-0 grow basis-56 text-small text-pretty text-muted",
        ),
        class_name="flex flex-wrap items-center gap-3",
    )


def _side(side: rx.Var[Any], both: Any) -> rx.Component:
    hidden = both & (PlaygroundState.shown != side.side)
    return rx.el.section(
        rx.el.h2(
            rx.cond(
                side.side == "draft",
                t("assistant.draft_number", number=side.number),
                t("assistant.live_number", number=side.number),
            ),
            class_name=ui.classes(
                "flex items-center gap-2 rounded-t-card border-b border-border px-4 py-3 font-bold",
                rx.cond(side.side == "draft", "bg-sun-soft text-sun-ink", "bg-surface"),
            ),
        ),
        rx.cond(
            side.side == "draft",
            _talk(PlaygroundState.draft_turns, PlaygroundState.draft_writing, "draft"),
            _talk(PlaygroundState.published_turns, PlaygroundState.published_writing, "published"),
        ),
        class_name=ui.classes(
            "min-w-0 rounded-card border border-border bg-surface",
            rx.cond(hidden, "max-lg:hidden", ""),
        ),
    )


def _talk(turns: Any, writing: Any, side: str) -> rx.Component:
    """It runs from the bottom, so that the newest answer is in view."""
    return rx.el.div(
        ui.message_list(
            rx.cond(
                turns.length() > 0,
                rx.foreach(turns, _turn),
                rx.el.p(
                    t("assistant.try_empty"),
                    class_name="m-auto max-w-60 py-16 text-center text-pretty text-muted",
                ),
            ),
            rx.cond(PlaygroundState.waiting.contains(side), _writing(writing)),
            id=f"playground-{side}",
            label=t(f"assistant.state_{side}"),
        ),
        tab_index=0,
        aria_label=t(f"assistant.state_{side}"),
        class_name="flex h-[calc(100dvh-27rem)] min-h-72 flex-col-reverse overflow-y-auto "
        "overscroll-contain rounded-b-card bg-canvas focus-visible:outline-offset-[-2px]",
    )


def _composer() -> rx.Component:
    return rx.el.form(
        ui.input_box(
            name="question",
            placeholder=t("assistant.try_placeholder"),
            aria_label=t("assistant.try_label"),
            max_length=MAX_QUESTION,
            auto_complete="off",
            enter_key_hint="send",
            class_name="min-w-0 grow",
        ),
        ui.icon_button(
            "send",
            t("assistant.try_send"),
            variant="primary",
            tip="",
            type="submit",
            loading=PlaygroundState.asking,
        ),
        on_submit=PlaygroundState.ask,
        reset_on_submit=True,
        class_name="sticky bottom-3 z-sticky flex gap-2 rounded-card border border-border bg-raised "
        "p-2 shadow-raised",
    )


def _turn(turn: rx.Var[Any]) -> rx.Component:
    return rx.cond(
        turn.author == "customer",
        ui.bubble("customer", turn.text, mine=True),
        ui.bubble("ai", turn.text, below=_why(turn)),
    )


def _writing(text: Any) -> rx.Component:
    return rx.cond(text != "", ui.bubble("ai", text, meta=ui.typing_dots()), ui.typing_bubble())


def _why(turn: rx.Var[Any]) -> rx.Component:
    """What the assistant did, what the answer stands on, and what it took."""
    return rx.el.div(
        rx.el.div(
            rx.cond(turn.act == "handover", _handover(turn.reason), _act(turn.act)),
            rx.el.span(_took(turn), class_name="text-caption text-muted tabular-nums"),
            class_name="flex flex-wrap items-center gap-2 px-1",
        ),
        rx.cond(
            turn.evidence.to(list).length() > 0,
            _more(
                t("inbox.evidence_count", count=turn.evidence.to(list).length()),
                rx.foreach(turn.evidence, _piece),
            ),
        ),
        rx.cond(
            turn.calls.to(list).length() > 0,
            _more(
                t("assistant.calls_count", count=turn.calls.to(list).length()),
                rx.foreach(turn.calls, _call),
            ),
        ),
        rx.cond(
            turn.prompt.to(list).length() > 0,
            _more(t("assistant.prompt"), rx.foreach(turn.prompt, _told)),
        ),
        class_name="flex w-full min-w-0 flex-col",
    )


def _took(turn: Any) -> rx.Component:
    return rx.fragment(
        t("assistant.took", ms=turn.milliseconds),
        rx.cond(
            turn.model != "",
            rx.el.span(
                " · ",
                t("assistant.tokens", read=turn.input_tokens, written=turn.output_tokens),
                " · ",
                rx.cond(turn.cost == "?", t("assistant.cost_unknown"), turn.cost),
            ),
        ),
    )


def _more(title: Any, body: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary(title, class_name=SUMMARY),
        rx.el.div(body, class_name="mt-1 mb-2 flex flex-col gap-2"),
        class_name="min-w-0",
    )


def _piece(piece: rx.Var[Any]) -> rx.Component:
    return rx.el.a(
        rx.el.span(piece.title, class_name="text-small font-semibold break-words"),
        rx.el.span(piece.body, class_name="line-clamp-3 text-caption text-muted"),
        rx.el.span(
            t("assistant.piece_score", percent=piece.percent, score=piece.score),
            rx.cond(
                piece.likeness > 0,
                rx.el.span(" · ", t("assistant.piece_likeness", percent=piece.likeness)),
            ),
            class_name="text-caption text-ai-ink tabular-nums",
        ),
        href=place_of(piece),
        title=t("inbox.evidence_open"),
        class_name="flex flex-col gap-0.5 rounded-control border border-border bg-surface px-3 py-2 "
        "text-start hover:bg-hover",
    )


def _call(call: rx.Var[Any]) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.code(call.name, class_name="font-semibold"),
            rx.cond(
                call.state == "dry",
                ui.badge(t("assistant.call_dry"), tone="info"),
                rx.cond(call.state == "done", rx.fragment(), ui.badge(call.state, tone="warning")),
            ),
            rx.el.span(
                t("assistant.took", ms=call.milliseconds), class_name="text-caption text-muted"
            ),
            class_name="flex flex-wrap items-center gap-2 text-small",
        ),
        _code(call.arguments),
        rx.cond(call.result != "", _code(call.result)),
        class_name="flex flex-col gap-1 rounded-control border border-border bg-surface px-3 py-2",
    )


def _told(part: rx.Var[Any]) -> rx.Component:
    return rx.el.div(
        rx.el.p(part.role, class_name="text-caption font-bold text-muted"), _code(part.text)
    )


def _code(text: Any) -> rx.Component:
    return rx.el.pre(
        text,
        tab_index=0,
        class_name="max-h-64 overflow-auto rounded-control bg-sunken px-3 py-2 text-caption "
        "break-words whitespace-pre-wrap",
    )


def _act(act: rx.Var[Any]) -> rx.Component:
    return ui.badge(
        rx.match(
            act,
            *[(name, t(f"assistant.act_{name}")) for name in ACTS[1:]],
            t("assistant.act_model"),
        ),
        tone="ai",
    )


def _handover(reason: rx.Var[Any]) -> rx.Component:
    why = rx.match(
        reason, *[(name, t(f"inbox.reason_{name}")) for name in REASONS], t("inbox.reason_failure")
    )
    return ui.badge(t("assistant.act_handover", reason=why), tone="sun", icon="user-round")
