"""The inbox's list: its head with views and filters, its rows, and what is shown instead of them."""

from typing import Any

import reflex as rx

from chatrigo.domain.conversations.rows import ConversationRow, LabelRow
from components import ui, when
from components.channel_words import channel_icon, channel_name, kind_name
from components.conversation_words import name_of, reason
from components.follow_up import follow_ups_link
from components.nothing_listed import nothing_listed
from components.signed_in import account
from components.text import t
from state.inbox import InboxState

STATUSES = ("open", "pending", "resolved", "any")


def conversation_list(**props: Any) -> rx.Component:
    """The column on the left; on a phone the whole screen."""
    return rx.el.section(
        _head(),
        rx.el.div(
            rx.cond(InboxState.loaded, _body(), ui.skeleton_list(8)),
            class_name="min-h-0 grow overflow-y-auto overscroll-contain",
        ),
        aria_label=t("inbox.list"),
        **props,
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.h1(t("inbox.title"), class_name="text-heading font-extrabold tracking-tight"),
            rx.cond(
                InboxState.counts.unread > 0,
                rx.el.span(
                    ui.count(InboxState.counts.unread, tone="accent"),
                    title=t("inbox.unread", count=InboxState.counts.unread),
                    class_name="grid",
                ),
            ),
            rx.el.span(class_name="grow"),
            _bell(),
            rx.el.span(
                ui.icon_button("keyboard", t("inbox.keys"), on_click=ui.open_dialog("keys")),
                class_name="hidden lg:block",
            ),
            rx.el.span(
                account("account-on-phone"),
                class_name="lg:hidden",
            ),
            class_name="flex items-center gap-2",
        ),
        rx.el.div(
            ui.search_box(
                InboxState.search,
                InboxState.search_for,
                placeholder=t("inbox.search"),
                on_clear=InboxState.clear_search,
                data_key="/",
            ),
            _filter_menu(),
            follow_ups_link(),
            class_name="flex items-center gap-1",
        ),
        _views(),
        _chosen_filters(),
        class_name="flex shrink-0 flex-col gap-2 border-b border-border px-4 pt-3 lg:pt-4",
    )


def _bell() -> rx.Component:
    return rx.cond(
        InboxState.alerts == "on",
        ui.icon_button(
            "bell-ring",
            t("inbox.alerts_off"),
            class_name="text-accent-ink",
            aria_pressed=True,
            on_click=InboxState.turn_alerts(False),
        ),
        ui.icon_button(
            "bell",
            t("inbox.alerts_on"),
            aria_pressed=False,
            on_click=[
                rx.call_script("window.chatrigoInbox?.arm()"),
                InboxState.turn_alerts(True),
            ],
        ),
    )


def _views() -> rx.Component:
    counts = InboxState.counts
    return rx.el.div(
        _view("all", counts.all),
        _view("needs_person", counts.needs_person),
        _view("mine", counts.mine),
        _view("unassigned", counts.unassigned),
        role="group",
        aria_label=t("inbox.view"),
        class_name="scroll-quiet -mx-4 flex gap-1 overflow-x-auto px-4 pb-2.5",
    )


def _view(view: str, number: rx.Var[int]) -> rx.Component:
    pressed = InboxState.view == view
    return rx.el.button(
        t(f"inbox.view_{view}"),
        rx.cond(
            number > 0,
            ui.count(number)
            if view == "needs_person"
            else rx.el.span(number, class_name="font-medium tabular-nums"),
        ),
        type="button",
        aria_pressed=rx.cond(pressed, "true", "false"),
        on_click=InboxState.show_view(view),
        class_name="inline-flex min-h-9 shrink-0 items-center gap-1.5 rounded-full px-3 text-small "
        "font-semibold whitespace-nowrap text-muted hover:bg-hover hover:text-ink "
        "aria-pressed:bg-accent-soft aria-pressed:text-accent-ink",
    )


