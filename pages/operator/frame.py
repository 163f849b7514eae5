"""What every screen of the console has around it: its menu, and why it may show nothing."""

import reflex as rx

from components import ui
from components.shell import account_menu, skip_link
from components.text import t
from state.operator import OperatorState
from state.session import SessionState

PLACES = (
    ("businesses", "store", "/operator"),
    ("usage", "chart-column", "/operator/usage"),
    ("health", "heart-pulse", "/operator/health"),
)


def frame(*children: rx.Component, active: str, load: rx.event.EventType) -> rx.Component:
    """A screen of the console; `load` is tried again after a failure."""
    return rx.el.div(
        skip_link(),
        _header(active),
        rx.el.main(
            rx.match(
                OperatorState.standing,
                ("open", ui.page_body(*children)),
                ("loading", ui.page_body(ui.skeleton_list(6))),
                (
                    "factor",
                    _instead(
                        "shield-alert",
                        t("operator.factor_title"),
                        t("operator.factor_needed"),
                        ui.link_button(t("operator.to_settings"), "/settings/security"),
                    ),
                ),
                (
                    "confirm",
                    _instead(
                        "user-check",
                        t("operator.confirm_title"),
                        t("operator.confirm_text"),
                        ui.button(t("operator.again"), on_click=load),
                    ),
                ),
                ("failed", _middle(ui.error_state(load))),
                _instead(
                    "compass",
                    t("shell.not_found_title"),
                    t("shell.not_found_text"),
                    ui.link_button(t("shell.home"), "/inbox"),
                ),
            ),
            id="isi",
            tab_index=-1,
            class_name="outline-none",
        ),
        class_name="min-h-dvh bg-canvas pb-safe text-ink",
    )


def _header(active: str) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.a(ui.logo(words=False), href="/operator", class_name="rounded-control p-1"),
            rx.el.span(
                t("operator.title"), class_name="mr-auto text-lead font-bold max-sm:sr-only"
            ),
            rx.cond(
                OperatorState.standing == "open",
                rx.el.nav(
                    *[_place(*place, active) for place in PLACES],
                    aria_label=t("operator.sections"),
                    class_name="flex gap-1 max-sm:mr-auto",
                ),
            ),
            account_menu(
                SessionState.name,
                SessionState.email,
                on_sign_out=SessionState.sign_out,
                business=t("operator.team"),
            ),
            class_name="mx-auto flex w-full max-w-5xl items-center gap-2 px-3 py-2 sm:px-6 lg:px-8",
        ),
        class_name="sticky top-0 z-sticky border-b border-border bg-surface pt-safe",
    )


def _place(name: str, icon: str, href: str, active: str) -> rx.Component:
    here = name == active
    return rx.el.a(
        rx.icon(icon, size=18, class_name="shrink-0"),
        rx.el.span(t(f"operator.{name}"), class_name="" if here else "max-sm:sr-only"),
        href=href,
        class_name="flex min-h-11 items-center gap-2 rounded-control px-3 text-small font-semibold "
        + (
            "bg-accent-soft text-accent-ink" if here else "text-muted hover:bg-hover hover:text-ink"
        ),
        **({"aria_current": "page"} if here else {}),
    )


def _instead(icon: str, title: rx.Var, text: rx.Var, action: rx.Component) -> rx.Component:
    return _middle(ui.empty_state(icon, title, text, action))


def _middle(child: rx.Component) -> rx.Component:
    return rx.el.div(child, class_name="grid min-h-[70dvh] place-items-center p-4")
