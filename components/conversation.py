"""The open conversation: who answers it, what can be done with it, what is known beside it."""

from typing import Any

import reflex as rx

from chatrigo.domain.conversations.rows import ConversationRow
from components import ui, when
from components.channel_words import channel_name
from components.composer import composer
from components.conversation_words import name_of, reason
from components.follow_up import follow_up_line
from components.permits import only
from components.template_dialog import template_dialog
from components.text import t
from components.thread import evidence, thread
from state.follow_ups import FollowUpsState
from state.inbox import InboxState
from state.session import SessionState

TOLD = ("name", "phone", "email", "address", "note")


def conversation(**props: Any) -> rx.Component:
    """The column in the middle; on a phone the whole screen."""
    return rx.el.section(
        rx.cond(
            InboxState.current.id > 0,
            rx.fragment(_head(), _turn(), thread(), composer(), template_dialog(), _seen()),
            rx.cond(
                InboxState.missing,
                _missing(),
                rx.cond(
                    InboxState.loaded & ~InboxState.asked,
                    ui.empty_state(
                        "messages-square",
                        t("inbox.pick_title"),
                        t("inbox.pick_text"),
                        class_name="grow",
                    ),
                    ui.loading(),
                ),
            ),
        ),
        aria_label=t("inbox.thread"),
        **props,
    )


def details() -> rx.Component:
    """What is known beside the messages."""
    row = InboxState.current
    return rx.el.div(
        rx.el.div(
            ui.avatar(name_of(row), size="lg"),
            rx.el.p(name_of(row), class_name="max-w-full truncate text-title font-bold"),
            class_name="flex flex-col items-center gap-2 text-center",
        ),
        ui.definition(
            [
                (t("inbox.channel"), channel_name(InboxState.current)),
                (t("inbox.since"), when.brief(row.created_at, InboxState.desk.zone)),
                (
                    t("inbox.assignee"),
                    rx.cond(row.assignee_id > 0, row.assignee_name, t("inbox.nobody")),
                ),
            ]
        ),
        rx.cond(InboxState.told.length() > 0, _told()),
        rx.cond(
            row.labels.length() > 0,
            rx.el.div(
                rx.foreach(row.labels, lambda label: ui.chip(label.name, label.colour)),
                class_name="flex flex-wrap gap-1.5",
            ),
        ),
        _follow_ups(),
        _part(
            t("inbox.evidence"),
            rx.cond(
                InboxState.evidence.length() > 0,
                rx.el.div(
                    rx.foreach(InboxState.evidence, evidence), class_name="flex flex-col gap-2"
                ),
                rx.el.p(t("inbox.evidence_empty"), class_name="text-small text-muted"),
            ),
        ),
        rx.cond(
            InboxState.others.length() > 0,
            _part(
                t("inbox.others"),
                rx.el.div(rx.foreach(InboxState.others, _other), class_name="-mx-2 flex flex-col"),
            ),
        ),
        class_name="flex flex-col gap-5",
    )


def _told() -> rx.Component:
    """What the customer told of themselves."""
    return _part(
        t("inbox.told"),
        rx.el.dl(
            rx.foreach(
                InboxState.told,
                lambda row: rx.el.div(
                    rx.el.dt(
                        rx.match(
                            row.name,
                            *[(name, t(f"inbox.told_{name}")) for name in TOLD],
                            row.name,
                        ),
                        class_name="text-caption text-muted",
                    ),
                    rx.el.dd(row.value, class_name="text-small break-words"),
                ),
            ),
            class_name="flex flex-col gap-2",
        ),
    )


def _follow_ups() -> rx.Component:
    """What was promised in this conversation and is still to be done."""
    return rx.cond(
        FollowUpsState.promised.contains(InboxState.current.id),
        _part(
            t("follow_up.title"),
            rx.el.ul(
                rx.foreach(
                    FollowUpsState.rows,
                    lambda row: rx.cond(
                        row.conversation_id == InboxState.current.id,
                        follow_up_line(row, with_name=False),
                    ),
                ),
                class_name="flex flex-col",
            ),
        ),
    )


def _part(title: Any, body: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="text-small font-bold"),
        body,
        class_name="flex flex-col gap-2 border-t border-border pt-4",
    )


