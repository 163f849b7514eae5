"""The messages of a conversation as staff see them: bubbles, notes, events, what is behind an answer."""

from typing import Any

import reflex as rx

from chatrigo.domain.conversations.rows import EvidenceRow, MessageRow
from components import ui, when
from components.channel_bubble import file_link, not_delivered, unsupported
from components.conversation_words import name_of, reason
from components.text import t
from state.inbox import InboxState
from state.session import SessionState

EVENTS = (
    *("took_over", "gave_back", "unassigned", "pending", "resolved"),
    *("unreacted", "left", "came_back", "renumbered"),
)


def thread() -> rx.Component:
    """It runs from the bottom, so that new messages and earlier ones leave the reader in place."""
    return rx.el.div(
        rx.el.div(
            ui.message_list(
                rx.cond(
                    InboxState.has_earlier,
                    rx.el.div(
                        ui.button(
                            t("inbox.earlier"),
                            variant="ghost",
                            size="sm",
                            icon="arrow-up",
                            on_click=InboxState.load_earlier,
                        ),
                        # Else the browser keeps the button in its place instead of the messages.
                        class_name="grid place-items-center [overflow-anchor:none]",
                    ),
                ),
                rx.foreach(InboxState.messages, _entry),
                rx.cond(InboxState.writing.contains(InboxState.current.id), _draft()),
                label=t("inbox.thread"),
                id="messages",
                class_name="mx-auto w-full max-w-3xl",
            ),
            key=InboxState.current.id.to(str),
            tab_index=0,
            aria_label=t("inbox.thread"),
            class_name="flex h-full flex-col-reverse overflow-y-auto overscroll-contain "
            "focus-visible:outline-offset-[-2px]",
        ),
        rx.el.button(
            rx.icon("arrow-down", size=18),
            type="button",
            aria_label=t("inbox.newest"),
            data_newest=True,
            class_name="absolute right-4 bottom-3 hidden size-11 place-items-center rounded-full "
            "border border-border bg-raised text-ink shadow-raised "
            "group-data-[away=true]:grid",
        ),
        class_name="group relative min-h-0 grow",
    )


def _entry(message: rx.Var[MessageRow], index: rx.Var[int]) -> rx.Component:
    before = InboxState.messages[index - 1]
    new_day = (index == 0) | (before.day != message.day)
    goes_on = (
        ~new_day
        & (before.author == message.author)
        & (before.author_name == message.author_name)
        & (before.kind != "event")
        & (before.kind != "note")
        & (message.kind != "note")
    )
    return rx.el.div(
        rx.cond(
            new_day,
            rx.el.div(
                ui.divider(when.day(message.at, InboxState.desk.zone)), class_name="pt-1 pb-2"
            ),
        ),
        rx.match(
            message.kind,
            ("event", _event(message)),
            ("note", _note(message)),
            _bubble(message, goes_on),
        ),
        key=message.id.to(str),
        class_name=["flex flex-col gap-2", rx.cond(goes_on, "-mt-2", "")],
    )


def _bubble(message: Any, goes_on: Any) -> rx.Component:
    author = rx.match(message.author, ("contact", "customer"), ("ai", "ai"), "person")
    ours = message.author != "contact"
    return ui.bubble(
        author,
        message.body,
        mine=ours,
        heading=rx.cond(
            goes_on,
            rx.fragment(),
            rx.el.span(
                rx.match(
                    message.author,
                    ("contact", name_of(InboxState.current)),
                    ("ai", t("inbox.assistant")),
                    rx.cond(message.author_name != "", message.author_name, t("inbox.team")),
                ),
                class_name="block max-w-64 truncate",
            ),
        ),
        above=rx.fragment(
            rx.cond(message.picture != "", _picture(message)),
            rx.cond(
                (message.file != "") | (message.kind == "audio") | (message.kind == "video"),
                file_link(message),
            ),
            rx.cond(message.kind == "other", unsupported()),
        ),
        below=rx.fragment(
            rx.cond(message.failure != "", not_delivered(message)),
            rx.cond(message.author == "ai", _under_answer(message)),
        ),
        meta=rx.fragment(
            rx.cond(
                (message.author == "ai") & (message.mode != ""),
                rx.el.span(_mode(message), " ·"),
            ),
            when.clock(message.at, InboxState.desk.zone),
            rx.cond(ours, _delivery(message)),
        ),
    )


