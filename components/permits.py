"""What the role of the person may, for what the screen shows."""

from typing import Any

import reflex as rx

from chatrigo.domain.access import PERMISSIONS
from components import ui
from components.text import t
from state.session import SessionState


def may(permission: str) -> rx.Var[bool]:
    """Whether the person may. Raises KeyError for a permission that does not exist."""
    assert PERMISSIONS[permission]
    return SessionState.permissions.contains(permission).bool()


def only(permission: str, *children: Any) -> rx.Component:
    """Shown to those who may; the others see nothing of it."""
    return rx.cond(may(permission), rx.fragment(*children))


def behind(permission: str, page: rx.Component) -> rx.Component:
    """A page for those who may; the others are told kindly why there is nothing here."""
    return rx.cond(
        may(permission),
        page,
        rx.cond(
            SessionState.loaded,
            ui.empty_state(
                "lock",
                t("team.not_yours_title"),
                t("team.not_yours_text", role=role_name(SessionState.role)),
                ui.link_button(t("team.to_inbox"), "/inbox", variant="secondary"),
                class_name="h-full",
            ),
            ui.page_body(ui.skeleton_list(4)),
        ),
    )


def role_name(role: Any) -> rx.Var[str]:
    return rx.match(
        role,
        ("owner", t("team.role_owner")),
        ("admin", t("team.role_admin")),
        ("agent", t("team.role_agent")),
        t("team.role_viewer"),
    )