def _other(row: rx.Var[ConversationRow]) -> rx.Component:
    return rx.el.a(
        rx.el.span(
            rx.cond(row.snippet != "", row.snippet, t("inbox.picture")), class_name="truncate"
        ),
        when.brief(row.at, InboxState.desk.zone, "shrink-0 text-caption text-muted"),
        href=f"/inbox/{row.id}",
        data_close=True,
        class_name="flex min-h-10 items-center justify-between gap-3 rounded-control px-2 "
        "text-small hover:bg-hover",
    )


def _head() -> rx.Component:
    row = InboxState.current
    return rx.el.header(
        rx.el.a(
            rx.icon("arrow-left", size=20),
            href="/inbox",
            aria_label=t("inbox.back"),
            data_key="Escape",
            class_name="-ml-2 grid size-11 shrink-0 place-items-center rounded-control text-muted "
            "hover:bg-hover hover:text-ink",
        ),
        rx.el.div(
            rx.el.h2(name_of(row), class_name="truncate font-bold"),
            rx.el.p(
                rx.match(
                    row.status,
                    ("pending", t("inbox.status_pending")),
                    ("resolved", t("inbox.status_resolved")),
                    t("inbox.status_open"),
                ),
                rx.cond(
                    row.assignee_id > 0,
                    rx.el.span(" · ", t("inbox.assigned_to", name=row.assignee_name)),
                ),
                class_name="truncate text-caption text-muted",
            ),
            class_name="min-w-0 grow",
        ),
        rx.cond(InboxState.desk.may_write, rx.fragment(_assign(), _resolve())),
        _more(),
        class_name="flex shrink-0 items-center gap-1 border-b border-border bg-surface px-4 py-1.5",
    )


def _assign() -> rx.Component:
    return ui.menu(
        "assign",
        ui.menu_button("assign", "user-plus", t("inbox.assign"), data_key="a"),
        ui.menu_label(t("inbox.assign")),
        rx.foreach(
            InboxState.desk.colleagues,
            lambda colleague: ui.menu_choice(
                rx.cond(
                    colleague.account_id == InboxState.desk.account_id,
                    f"{colleague.name} ({t('inbox.you')})",
                    colleague.name,
                ),
                InboxState.current.assignee_id == colleague.account_id,
                InboxState.assign(colleague.account_id),
            ),
        ),
        ui.menu_separator(),
        ui.menu_choice(
            t("inbox.assign_nobody"), InboxState.current.assignee_id == 0, InboxState.assign(0)
        ),
        label=t("inbox.assign"),
    )


def _resolve() -> rx.Component:
    return rx.cond(
        InboxState.current.status == "resolved",
        ui.icon_button(
            "rotate-ccw",
            t("inbox.reopen"),
            data_key="e",
            on_click=InboxState.set_status("open"),
        ),
        ui.icon_button(
            "circle-check-big",
            t("inbox.resolve"),
            data_key="e",
            on_click=InboxState.set_status("resolved"),
        ),
    )


def _more() -> rx.Component:
    return ui.menu(
        "more",
        ui.menu_button("more", "ellipsis-vertical", t("inbox.actions")),
        ui.menu_item(t("inbox.details"), icon="contact", on_click=ui.open_dialog("details")),
        rx.cond(
            SessionState.permissions.contains("configure").bool(),
            ui.menu_item(
                t("own_tests.make"),
                icon="flask-conical",
                href=f"/assistant/tests?conversation={InboxState.current.id}",
            ),
        ),
        rx.cond(
            InboxState.desk.may_write,
            rx.fragment(
                ui.menu_item(t("inbox.mark_unread"), icon="mail", on_click=InboxState.mark_unread),
                rx.match(
                    InboxState.current.status,
                    (
                        "open",
                        ui.menu_item(
                            t("inbox.pending"),
                            icon="clock",
                            on_click=InboxState.set_status("pending"),
                        ),
                    ),
                    (
                        "pending",
                        ui.menu_item(
                            t("inbox.unpending"),
                            icon="rotate-ccw",
                            on_click=InboxState.set_status("open"),
                        ),
                    ),
                    rx.fragment(),
                ),
                ui.menu_separator(),
                ui.menu_label(t("inbox.labels")),
                rx.cond(
                    InboxState.desk.labels.length() > 0,
                    rx.foreach(
                        InboxState.desk.labels,
                        lambda label: ui.menu_choice(
                            ui.chip(label.name, label.colour),
                            InboxState.label_ids.contains(label.id),
                            InboxState.toggle_label(label.id),
                        ),
                    ),
                    only(
                        "configure",
                        ui.menu_item(t("inbox.no_labels"), href="/settings?tab=labels", icon="tag"),
                    ),
                ),
            ),
        ),
        label=t("inbox.actions"),
        class_name="w-64",
    )