def _note(message: Any) -> rx.Component:
    return ui.bubble(
        "note",
        message.body,
        mine=True,
        heading=rx.el.span(
            rx.icon("sticky-note", size=13, class_name="mr-1 -mt-0.5 inline"),
            t("inbox.note"),
            " · ",
            rx.cond(message.author_name != "", message.author_name, t("inbox.team")),
        ),
        meta=when.clock(message.at, InboxState.desk.zone),
    )


def _event(message: Any) -> rx.Component:
    name = rx.cond(message.author_name != "", message.author_name, t("inbox.someone"))
    icon = rx.match(
        message.body,
        ("handover", rx.icon("hand", size=14)),
        ("took_over", rx.icon("user-check", size=14)),
        ("gave_back", rx.icon("sparkles", size=14)),
        ("assigned", rx.icon("user-plus", size=14)),
        ("unassigned", rx.icon("user-minus", size=14)),
        ("pending", rx.icon("clock", size=14)),
        ("follow_up_booked", rx.icon("calendar-check", size=14)),
        ("resolved", rx.icon("circle-check-big", size=14)),
        rx.icon("rotate-ccw", size=14),
    )
    text = rx.match(
        message.body,
        ("handover", t("inbox.event_handover", reason=reason(message.detail))),
        (
            "assigned",
            rx.cond(
                (message.detail == "") | (message.detail == message.author_name),
                t("inbox.event_assigned_plain", name=name),
                t("inbox.event_assigned", name=name, to=message.detail),
            ),
        ),
        ("reacted", t("inbox.event_reacted", to=message.detail)),
        ("follow_up_booked", t("inbox.event_follow_up_booked", to=message.detail)),
        (
            "reopened",
            rx.cond(
                message.author_name != "",
                t("inbox.event_reopened_by", name=name),
                t("inbox.event_reopened"),
            ),
        ),
        *[(each, t(f"inbox.event_{each}", name=name)) for each in EVENTS],
        t("inbox.event_other"),
    )
    return rx.el.div(
        rx.el.span(icon, class_name="shrink-0"),
        rx.el.span(text),
        when.clock(message.at, InboxState.desk.zone, "shrink-0 tabular-nums"),
        class_name="flex max-w-[90%] items-center gap-1.5 self-center rounded-full px-3 py-1 "
        "text-center text-caption font-medium text-muted",
    )


def _picture(message: Any) -> rx.Component:
    return rx.el.button(
        rx.el.img(
            src=message.picture,
            alt=t("inbox.picture"),
            custom_attrs={"width": message.width, "height": message.height},
            loading="lazy",
            class_name="h-auto max-h-72 w-auto max-w-full rounded-control",
        ),
        type="button",
        aria_label=t("inbox.enlarge"),
        data_enlarge=message.picture,
        class_name="my-1 block cursor-zoom-in",
    )


def _delivery(message: Any) -> rx.Component:
    def state(icon: str, key: str, tone: str = "") -> rx.Component:
        return rx.el.span(
            rx.icon(icon, size=14), title=t(key), role="img", aria_label=t(key), class_name=tone
        )

    return rx.match(
        message.delivery,
        ("queued", state("clock", "inbox.queued")),
        ("sending", state("clock", "channels.sending")),
        ("unknown", state("circle-help", "channels.unknown", "text-danger-ink")),
        ("delivered", state("check-check", "inbox.delivered")),
        ("read", state("check-check", "inbox.read", "text-accent")),
        ("failed", state("circle-alert", "inbox.undelivered", "text-danger-ink")),
        state("check", "inbox.sent"),
    )


def _mode(message: Any) -> Any:
    """How an answer of the assistant came about."""
    return rx.match(
        message.mode,
        ("model", t("inbox.mode_model")),
        ("approved", t("inbox.mode_approved")),
        ("declined", t("inbox.mode_declined")),
        ("small_talk", t("inbox.mode_small_talk")),
        ("clarify", t("inbox.mode_clarify")),
        ("hand_over", t("inbox.mode_hand_over")),
        t("inbox.assistant"),
    )


def _under_answer(message: Any) -> rx.Component:
    return rx.el.div(
        _behind(message),
        rx.cond(InboxState.desk.may_write & (message.kind == "text"), _verdict(message)),
        rx.cond(SessionState.permissions.contains("configure").bool(), _make_test(message)),
        class_name="flex max-w-full flex-wrap items-start justify-end gap-x-1",
    )


