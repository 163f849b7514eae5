"""Faces for people without pictures."""

import json
from typing import Any, Literal

import reflex as rx

from components.ui.badge import LABEL_COLORS
from components.ui.words import Words, classes

_SIZES = {
    "sm": "size-8 text-caption",
    "md": "size-11 text-body",
    "lg": "size-16 text-title",
}
_JS_INITIALS = (
    "((name) => Array.from((name ?? '').trim().split(/\\s+/).slice(0, 2)"
    ".map((word) => Array.from(word)[0] ?? '').join('').toUpperCase()).slice(0, 2).join(''))"
)
_JS_COLOR = (
    "((name) => {colors}[Array.from(name ?? '').reduce("
    "(sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7) % 8])"
).replace("{colors}", json.dumps(LABEL_COLORS))


def avatar(
    name: Words,
    *,
    size: Literal["sm", "md", "lg"] = "md",
    picture: Words | None = None,
    class_name: Any = "",
) -> rx.Component:
    """
    The initials of `name` on a colour that is always the same for that name.

    `ui.avatar(row.name)`; decoration: the name must stand beside it.
    """
    shape = classes(
        "grid shrink-0 place-items-center overflow-hidden rounded-full font-bold select-none",
        _SIZES[size],
        class_name,
    )
    if picture is not None:
        return rx.el.img(src=picture, alt="", class_name=classes(shape, "object-cover"))
    return rx.el.span(
        initials(name),
        data_color=color_of(name),
        aria_hidden=True,
        class_name=classes("tinted", shape),
    )


def ai_avatar(*, size: Literal["sm", "md", "lg"] = "md") -> rx.Component:
    """The face of the assistant. `ui.ai_avatar(size="sm")`"""
    return rx.el.span(
        rx.icon("sparkles", size={"sm": 15, "md": 20, "lg": 28}[size]),
        aria_hidden=True,
        class_name=f"grid shrink-0 place-items-center rounded-full bg-ai-soft text-ai-ink {_SIZES[size]}",
    )


def initials(name: Words) -> Any:
    """Up to two letters: the first of the first two words."""
    if isinstance(name, rx.Var):
        return _applied(_JS_INITIALS, name)
    return "".join(word[0] for word in name.split()[:2]).upper()[:2]


def color_of(name: Words) -> Any:
    """One of LABEL_COLORS, always the same for the same name; Python and browser agree."""
    if isinstance(name, rx.Var):
        return _applied(_JS_COLOR, name)
    total = 7
    for letter in name:
        total = (total * 31 + ord(letter)) % 9973
    return LABEL_COLORS[total % 8]


def _applied(function: str, name: rx.Var) -> rx.Var[str]:
    return rx.Var(
        _js_expr=f"{function}({name!s})", _var_type=str, _var_data=name._get_all_var_data()
    ).to(str)