def _filter_menu() -> rx.Component:
    return ui.menu(
        "filter",
        ui.menu_button("filter", "sliders-horizontal", t("inbox.filter")),
        ui.menu_label(t("inbox.status")),
        *[
            ui.menu_choice(
                t(f"inbox.status_{status}"),
                InboxState.status == status,
                InboxState.show_status(status),
            )
            for status in STATUSES
        ],
        ui.menu_separator(),
        ui.menu_label(t("inbox.label")),
        ui.menu_choice(t("inbox.label_any"), InboxState.label == "0", InboxState.show_label(0)),
        rx.foreach(
            InboxState.desk.labels,
            lambda label: ui.menu_choice(
                ui.chip(label.name, label.colour),
                InboxState.label == label.id.to(str),
                InboxState.show_label(label.id),
            ),
        ),
        ui.menu_separator(),
        ui.menu_label(t("channels.filter")),
        ui.menu_choice(
            t("channels.filter_any"), InboxState.channel == "0", InboxState.show_channel(0)
        ),
        rx.foreach(
            InboxState.desk.channels,
            lambda channel: ui.menu_choice(
                rx.el.span(
                    channel_icon(channel.kind),
                    rx.cond(
                        (channel.name != "") & (channel.kind != "web"),
                        channel.name,
                        kind_name(channel.kind),
                    ),
                    class_name="inline-flex items-center gap-2",
                ),
                InboxState.channel == channel.id.to(str),
                InboxState.show_channel(channel.id),
            ),
        ),
        label=t("inbox.filter"),
    )


def _chosen_filters() -> rx.Component:
    """What the list leaves out beyond the ordinary."""
    return rx.cond(
        (InboxState.status != "open") | (InboxState.label != "0") | (InboxState.channel != "0"),
        rx.el.div(
            rx.cond(
                InboxState.status != "open",
                _chosen(
                    rx.match(
                        InboxState.status,
                        *[(each, t(f"inbox.status_{each}")) for each in STATUSES],
                        t("inbox.status_any"),
                    ),
                    InboxState.show_status("open"),
                ),
            ),
            rx.foreach(
                InboxState.desk.channels,
                lambda channel: rx.cond(
                    InboxState.channel == channel.id.to(str),
                    _chosen(
                        rx.cond(
                            (channel.name != "") & (channel.kind != "web"),
                            channel.name,
                            kind_name(channel.kind),
                        ),
                        InboxState.show_channel(0),
                    ),
                ),
            ),
            rx.foreach(
                InboxState.desk.labels,
                lambda label: rx.cond(
                    InboxState.label == label.id.to(str),
                    ui.chip(label.name, label.colour, on_remove=InboxState.show_label(0)),
                ),
            ),
            class_name="flex flex-wrap gap-1.5 pb-2.5",
        ),
    )


def _chosen(text: Any, on_remove: Any) -> rx.Component:
    return rx.el.span(
        text,
        rx.el.button(
            rx.icon("x", size=13),
            type="button",
            aria_label=t("inbox.filter_clear"),
            on_click=on_remove,
            class_name="-mr-1.5 grid size-5 place-items-center rounded-full hover:bg-surface",
        ),
        class_name="inline-flex h-6 items-center gap-1 rounded-full bg-sunken px-2.5 text-caption "
        "font-semibold text-muted",
    )


def _body() -> rx.Component:
    return rx.cond(
        InboxState.rows.length() > 0,
        rx.fragment(
            rx.el.ul(
                rx.foreach(InboxState.rows, _row),
                class_name="flex flex-col",
            ),
            rx.cond(
                InboxState.has_more,
                rx.el.div(
                    ui.button(t("inbox.more"), variant="ghost", on_click=InboxState.load_more),
                    class_name="grid place-items-center p-3",
                ),
            ),
        ),
        nothing_listed(),
    )


