"""
Messages, for the customer's chat and the inbox alike.

Text is shown as it was written: white space kept, long words broken, the direction of each
paragraph its own, and never turned into markup or links.
"""

from typing import Any

import reflex as rx

from components.ui.avatar import ai_avatar, avatar
from components.ui.spinner import typing_dots
from components.ui.words import Content, Words, classes, given, when


def bubble(
    author: Words,
    text: Words,
    *,
    mine: bool | rx.Var = False,
    meta: Content | None = None,
    heading: Content | None = None,
    below: Any = None,
    above: Any = None,
    class_name: Any = "",
) -> rx.Component:
    """
    A message. `author` is "customer", "ai", "person" or "note" (a Var will do); `mine` puts it on
    the right. `heading` is who wrote it, `meta` the time and delivery state, `above` pictures
    inside the bubble before the text, `below` what belongs under it (evidence, buttons).

    `ui.bubble(m.author, m.text, mine=m.ours, heading=m.name, meta=ui.time(m.time))`
    """
    return rx.el.div(
        rx.el.div(heading, class_name="px-1 text-caption font-semibold text-muted")
        if heading is not None
        else rx.fragment(),
        rx.el.div(
            above if above is not None else rx.fragment(),
            when(given(text), rx.el.div(text, dir="auto")),
            data_author=author,
            data_mine=when(mine, "true", "false"),
            class_name="bubble",
        ),
        below if below is not None else rx.fragment(),
        rx.el.div(
            meta,
            class_name="flex items-center gap-1.5 px-1 text-caption text-muted tabular-nums",
        )
        if meta is not None
        else rx.fragment(),
        data_mine=when(mine, "true", "false"),
        class_name=classes(
            "flex min-w-0 max-w-[85%] flex-col items-start gap-1 self-start "
            "data-[mine=true]:items-end data-[mine=true]:self-end",
            class_name,
        ),
    )


def typing_bubble(*, mine: bool | rx.Var = False, author: Words = "ai") -> rx.Component:
    """Somebody is writing. `rx.cond(S.typing, ui.typing_bubble())`"""
    return rx.el.div(
        typing_dots(),
        data_author=author,
        data_mine=when(mine, "true", "false"),
        class_name="bubble self-start data-[mine=true]:self-end",
    )


def system_line(text: Words, *, icon: str = "") -> rx.Component:
    """Something that happened, between the messages. `ui.system_line(t("inbox.took_over"))`"""
    return rx.el.div(
        rx.icon(icon, size=14, class_name="shrink-0") if icon else rx.fragment(),
        rx.el.span(text),
        class_name="flex max-w-[90%] items-center gap-1.5 self-center rounded-full bg-sunken px-3 "
        "py-1 text-center text-caption font-medium text-muted",
    )


def message_face(author: Words, name: Words) -> rx.Component:
    """The face beside a message: sparkles for the assistant, initials for a person."""
    if isinstance(author, rx.Var):
        return rx.cond(author == "ai", ai_avatar(size="sm"), avatar(name, size="sm"))
    return ai_avatar(size="sm") if author == "ai" else avatar(name, size="sm")


def message_list(*children: Any, label: Words, class_name: Any = "", **props: Any) -> rx.Component:
    """The column of messages; new ones are read out. Give it an `id` for scrolling."""
    return rx.el.div(
        *children,
        role="log",
        aria_label=label,
        aria_live="polite",
        class_name=classes("flex flex-col gap-3 px-4 py-5", class_name),
        **props,
    )
