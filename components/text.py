"""Text on the screen, in the language of the browser."""

from typing import Any

import reflex as rx

from chatrigo.i18n import catalogue
from state.locale import LocaleState


def t(key: str, **values: Any) -> rx.Var[str]:
    """
    The text of `key`; both languages are compiled in, so switching needs no server.

    `values` fill the placeholders and may be Vars. An unknown key fails at compile time.
    """
    english, indonesian = catalogue("en")[key], catalogue("id")[key]
    return rx.cond(LocaleState.is_english, _filled(english, values), _filled(indonesian, values))


def _filled(text: str, values: dict[str, Any]) -> Any:
    filled: Any = rx.Var.create(text)
    for name, value in values.items():
        shown = value.to(str) if isinstance(value, rx.Var) else str(value)
        filled = filled.replace("{" + name + "}", shown)
    return filled
