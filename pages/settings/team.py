"""The team: who works here, who is asked in, and what each role may."""

from typing import Any

import reflex as rx

from chatrigo.domain.access import PERMISSIONS, ROLES
from chatrigo.domain.access import may as role_may
from chatrigo.domain.team.invitations import ROLES as INVITED
from chatrigo.domain.team.invitations import InvitationRow
from chatrigo.domain.team.members import MemberRow
from components import ui, when
from components.permits import may, role_name
from components.signed_in import signed_in
from components.text import t
from state.session import SessionState
from state.team import INVITE, REMOVE, REVOKE, ROLE, TRANSFER, TeamState

TITLE = "Tim · Chatrigo"
ZONE = SessionState.zone
# On a phone each permission stands above its four answers.
ROW = "max-sm:grid max-sm:grid-cols-4"
TONES = {"owner": "accent", "admin": "info", "agent": "neutral", "viewer": "neutral"}


def page() -> rx.Component:
    return signed_in(_team(), active="settings", needs="team")


def _team() -> rx.Component:
    return ui.page_body(
        ui.page_header(
            t("team.title"),
            t("team.text"),
            back="/settings",
            actions=ui.button(t("team.invite"), icon="user-plus", on_click=TeamState.compose),
        ),
        rx.cond(
            TeamState.loaded,
            rx.fragment(_members(), _invitations()),
            rx.cond(TeamState.failed, ui.error_state(TeamState.load), ui.skeleton_list(4)),
        ),
        _matrix(),
        _invite_dialog(),
        _role_dialog(),
        ui.confirm_dialog(
            REMOVE,
            t("team.remove_title", name=TeamState.chosen.name),
            rx.cond(
                TeamState.chosen.assigned > 0,
                t("team.remove_text_assigned", count=TeamState.chosen.assigned),
                t("team.remove_text"),
            ),
            confirm=t("team.remove"),
            on_confirm=TeamState.remove,
        ),
        ui.confirm_dialog(
            TRANSFER,
            t("team.transfer_title", name=TeamState.chosen.name),
            t("team.transfer_text", name=TeamState.chosen.name),
            confirm=t("team.transfer"),
            on_confirm=TeamState.transfer,
        ),
        ui.confirm_dialog(
            REVOKE,
            t("team.revoke_title"),
            t("team.revoke_text", email=TeamState.chosen.name),
            confirm=t("team.revoke"),
            on_confirm=TeamState.revoke,
        ),
    )


def role_badge(role: Any) -> rx.Component:
    return rx.match(
        role,
        *[(name, ui.badge(t(f"team.role_{name}"), tone=tone)) for name, tone in TONES.items()],
        ui.badge(role),
    )


def _members() -> rx.Component:
    return ui.card(
        rx.el.div(ui.card_header(t("team.members")), class_name="px-4 pt-4 sm:px-6 sm:pt-6"),
        rx.el.ul(
            rx.foreach(TeamState.members, _member),
            aria_label=t("team.members"),
            class_name="divide-y divide-border border-t border-border",
        ),
        padded=False,
    )


def _member(row: rx.Var[MemberRow]) -> rx.Component:
    return rx.el.li(
        ui.avatar(row.name, size="sm"),
        rx.el.div(
            rx.el.p(
                rx.el.span(row.name, class_name="truncate font-semibold"),
                rx.cond(row.is_you, rx.el.span(t("team.you"), class_name="text-muted")),
                class_name="flex min-w-0 gap-1.5",
            ),
            rx.el.p(row.email, class_name="truncate text-small text-muted"),
            rx.el.p(
                rx.cond(
                    row.seen_at != "",
                    rx.fragment(t("team.seen"), " ", when.ago(row.seen_at, ZONE)),
                    t("team.never_seen"),
                ),
                class_name="text-small text-faint",
            ),
            class_name="min-w-0 grow",
        ),
        role_badge(row.role),
        rx.cond(
            row.manageable & ~row.is_you,
            _member_menu(row),
            rx.el.span(class_name="size-11 shrink-0 max-sm:hidden"),
        ),
        key=row.account_id.to_string(),
        class_name="flex items-center gap-3 px-4 py-3 sm:px-6",
    )


def _member_menu(row: rx.Var[MemberRow]) -> rx.Component:
    id = f"member-{row.account_id}"
    return ui.menu(
        id,
        ui.menu_button(id, "ellipsis-vertical", t("team.actions", name=row.name), tip=""),
        ui.menu_item(
            t("team.change_role"), icon="shield", on_click=TeamState.ask_role(row.account_id)
        ),
        rx.cond(
            may("own") & (row.role != "owner"),
            ui.menu_item(
                t("team.transfer"), icon="crown", on_click=TeamState.ask_transfer(row.account_id)
            ),
        ),
        ui.menu_separator(),
        ui.menu_item(
            t("team.remove"),
            icon="user-minus",
            danger=True,
            on_click=TeamState.ask_remove(row.account_id),
        ),
        label=t("team.actions", name=row.name),
    )


def _invitations() -> rx.Component:
    return rx.cond(
        TeamState.invitations.length() > 0,
        ui.card(
            rx.el.div(
                ui.card_header(t("team.pending"), t("team.pending_text")),
                class_name="px-4 pt-4 sm:px-6 sm:pt-6",
            ),
            rx.el.ul(
                rx.foreach(TeamState.invitations, _invitation),
                aria_label=t("team.pending"),
                class_name="divide-y divide-border border-t border-border",
            ),
            padded=False,
        ),
    )


