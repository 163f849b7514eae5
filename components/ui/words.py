"""What a component may be given to show."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import reflex as rx

Words: TypeAlias = str | rx.Var
Content: TypeAlias = str | rx.Var | rx.Component
Extra: TypeAlias = str | Sequence[Any]


def classes(*parts: Any) -> Any:
    """The class names in one string, or a list when some of them are Vars."""
    kept = [part for part in parts if not (isinstance(part, str) and not part)]
    if all(isinstance(part, str) for part in kept):
        return " ".join(kept)
    return kept


def given(value: Any) -> bool | rx.Var:
    """Whether there is something to show: known now for plain values, later for a Var."""
    if isinstance(value, rx.Var):
        return value.to(str) != ""
    return bool(value)


def when(condition: Any, shown: Any, otherwise: Any = None) -> Any:
    """`rx.cond` for a Var, a plain choice for what is known while compiling."""
    otherwise = rx.fragment() if otherwise is None else otherwise
    if isinstance(condition, rx.Var):
        return rx.cond(condition, shown, otherwise)
    return shown if condition else otherwise
