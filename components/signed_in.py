"""The frame of signed-in screens, with the account of whoever is signed in."""

from typing import Any

import reflex as rx

from components import ui
from components.permits import behind, role_name
from components.shell import account_menu, shell
from components.text import t
from state.session import SessionState


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
    return shell(
        page if needs == "inbox.read" else behind(needs, page),
        active=active,
        waiting=waiting,
        account=account(),
        menu_on_phone=menu_on_phone,
    )


def account(id_: str = "account") -> rx.Component:
    """The menu of whoever is signed in; a second one on a screen needs another `id_`."""
    return account_menu(
        SessionState.name,
        SessionState.email,
        on_sign_out=SessionState.sign_out,
        business=SessionState.business_name,
        elsewhere=_elsewhere(),
        id_=id_,
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
