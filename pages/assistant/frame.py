"""What the screens of the assistant have in common: the heading and the way between them."""

from typing import Any

import reflex as rx

from components import ui
from components.signed_in import signed_in
from components.text import t

PLACES = {
    "instructions": "/assistant",
    "tests": "/assistant/tests",
    "history": "/assistant/history",
    "try": "/assistant/try",
    "tools": "/assistant/tools",
}


def framed(here: str, *body: Any, loaded: Any, failed: Any, again: Any) -> rx.Component:
    """One of PLACES, with its loading and its error state."""
    return signed_in(
        ui.page_body(
            ui.page_header(t("assistant.title"), t(f"assistant.intro_{here}")),
            _places(here),
            rx.cond(
                loaded,
                rx.fragment(*body),
                rx.cond(failed, ui.error_state(again), ui.skeleton_list(6)),
            ),
        ),
        active="assistant",
        needs="configure",
    )


def _places(here: str) -> rx.Component:
    """Links that look like tabs: each has an address of its own."""
    return rx.el.nav(
        *[_place(name, href, name == here) for name, href in PLACES.items()],
        aria_label=t("assistant.tabs"),
        class_name="scroll-quiet -mt-2 flex gap-1 overflow-x-auto overflow-y-hidden border-b "
        "border-border",
    )


def _place(name: str, href: str, is_here: bool) -> rx.Component:
    look = "border-accent text-accent-ink" if is_here else "border-transparent text-muted"
    here = {"aria_current": "page"} if is_here else {}
    return rx.el.a(
        t(f"assistant.tab_{name}"),
        href=href,
        class_name="-mb-px inline-flex min-h-11 shrink-0 items-center border-b-2 px-3 text-small "
        f"font-semibold whitespace-nowrap hover:text-ink focus-visible:outline-offset-[-2px] {look}",
        **here,
    )
