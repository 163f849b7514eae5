"""Numbers as people write them, in the language of the page."""

from typing import Any

import reflex as rx
from reflex_base.vars.function import FunctionStringVar

from state.locale import LocaleState

_NUMBER = FunctionStringVar.create(
    "((value, english) => value.toLocaleString(english ? 'en' : 'id'))"
)
_RUPIAH = FunctionStringVar.create(
    "((value, english) => 'Rp' + value.toLocaleString(english ? 'en' : 'id',"
    " {maximumFractionDigits: value < 100 ? 2 : 0}))"
)
_DURATION = FunctionStringVar.create(
    "((ms, english) => ms < 1000 ? ms + ' ms' : (ms / 1000).toLocaleString(english ? 'en' : 'id',"
    " {maximumFractionDigits: 1}) + ' s')"
)


def number(value: Any) -> rx.Var[str]:
    """12345 as 12.345, or 12,345 in English."""
    return _NUMBER.call(value, LocaleState.is_english).to(str)


def rupiah(value: Any) -> rx.Var[str]:
    """12345.6 as Rp12.346; small amounts with their hundredths."""
    return _RUPIAH.call(value, LocaleState.is_english).to(str)


def duration(milliseconds: Any) -> rx.Var[str]:
    """850 as 850 ms, 1234 as 1,2 s."""
    return _DURATION.call(milliseconds, LocaleState.is_english).to(str)
