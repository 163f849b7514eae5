"""The inbox: the list, the open conversation beside it, what is known of the customer."""

from typing import Any

import reflex as rx

from components import ui
from components.conversation import conversation, details
from components.conversation_list import conversation_list
from components.correction import correction_dialog
from components.signed_in import signed_in
from components.text import t
from state.follow_ups import FollowUpsState
from state.inbox import InboxState
from state.session import SessionState

ROUTE = "/inbox/[[conversation_id]]"
TITLE = "Kotak Masuk · Chatrigo"
ON_LOAD = [SessionState.load, InboxState.follow, FollowUpsState.follow]


def page() -> rx.Component:
    return signed_in(
        rx.el.div(
            conversation_list(
                class_name=[
                    "h-full w-full shrink-0 flex-col border-border bg-surface lg:flex lg:w-[22.5rem] lg:border-r",
                    rx.cond(InboxState.asked, "hidden", "flex"),
                ]
            ),
            conversation(
                class_name=[
                    "h-full min-w-0 grow flex-col lg:flex",
                    rx.cond(InboxState.asked, "flex", "hidden"),
                ]
            ),
            rx.cond(InboxState.current.id > 0, _aside()),
            _keys(),
            _details(),
            _enlarged(),
            correction_dialog(),
            _keeper(),
            class_name="flex h-full",
        ),
        active="inbox",
        waiting=InboxState.counts.needs_person,
        menu_on_phone=~InboxState.asked,
    )


class _Keeper(rx.Component):
    """The part that needs the browser itself: assets/inbox.js."""

    library = "$/public/inbox.js"
    tag = "InboxKeeper"

    conversation: rx.Var[int]
    unread: rx.Var[int]
    alerts: rx.Var[str]
    title: rx.Var[str]
    visitor: rx.Var[str]
    person: rx.Var[str]


def _keeper() -> rx.Component:
    return _Keeper.create(
        conversation=InboxState.current.id,
        unread=InboxState.counts.unread,
        alerts=InboxState.alerts,
        title=t("inbox.title") + " · Chatrigo",
        visitor=t("inbox.visitor", number=""),
        person=t("inbox.needs_person"),
    )


def _aside() -> rx.Component:
    return rx.el.aside(
        details(),
        aria_label=t("inbox.details"),
        class_name="hidden h-full w-80 shrink-0 overflow-y-auto border-l border-border bg-surface p-5 "
        "min-[1440px]:block",
    )


def _details() -> rx.Component:
    return ui.dialog("details", t("inbox.details"), details())


def _enlarged() -> rx.Component:
    return ui.dialog(
        "picture",
        t("inbox.picture"),
        rx.el.img(alt=t("inbox.picture"), class_name="max-h-[70dvh] w-full object-contain"),
    )


def _keys() -> rx.Component:
    return ui.dialog(
        "keys",
        t("inbox.keys"),
        rx.el.dl(
            _key(t("inbox.key_move"), "J", "K"),
            _key(t("inbox.key_open"), "Enter"),
            _key(t("inbox.key_reply"), "R"),
            _key(t("inbox.key_note"), "N"),
            _key(t("inbox.key_take_over"), "T"),
            _key(t("inbox.key_resolve"), "E"),
            _key(t("inbox.key_assign"), "A"),
            _key(t("inbox.key_search"), "/"),
            _key(t("inbox.key_back"), "Esc"),
            _key(t("inbox.key_help"), "?"),
            class_name="flex flex-col",
        ),
    )


def _key(text: Any, *keys: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(text),
        rx.el.dd(*[ui.kbd(key) for key in keys], class_name="flex gap-1"),
        class_name="flex items-center justify-between gap-4 border-b border-border py-2 text-small "
        "last:border-0",
    )