def _invitation(row: rx.Var[InvitationRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(row.email, class_name="truncate font-semibold"),
            rx.el.p(
                role_name(row.role),
                rx.cond(row.inviter != "", rx.fragment(" · ", t("team.by", name=row.inviter))),
                " · ",
                when.brief(row.sent_at, ZONE),
                class_name="truncate text-small text-muted",
            ),
            class_name="min-w-0 grow basis-52",
        ),
        rx.cond(
            row.expired,
            ui.badge(t("team.expired"), tone="warning", icon="clock"),
            rx.match(
                row.delivery,
                ("sent", ui.badge(t("team.mail_sent"), tone="positive", icon="mail-check")),
                ("failed", ui.badge(t("team.mail_failed"), tone="danger", icon="mail-x")),
                ui.badge(t("team.mail_waiting"), icon="clock"),
            ),
        ),
        rx.cond(
            row.manageable,
            rx.el.div(
                ui.button(
                    t("team.send_again"),
                    variant="ghost",
                    size="sm",
                    icon="rotate-cw",
                    on_click=TeamState.send_again(row.id),
                ),
                ui.icon_button(
                    "x",
                    t("team.revoke_named", email=row.email),
                    size="sm",
                    tip="",
                    on_click=TeamState.ask_revoke(row.id),
                ),
                class_name="flex shrink-0 items-center",
            ),
        ),
        key=row.id.to_string(),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 sm:px-6",
    )


def _matrix() -> rx.Component:
    """From the one table that decides: `access.PERMISSIONS`."""
    head = rx.el.tr(
        rx.el.th(
            t("team.may"),
            scope="col",
            class_name="pt-2.5 text-start font-semibold max-sm:col-span-4 sm:py-2.5 sm:pr-3",
        ),
        *[
            rx.el.th(
                t(f"team.role_{role}"),
                scope="col",
                class_name="py-2.5 text-center text-caption font-semibold sm:w-24 sm:text-small",
            )
            for role in ROLES
        ],
        class_name=ROW,
    )
    return ui.card(
        ui.card_header(t("team.roles"), t("team.roles_text")),
        rx.el.dl(
            *[
                rx.el.div(
                    rx.el.dt(t(f"team.role_{role}"), class_name="font-semibold"),
                    rx.el.dd(t(f"team.about_{role}"), class_name="text-small text-muted"),
                )
                for role in ROLES
            ],
            class_name="mb-5 grid gap-3 sm:grid-cols-2",
        ),
        rx.el.table(
            rx.el.caption(t("team.roles"), class_name="sr-only"),
            rx.el.thead(head, class_name="border-b border-border text-muted"),
            rx.el.tbody(
                *[_permission(name) for name in PERMISSIONS], class_name="divide-y divide-border"
            ),
            class_name="w-full table-fixed border-collapse text-small",
        ),
    )


def _permission(name: str) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            t(f"team.permission_{name.replace('.', '_')}"),
            scope="row",
            class_name="pt-2.5 text-start font-normal text-pretty max-sm:col-span-4 sm:py-2.5 sm:pr-3",
        ),
        *[_cell(role, role_may(role, name)) for role in ROLES],
        class_name=ROW,
    )


def _cell(role: str, yes: bool) -> rx.Component:
    icon = (
        rx.icon("check", size=17, class_name="text-positive-ink")
        if yes
        else rx.icon("minus", size=17, class_name="text-faint")
    )
    return rx.el.td(
        rx.el.span(icon, aria_hidden=True, class_name="grid place-items-center"),
        rx.el.span(
            t(f"team.role_{role}"),
            ": ",
            t("team.yes") if yes else t("team.no"),
            class_name="sr-only",
        ),
        class_name="py-2.5",
    )


def _invite_dialog() -> rx.Component:
    return ui.dialog(
        INVITE,
        t("team.invite_title"),
        rx.el.form(
            ui.input_field(
                "email",
                t("auth.email"),
                hint=t("team.invite_hint"),
                error=_error("email"),
                type="email",
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
            ),
            _role_choice(INVITED, default="agent"),
            rx.cond(
                (TeamState.error != "") & (TeamState.error_field != "email"),
                ui.banner(TeamState.error, tone="danger"),
            ),
            id="invite-fields",
            key=TeamState.chosen.version.to_string(),
            on_submit=TeamState.invite,
            no_validate=True,
            class_name="flex flex-col gap-5",
        ),
        actions=_actions("invite-fields", t("team.send_invitation")),
        sticky=True,
    )


def _role_dialog() -> rx.Component:
    return ui.dialog(
        ROLE,
        t("team.role_title", name=TeamState.chosen.name),
        rx.el.form(
            _role_choice(ROLES, chosen=TeamState.chosen.role),
            rx.cond(TeamState.error != "", ui.banner(TeamState.error, tone="danger")),
            id="role-fields",
            key=TeamState.chosen.version.to_string(),
            on_submit=TeamState.change_role,
            class_name="flex flex-col gap-4",
        ),
        actions=_actions("role-fields", t("team.save_role")),
    )


def _role_choice(roles: tuple[str, ...], *, default: str = "", chosen: Any = None) -> rx.Component:
    """Owners and admins are given by owners alone: the others do not see them."""

    def one(role: str) -> rx.Component:
        radio = ui.radio(
            "role",
            role,
            t(f"team.role_{role}"),
            hint=t(f"team.about_{role}"),
            default_checked=role == default if chosen is None else chosen == role,
        )
        return rx.cond(may("own"), radio) if role in ("owner", "admin") else radio

    return rx.el.fieldset(
        rx.el.legend(t("team.role"), class_name="mb-2 text-small font-semibold"),
        rx.el.div(*[one(role) for role in roles], class_name="flex flex-col gap-2"),
    )


def _actions(form: str, save: Any) -> rx.Component:
    return rx.fragment(
        ui.button(t("ui.cancel"), variant="secondary", data_close=True),
        ui.button(save, type="submit", form=form),
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(TeamState.error_field == field, TeamState.error, "")
