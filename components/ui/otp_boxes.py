"""The six digits of a one-time code."""

from typing import Any

import reflex as rx

from components.text import t
from components.ui.words import Words, given, when


def otp_boxes(
    name: str = "code", *, label: Words | None = None, error: Words | None = None, **props: Any
) -> rx.Component:
    """
    Six boxes over one real input: takes a paste or the phone's suggestion and submits its form
    when full (assets/ui.js). Put it in an `rx.el.form(on_submit=…)`.

    `ui.otp_boxes("code", error=VerifyState.error)`
    """
    invalid = when(given(error), "true", "false") if error is not None else "false"
    return rx.el.div(
        rx.el.div(
            *[rx.el.span(aria_hidden=True) for _ in range(6)],
            rx.el.input(
                name=name,
                id=name,
                type="text",
                input_mode="numeric",
                auto_complete="one-time-code",
                pattern="[0-9]{6}",
                required=True,
                aria_label=t("ui.code") if label is None else label,
                aria_invalid=invalid,
                aria_describedby=f"{name}-error",
                spell_check=False,
                **props,
            ),
            data_filled="0",
            class_name="otp",
        ),
        when(given(error), _problem(name, error)) if error is not None else rx.fragment(),
        class_name="flex flex-col items-center gap-2.5",
    )


def _problem(name: str, error: Words) -> rx.Component:
    return rx.el.p(
        error,
        id=f"{name}-error",
        role="alert",
        class_name="text-center text-small font-medium text-danger-ink",
    )