def _make_test(message: Any) -> rx.Component:
    return rx.el.a(
        rx.icon("flask-conical", size=14),
        href=f"/assistant/tests?conversation={message.conversation_id}&message={message.id}",
        aria_label=t("own_tests.make"),
        title=t("own_tests.make"),
        class_name="grid size-8 place-items-center rounded-small text-muted hover:bg-hover "
        "hover:text-ink",
    )


def _verdict(message: Any) -> rx.Component:
    """Was the answer good? A second press takes it back."""

    def thumb(verdict: str, icon: str, pressed: str) -> rx.Component:
        chosen = message.verdict == verdict
        return rx.el.button(
            rx.icon(icon, size=15),
            type="button",
            aria_label=t(f"learning.{verdict}"),
            title=t(f"learning.{verdict}"),
            aria_pressed=rx.cond(chosen, "true", "false"),
            on_click=InboxState.judge(message.id, rx.cond(chosen, "", verdict)),
            class_name=[
                "grid size-8 place-items-center rounded-small hover:bg-hover",
                rx.cond(chosen, pressed, "text-faint"),
            ],
        )

    return rx.el.div(
        thumb("good", "thumbs-up", "text-positive-ink"),
        thumb("bad", "thumbs-down", "text-danger-ink"),
        class_name="flex",
    )


def _behind(message: Any) -> rx.Component:
    """How the answer came about, and what it rests on."""
    return rx.cond(
        (message.evidence.length() > 0) | (message.mode == "model"),
        rx.el.details(
            rx.el.summary(
                rx.icon(
                    "chevron-right",
                    size=14,
                    class_name="transition-transform group-open/behind:rotate-90",
                ),
                rx.cond(
                    message.evidence.length() > 0,
                    t("inbox.evidence_count", count=message.evidence.length()),
                    t("inbox.evidence_none"),
                ),
                class_name="flex min-h-6 list-none items-center gap-1 rounded-small px-1 text-caption "
                "font-semibold text-ai-ink [&::-webkit-details-marker]:hidden",
            ),
            rx.el.div(
                rx.el.p(
                    _mode(message),
                    rx.cond(message.model != "", rx.el.span(" · ", message.model)),
                    rx.cond(
                        message.tokens > 0,
                        rx.el.span(" · ", t("inbox.tokens", count=message.tokens)),
                    ),
                    class_name="text-caption text-muted",
                ),
                rx.foreach(message.evidence, evidence),
                rx.foreach(message.calls, _called),
                class_name="mt-1 flex w-80 max-w-full flex-col gap-2",
            ),
            class_name="group/behind max-w-full",
        ),
    )


def _called(call: Any) -> rx.Component:
    """A tool that was called on the way to the answer, and what it said."""
    return rx.el.div(
        rx.el.p(
            rx.icon("wrench", size=13, class_name="shrink-0"),
            rx.el.code(call.name, class_name="font-semibold break-all"),
            rx.cond(call.state == "done", rx.fragment(), ui.badge(call.state, tone="warning")),
            class_name="flex items-center gap-1.5 text-caption",
        ),
        rx.el.p(call.arguments, class_name="font-mono text-caption break-all text-muted"),
        rx.el.p(call.result, class_name="line-clamp-4 text-caption break-words text-muted"),
        class_name="flex flex-col gap-0.5 rounded-control border border-border bg-surface px-3 py-2",
    )


def place_of(entry: Any) -> rx.Var[str]:
    """Where a piece of evidence is mended: of an EvidenceRow, or whatever has its `kind`."""
    return rx.cond(
        entry.kind == "product",
        f"/catalogue?entry={entry.entry_id}",
        f"/knowledge?entry={entry.entry_id}",
    )


def evidence(entry: rx.Var[EvidenceRow]) -> rx.Component:
    return rx.el.a(
        rx.el.span(entry.title, class_name="text-small font-semibold"),
        rx.el.span(entry.body, class_name="line-clamp-3 text-caption text-muted"),
        href=place_of(entry),
        title=t("inbox.evidence_open"),
        class_name="flex flex-col gap-0.5 rounded-control border border-border bg-surface px-3 py-2 "
        "text-start hover:bg-hover",
    )


def _draft() -> rx.Component:
    """What the assistant is writing this moment."""
    return rx.cond(
        InboxState.draft != "",
        ui.bubble("ai", InboxState.draft, mine=True, meta=ui.typing_dots(t("inbox.writing"))),
        ui.typing_bubble(mine=True, author="ai"),
    )