def _row(row: rx.Var[ConversationRow]) -> rx.Component:
    here = row.id == InboxState.current.id
    unread = row.unread > 0
    return rx.el.li(
        rx.el.a(
            ui.avatar(name_of(row)),
            rx.el.div(
                rx.el.div(
                    rx.el.span(
                        channel_icon(row.channel),
                        title=channel_name(row),
                        role="img",
                        aria_label=channel_name(row),
                        class_name="shrink-0 self-center text-muted",
                    ),
                    rx.el.span(
                        name_of(row),
                        class_name=[
                            "min-w-0 grow truncate",
                            rx.cond(unread, "font-extrabold", "font-semibold"),
                        ],
                    ),
                    when.brief(
                        row.at,
                        InboxState.desk.zone,
                        [
                            "shrink-0 text-caption tabular-nums",
                            rx.cond(unread, "font-bold text-accent-ink", "text-muted"),
                        ],
                    ),
                    class_name="flex items-baseline gap-2",
                ),
                rx.el.div(
                    _snippet(row, unread),
                    rx.cond(
                        unread,
                        rx.el.span(
                            ui.count(row.unread, tone="accent"),
                            rx.el.span(t("inbox.unread_one"), class_name="sr-only"),
                            class_name="shrink-0",
                        ),
                    ),
                    class_name="flex items-center gap-2",
                ),
                _marks(row),
                class_name="flex min-w-0 grow flex-col gap-0.5",
            ),
            href=f"/inbox/{row.id}",
            data_row=row.id.to(str),
            aria_current=rx.cond(here, "true", "false"),
            class_name="flex gap-3 border-b border-border px-4 py-3 hover:bg-hover "
            "focus-visible:outline-offset-[-2px] aria-[current=true]:bg-accent-soft/60",
        ),
        key=row.id.to(str),
    )


def _snippet(row: Any, unread: Any) -> rx.Component:
    return rx.el.p(
        rx.cond(
            InboxState.writing.contains(row.id),
            rx.el.span(t("inbox.writing"), class_name="font-medium text-ai-ink"),
            rx.fragment(
                rx.match(
                    row.snippet_author,
                    (
                        "ai",
                        rx.icon(
                            "sparkles",
                            size=13,
                            class_name="mr-1 -mt-0.5 inline text-ai",
                            aria_label=t("inbox.ai"),
                        ),
                    ),
                    (
                        "human",
                        rx.icon(
                            "reply",
                            size=13,
                            class_name="mr-1 -mt-0.5 inline text-accent",
                            aria_label=t("inbox.team"),
                        ),
                    ),
                    rx.fragment(),
                ),
                rx.cond(row.snippet != "", row.snippet, t("inbox.picture")),
            ),
        ),
        dir="auto",
        class_name=[
            "min-w-0 grow truncate text-small",
            rx.cond(unread, "font-medium text-ink", "text-muted"),
        ],
    )


def _marks(row: Any) -> rx.Component:
    """Why it needs somebody, who has it, how it stands, its labels: what there is of them."""
    has_marks = (
        (row.needs_person != "")
        | (row.assignee_id > 0)
        | (row.status != "open")
        | (row.labels.length() > 0)
    )
    return rx.cond(
        has_marks,
        rx.el.div(
            rx.cond(
                row.needs_person != "",
                ui.badge(reason(row.needs_person), tone="sun", icon="hand"),
            ),
            rx.match(
                row.status,
                ("pending", ui.badge(t("inbox.status_pending"), tone="info", icon="clock")),
                ("resolved", ui.badge(t("inbox.status_resolved"), tone="positive", icon="check")),
                rx.fragment(),
            ),
            rx.cond(
                row.assignee_id > 0,
                ui.badge(
                    rx.cond(
                        row.assignee_id == InboxState.desk.account_id,
                        t("inbox.you"),
                        row.assignee_name,
                    ),
                    icon="user",
                ),
            ),
            rx.foreach(row.labels, _label),
            class_name="mt-1 flex flex-wrap gap-1",
        ),
    )


def _label(label: rx.Var[LabelRow]) -> rx.Component:
    return ui.chip(label.name, label.colour)
