"""The frame of signed-in screens, with the account of whoever is signed in."""

from typing import Any

import reflex as rx

from components.shell import account_menu, shell
from state.session import SessionState


def signed_in(
    page: rx.Component,
    *,
    active: str,
    waiting: Any = 0,
    menu_on_phone: bool | rx.Var = True,
) -> rx.Component:
    """`page` in the shell, at the Place `active`. `signed_in(inbox(), active="inbox")`"""
    return shell(
        page,
        active=active,
        waiting=waiting,
        account=account_menu(
            SessionState.name,
            SessionState.email,
            on_sign_out=SessionState.sign_out,
            business=SessionState.business_name,
        ),
        menu_on_phone=menu_on_phone,
    )
