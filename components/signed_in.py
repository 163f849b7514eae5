"""The frame of signed-in screens, with the account of whoever is signed in."""

from typing import Any

import reflex as rx
from reflex_base.vars.function import FunctionStringVar

from components import ui
from components.permits import behind, role_name
from components.shell import account_menu, shell
from components.step_up import step_up_dialog
from components.text import t
from state.locale import LocaleState
from state.session import SessionState

_CLOCK = FunctionStringVar.create(
    "((iso, english) => new Date(iso).toLocaleString(english ? 'en' : 'id', "
    "{weekday: 'short', hour: '2-digit', minute: '2-digit'}))"
)


def signed_in(
    page: rx.Component,
    *,
    active: str,
    needs: str = "inbox.read",
    waiting: Any = 0,
    menu_on_phone: bool | rx.Var = True,
) -> rx.Component:
    """
    `page` in the shell, at the Place `active`. Roles without the permission `needs` are told
    kindly that it is not for them. `signed_in(inbox(), active="inbox")`
    """
    shown = page if needs == "inbox.read" else behind(needs, page)
    return rx.fragment(
        shell(
            rx.cond(SessionState.suspended != "", suspended(), shown),
            active=active,
            waiting=waiting,
            account=account(),
            menu_on_phone=menu_on_phone,
            above=rx.fragment(
                rx.cond(SessionState.support_until != "", looking_in()),
                rx.cond(SessionState.broken_channels.length() > 0, broken_channels()),
            ),
        ),
        step_up_dialog(),
    )


def suspended() -> rx.Component:
    """What the people of a suspended business see instead of every screen."""
    return rx.el.div(
        rx.icon("circle-pause", size=40, class_name="text-danger-ink"),
        rx.el.h1(
            t("shell.suspended_title", business=SessionState.business_name),
            class_name="text-heading font-extrabold text-balance",
        ),
        rx.el.p(
            t("shell.suspended_text", reason=SessionState.suspended),
            class_name="font-semibold break-words whitespace-pre-line",
        ),
        rx.el.p(t("shell.suspended_kept"), class_name="text-pretty text-muted"),
        ui.button(
            t("shell.sign_out"),
            variant="secondary",
            icon="log-out",
            on_click=SessionState.sign_out,
        ),
        role="alert",
        class_name="mx-auto flex min-h-full max-w-prose flex-col items-center justify-center gap-4 p-6 text-center",
    )


def looking_in() -> rx.Component:
    """Says to our own operator whose business this is, and how long they may look at it."""
    until = _CLOCK.call(SessionState.support_until, LocaleState.is_english).to(str)
    return rx.el.div(
        rx.icon("eye", size=18, class_name="shrink-0"),
        rx.el.p(
            t("shell.support_banner", business=SessionState.business_name, until=until),
            class_name="min-w-0 grow text-small font-semibold",
        ),
        ui.button(
            t("shell.support_leave"),
            variant="secondary",
            size="sm",
            on_click=SessionState.leave_support,
        ),
        role="status",
        class_name="z-banner flex shrink-0 items-center gap-3 bg-sun px-4 py-2 text-sun-contrast",
    )


def broken_channels() -> rx.Component:
    """Says to those who can mend it that a channel no longer works."""
    return rx.el.div(
        rx.icon("unplug", size=18, class_name="shrink-0"),
        rx.el.p(
            t("channels.banner", name=SessionState.broken_channels.join(", ")),
            class_name="min-w-0 grow text-small font-semibold",
        ),
        ui.link_button(
            t("channels.banner_mend"), "/settings/channels", variant="secondary", size="sm"
        ),
        role="alert",
        class_name="z-banner flex shrink-0 items-center gap-3 bg-danger-soft px-4 py-2 "
        "text-danger-ink",
    )


def account(id_: str = "account") -> rx.Component:
    """The menu of whoever is signed in; a second one on a screen needs another `id_`."""
    return account_menu(
        SessionState.name,
        SessionState.email,
        on_sign_out=SessionState.sign_out,
        business=SessionState.business_name,
        elsewhere=rx.fragment(_elsewhere(), _console()),
        id_=id_,
    )


def _console() -> rx.Component:
    return rx.cond(
        SessionState.operates,
        rx.fragment(
            ui.menu_separator(),
            ui.menu_item(t("operator.open"), icon="shield", href="/operator"),
        ),
    )


def _elsewhere() -> rx.Component:
    """The businesses of a person who has several."""
    return rx.cond(
        SessionState.workplaces.length() > 1,
        rx.fragment(
            ui.menu_separator(),
            ui.menu_label(t("team.switch")),
            rx.el.div(
                rx.foreach(
                    SessionState.workplaces,
                    lambda place: ui.menu_choice(
                        rx.fragment(
                            place.name,
                            rx.el.span(
                                " · ", role_name(place.role), class_name="text-small text-muted"
                            ),
                        ),
                        place.id == SessionState.business_id,
                        SessionState.switch_business(place.id),
                    ),
                ),
                class_name="max-h-56 overflow-y-auto",
            ),
        ),
    )
