"""Where one is signed in, and which devices are trusted."""

from typing import Any

import reflex as rx

from components import ui, when
from components.text import t
from pages.settings.security.parts import device_name, lines, section
from state.security import OTHERS, SecurityState
from state.session import SessionState


def sessions() -> rx.Component:
    return section(
        t("security.sessions"),
        t("security.sessions_text"),
        lines(rx.foreach(SecurityState.sessions, _session)),
        rx.cond(
            SecurityState.sessions.length() > 1,
            rx.el.div(
                ui.button(
                    t("security.end_others"),
                    variant="danger-quiet",
                    icon="log-out",
                    on_click=ui.open_dialog(OTHERS),
                ),
                class_name="border-t border-border px-2 py-2 sm:px-4",
            ),
        ),
    )


def _session(row: rx.Var[Any]) -> rx.Component:
    return _device(
        row,
        rx.cond(
            row.here,
            rx.fragment(t("security.here")),
            rx.fragment(t("security.seen"), " ", _ago(row.last_seen_at)),
        ),
        rx.cond(
            row.here,
            ui.badge(t("security.this_device"), tone="accent"),
            ui.button(
                t("security.end_session"),
                variant="secondary",
                size="sm",
                aria_label=t("security.end_session_named", name=device_name(row)),
                on_click=SecurityState.revoke_session(row.id),
            ),
        ),
    )


def trusted() -> rx.Component:
    return rx.cond(
        SecurityState.trusted.length() > 0,
        section(
            t("security.trusted"),
            t("security.trusted_text"),
            lines(rx.foreach(SecurityState.trusted, _trusted)),
        ),
    )


def _trusted(row: rx.Var[Any]) -> rx.Component:
    return _device(
        row,
        rx.fragment(t("security.last_used"), " ", _ago(row.last_used_at)),
        ui.button(
            t("security.forget_device"),
            variant="secondary",
            size="sm",
            aria_label=t("security.forget_device_named", name=device_name(row)),
            on_click=SecurityState.revoke_device(row.id),
        ),
    )


def _device(row: rx.Var[Any], when_: rx.Component, action: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.cond(
            row.handheld,
            rx.icon("smartphone", size=20, class_name="shrink-0 text-muted"),
            rx.icon("monitor", size=20, class_name="shrink-0 text-muted"),
        ),
        rx.el.div(
            rx.el.p(device_name(row), class_name="font-semibold break-words"),
            rx.el.p(when_, class_name="text-small text-muted"),
            rx.cond(
                row.address != "",
                rx.el.p(row.address, class_name="text-caption break-all text-muted tabular-nums"),
            ),
            class_name="min-w-0 grow",
        ),
        action,
        class_name="flex items-center gap-3 px-4 py-3 sm:gap-4 sm:px-6",
    )


def _ago(moment: rx.Var[Any]) -> rx.Component:
    return when.ago(moment.to(str), SessionState.zone)


def others_dialog() -> rx.Component:
    return ui.confirm_dialog(
        OTHERS,
        t("security.end_others_title"),
        t("security.end_others_text"),
        confirm=t("security.end_others"),
        on_confirm=SecurityState.revoke_others,
    )
