"""
Fields of a form. Inputs are uncontrolled: name them, read the form data on submit.

A controlled text input loses keystrokes to the round trip; where a var must follow what is
typed use `search_box`, which waits until the person pauses.
"""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from components.text import t
from components.ui.words import Content, Words, classes, given, when


def field(
    label: Words,
    control: rx.Component,
    *,
    for_id: str,
    hint: Words | None = None,
    error: Words | None = None,
    optional: bool = False,
) -> rx.Component:
    """
    A label, a control, and below it a hint or the error (a Var that is "" when all is well).

    `ui.field(t("x.photo"), photo_picker(), for_id="photo")`
    """
    return rx.el.div(
        rx.el.label(
            label,
            rx.el.span(t("ui.optional"), class_name="font-normal text-muted")
            if optional
            else rx.fragment(),
            html_for=for_id,
            class_name="flex items-baseline justify-between gap-2 text-small font-semibold",
        ),
        control,
        _below(for_id, hint, error),
        class_name="flex w-full flex-col gap-1.5",
    )


def input_field(
    name: str,
    label: Words,
    *,
    hint: Words | None = None,
    error: Words | None = None,
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """
    A labelled text input. Other keywords go to the input (`type`, `placeholder`, `required`).

    `ui.input_field("email", t("auth.email"), type="email", auto_complete="email", required=True)`
    """
    id_ = props.pop("id", name)
    control = input_box(name=name, id=id_, **_described(id_, hint, error), **props)
    return field(label, control, for_id=id_, hint=hint, error=error, optional=optional)


def password_field(
    name: str,
    label: Words,
    *,
    hint: Words | None = None,
    error: Words | None = None,
    **props: Any,
) -> rx.Component:
    """
    A password input with an eye that shows what was typed.

    `ui.password_field("password", t("auth.password"), auto_complete="new-password")`
    """
    id_ = props.pop("id", name)
    control = rx.el.div(
        input_box(
            name=name,
            id=id_,
            type="password",
            class_name="pr-12",
            **_described(id_, hint, error),
            **props,
        ),
        rx.el.button(
            rx.icon("eye", size=18),
            type="button",
            aria_label=t("ui.show_password"),
            aria_pressed="false",
            data_reveal=id_,
            class_name="absolute inset-y-0 right-0 grid w-12 place-items-center rounded-control "
            "text-muted hover:text-ink aria-pressed:text-accent",
        ),
        class_name="relative",
    )
    return field(label, control, for_id=id_, hint=hint, error=error)


def textarea_field(
    name: str,
    label: Words,
    *,
    hint: Words | None = None,
    error: Words | None = None,
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """
    A labelled text area that grows with its text.

    `ui.textarea_field("answer", t("knowledge.answer"), rows="4", max_length=4000)`
    """
    id_ = props.pop("id", name)
    control = textarea(name=name, id=id_, **_described(id_, hint, error), **props)
    return field(label, control, for_id=id_, hint=hint, error=error, optional=optional)


def select_field(
    name: str,
    label: Words,
    options: Sequence[tuple[str, Words]],
    *,
    hint: Words | None = None,
    error: Words | None = None,
    **props: Any,
) -> rx.Component:
    """
    A labelled native select of (value, text) pairs.

    `ui.select_field("zone", t("x.zone"), [("Asia/Jakarta", "WIB")], default_value=S.zone)`
    """
    id_ = props.pop("id", name)
    control = select(options, name=name, id=id_, **_described(id_, hint, error), **props)
    return field(label, control, for_id=id_, hint=hint, error=error)


def input_box(*, class_name: Any = "", **props: Any) -> rx.Component:
    """A bare input with our look; give it `aria_label` when it has no label element."""
    return rx.el.input(class_name=classes("control", class_name), **props)


def textarea(*, class_name: Any = "", **props: Any) -> rx.Component:
    """A bare text area with our look."""
    return rx.el.textarea(class_name=classes("control", class_name), **props)


def select(
    options: Sequence[tuple[str, Words]] | rx.Component, *, class_name: Any = "", **props: Any
) -> rx.Component:
    """
    A bare native select of (value, text) pairs, or of an `rx.foreach` of `rx.el.option`.

    `ui.select([("mine", t("inbox.mine"))], on_change=S.filter_by, aria_label=t("inbox.filter"))`
    """
    choices = (
        [options]
        if isinstance(options, rx.Component)
        else [rx.el.option(text, value=value) for value, text in options]
    )
    return rx.el.div(
        rx.el.select(*choices, class_name=classes("control", class_name), **props),
        rx.icon(
            "chevron-down",
            size=18,
            class_name="pointer-events-none absolute right-3 top-1/2 -translate-y-1/2 text-muted",
        ),
        class_name="relative",
    )


def checkbox(name: str, label: Content, *, hint: Words | None = None, **props: Any) -> rx.Component:
    """
    A checkbox with its label to the right; `default_checked` in forms, `checked` + `on_change` live.

    `ui.checkbox("agree", t("auth.agree"), required=True)`
    """
    return _choice(
        rx.el.input(type="checkbox", name=name, class_name="tick mt-0.5", **props), label, hint
    )


def radio(
    name: str, value: str, label: Content, *, hint: Words | None = None, **props: Any
) -> rx.Component:
    """One of several choices of the same `name`. `ui.radio("tone", "warm", t("assistant.warm"))`"""
    control = rx.el.input(type="radio", name=name, value=value, class_name="tick mt-0.5", **props)
    return _choice(control, label, hint)


def switch(name: str, label: Content, *, hint: Words | None = None, **props: Any) -> rx.Component:
    """
    A setting that is on or off at once; the label left, the switch right.

    `ui.switch("answers", t("assistant.answers"), checked=S.answers, on_change=S.set_answers)`
    """
    return rx.el.label(
        _label_and_hint(label, hint),
        rx.el.input(type="checkbox", role="switch", name=name, class_name="switch", **props),
        class_name="flex min-h-11 items-center justify-between gap-4",
    )


def search_box(
    value: rx.Var,
    on_change: Any,
    *,
    placeholder: Words | None = None,
    on_clear: Any = None,
    class_name: Any = "",
    **props: Any,
) -> rx.Component:
    """
    A search input that reports 300 ms after the last key.

    `ui.search_box(S.query, S.search, placeholder=t("inbox.search"), on_clear=S.clear_search)`
    """
    words = t("ui.search") if placeholder is None else placeholder
    return rx.el.div(
        rx.icon(
            "search",
            size=18,
            class_name="pointer-events-none absolute left-3.5 top-1/2 -translate-y-1/2 text-muted",
        ),
        rx.debounce_input(
            rx.el.input(
                type="search",
                value=value,
                on_change=on_change,
                placeholder=words,
                aria_label=words,
                class_name="control border-transparent bg-sunken pl-11 pr-11",
                **props,
            ),
            debounce_timeout=300,
        ),
        when(given(value), _clear(on_clear)) if on_clear is not None else rx.fragment(),
        role="search",
        class_name=classes("relative w-full", class_name),
    )


def _clear(on_clear: Any) -> rx.Component:
    return rx.el.button(
        rx.icon("x", size=18),
        type="button",
        aria_label=t("ui.clear"),
        on_click=on_clear,
        class_name="absolute inset-y-0 right-0 grid w-11 place-items-center text-muted hover:text-ink",
    )


def _choice(control: rx.Component, label: Content, hint: Words | None) -> rx.Component:
    return rx.el.label(
        control,
        _label_and_hint(label, hint),
        class_name="flex min-h-11 items-start gap-3 py-2.5",
    )


def _label_and_hint(label: Content, hint: Words | None) -> rx.Component:
    return rx.el.span(
        rx.el.span(label, class_name="font-medium"),
        rx.el.span(hint, class_name="text-small text-muted") if hint is not None else rx.fragment(),
        class_name="flex min-w-0 flex-col gap-0.5",
    )


def _below(id_: str, hint: Words | None, error: Words | None) -> rx.Component:
    shown_hint = (
        rx.el.p(hint, id=f"{id_}-hint", class_name="text-small text-muted")
        if hint is not None
        else rx.fragment()
    )
    if error is None:
        return shown_hint
    shown_error = rx.el.p(
        rx.icon("circle-alert", size=15, class_name="mt-0.5 shrink-0"),
        error,
        id=f"{id_}-error",
        role="alert",
        class_name="flex items-start gap-1.5 text-small font-medium text-danger-ink",
    )
    return when(given(error), shown_error, shown_hint)


def _described(id_: str, hint: Words | None, error: Words | None) -> dict[str, Any]:
    """The attributes that tie an input to the words below it."""
    attributes: dict[str, Any] = {}
    if hint is not None:
        attributes["aria_describedby"] = f"{id_}-hint"
    if error is not None:
        attributes["aria_invalid"] = when(given(error), "true", "false")
        attributes["aria_errormessage"] = f"{id_}-error"
    return attributes