def _turn() -> rx.Component:
    """Whose turn it is, in plain words, with the way to change it."""
    row = InboxState.current
    mine = row.assignee_id == InboxState.desk.account_id
    return rx.cond(
        row.status == "resolved",
        _strip(
            "circle-check-big",
            "bg-positive-soft text-positive-ink",
            t("inbox.done"),
            t("inbox.done_text"),
        ),
        rx.cond(
            row.handler == "ai",
            _strip(
                "sparkles",
                "bg-ai-soft text-ai-ink",
                t("inbox.by_ai"),
                t("inbox.by_ai_text"),
                ui.button(
                    t("inbox.take_over"),
                    size="sm",
                    icon="hand",
                    data_key="t",
                    on_click=InboxState.take_over,
                ),
            ),
            rx.cond(
                row.needs_person != "",
                _strip(
                    "hand",
                    "bg-sun-soft text-sun-ink",
                    t("inbox.needs_person"),
                    reason(row.needs_person),
                    ui.button(
                        t("inbox.take_over"),
                        size="sm",
                        icon="hand",
                        data_key="t",
                        on_click=InboxState.take_over,
                    ),
                ),
                rx.match(
                    True,
                    (
                        mine,
                        _strip(
                            "user-check",
                            "bg-accent-soft text-accent-ink",
                            t("inbox.by_you"),
                            t("inbox.by_you_text"),
                            _give_back(),
                        ),
                    ),
                    (
                        row.assignee_id > 0,
                        _strip(
                            "user-check",
                            "bg-accent-soft text-accent-ink",
                            t("inbox.by_colleague", name=row.assignee_name.split(" ")[0]),
                            t("inbox.by_colleague_text"),
                            _give_back(),
                        ),
                    ),
                    _strip(
                        "user",
                        "bg-sunken text-muted",
                        t("inbox.by_nobody"),
                        t("inbox.by_nobody_text"),
                        _give_back(),
                    ),
                ),
            ),
        ),
    )


def _give_back() -> rx.Component:
    return ui.button(
        t("inbox.give_back"),
        variant="secondary",
        size="sm",
        icon="sparkles",
        data_key="t",
        on_click=InboxState.give_back,
    )


def _strip(
    icon: str, tone: str, title: Any, text: Any, action: rx.Component | None = None
) -> rx.Component:
    return rx.el.div(
        rx.icon(icon, size=18, class_name="shrink-0"),
        rx.el.div(
            rx.el.p(title, class_name="truncate text-small font-bold"),
            rx.el.p(text, class_name="line-clamp-2 text-caption"),
            class_name="min-w-0 grow",
        ),
        rx.cond(InboxState.desk.may_write, action) if action is not None else rx.fragment(),
        role="status",
        class_name=f"flex min-h-13 shrink-0 items-center gap-3 px-4 py-1.5 {tone}",
    )


def _seen() -> rx.Component:
    """Tells the server once news is before somebody's eyes, not merely in a hidden tab."""
    row = InboxState.current
    return rx.cond(
        row.unread > 0,
        rx.el.span(
            key=f"{row.id} {row.unread}",
            on_mount=rx.call_script(
                f"window.chatrigoInbox?.whenSeen({row.id})", callback=InboxState.seen
            ),
            hidden=True,
        ),
    )


def _missing() -> rx.Component:
    return ui.empty_state(
        "search-x",
        t("inbox.missing_title"),
        t("inbox.missing_text"),
        ui.link_button(t("inbox.back"), "/inbox", variant="secondary", icon="arrow-left"),
        class_name="grow",
    )
