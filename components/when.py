"""Moments in words: the browser's, in the zone of the business and the language of the page."""

from typing import Any

import reflex as rx

from components.ui.words import Words
from state.locale import LocaleState


def clock(iso: Words, zone: Words, class_name: Any = "") -> rx.Component:
    """The time of day. `clock(message.at, S.zone)`; `iso` is aware, as rows have it."""
    return _when(iso, zone, "clock", class_name)


def brief(iso: Words, zone: Words, class_name: Any = "") -> rx.Component:
    """For a list: the time today, "yesterday", the weekday, then the date."""
    return _when(iso, zone, "brief", class_name)


def day(iso: Words, zone: Words, class_name: Any = "") -> rx.Component:
    """For a line between messages: "today", "yesterday", or the date with its weekday."""
    return _when(iso, zone, "day", class_name)


def ago(iso: Words, zone: Words, class_name: Any = "") -> rx.Component:
    """How long ago; it goes on counting while it is on the screen."""
    return _when(iso, zone, "ago", class_name)


def left(iso: Words, zone: Words, class_name: Any = "") -> rx.Component:
    """How long until then, counting down; empty, and marked `data-over`, once it is past."""
    return _when(iso, zone, "left", class_name)


class _When(rx.Component):
    library = "$/public/when.js"
    tag = "When"

    iso: rx.Var[str]
    zone: rx.Var[str]
    english: rx.Var[bool]
    look: rx.Var[str]


def _when(iso: Words, zone: Words, look: str, class_name: Any) -> rx.Component:
    return _When.create(
        iso=iso, zone=zone, english=LocaleState.is_english, look=look, class_name=class_name
    )
