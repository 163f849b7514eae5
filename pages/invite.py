"""What an invited person sees: who asks them in, and how to accept."""

import reflex as rx

from chatrigo.domain.accounts.passwords import SHORTEST
from components import door, ui
from components.permits import role_name
from components.text import t
from state.invite import InviteState

TITLE = "Undangan · Chatrigo"
NAME = ("team.name_missing", "team.name_long")


def page() -> rx.Component:
    return door.frame(
        rx.match(
            InviteState.standing,
            ("", ui.loading()),
            ("none", _closed("mail-open", t("team.no_token_title"), t("team.no_token_text"))),
            ("gone", _closed("mail-x", t("team.gone_title"), t("team.gone_text"))),
            ("other", _other()),
            ("mine", _mine()),
            ("sign_in", _sign_in()),
            rx.cond(
                InviteState.sent_to,
                door.code_step(InviteState, t("team.join_confirm"), back=InviteState.go_back),
                _sign_up(),
            ),
        )
    )


def _heading() -> rx.Component:
    row = InviteState.row
    role = role_name(row.role)
    return rx.fragment(
        door.heading(
            t("team.invite_page_title", business=row.business_name),
            rx.cond(
                row.inviter != "",
                t("team.invite_page_text", inviter=row.inviter, role=role),
                t("team.invite_page_text_nobody", role=role),
            ),
        ),
        rx.el.p(
            rx.icon("mail", size=17, class_name="shrink-0"),
            rx.el.span(t("team.invite_for", email=row.email), class_name="min-w-0 break-words"),
            class_name="flex items-center gap-2.5 rounded-control bg-sunken px-4 py-3 text-small",
        ),
    )


def _mine() -> rx.Component:
    return rx.el.div(
        _heading(),
        _problem(),
        ui.button(
            t("team.accept"),
            size="lg",
            full=True,
            icon="check",
            loading=InviteState.busy,
            on_click=InviteState.accept,
        ),
        class_name="flex flex-col gap-6",
    )


def _sign_in() -> rx.Component:
    return rx.el.div(
        _heading(),
        rx.el.p(t("team.sign_in_first", email=InviteState.row.email), class_name="text-muted"),
        ui.link_button(t("team.sign_in_to_accept"), "/sign-in?next=/invite", size="lg", full=True),
        class_name="flex flex-col gap-6",
    )


def _sign_up() -> rx.Component:
    return rx.el.div(
        _heading(),
        rx.el.form(
            ui.input_field(
                "name",
                t("team.your_name"),
                hint=t("team.your_name_hint"),
                error=door.problem(InviteState, *NAME),
                auto_complete="name",
                max_length=120,
                default_value=InviteState.name,
            ),
            # For password managers, which else would not know whose password this is.
            rx.el.input(
                type="hidden",
                name="email",
                auto_complete="username",
                value=InviteState.row.email,
            ),
            ui.password_field(
                "password",
                t("team.your_password"),
                hint=t("auth.password_hint", least=SHORTEST),
                error=door.problem(InviteState, *door.PASSWORD),
                auto_complete="new-password",
            ),
            _problem(),
            ui.button(
                t("team.join_start"),
                type="submit",
                size="lg",
                full=True,
                loading=InviteState.busy,
                icon_after="arrow-right",
            ),
            on_submit=InviteState.start,
            no_validate=True,
            class_name="flex flex-col gap-5",
        ),
        class_name="flex flex-col gap-6",
    )


def _other() -> rx.Component:
    return rx.el.div(
        door.heading(
            t("team.other_title"),
            t("team.other_text", email=InviteState.row.email, mine=InviteState.mine),
        ),
        rx.el.div(
            ui.button(t("team.other_sign_out"), icon="log-out", on_click=InviteState.sign_out),
            ui.link_button(t("team.other_stay"), "/inbox", variant="secondary"),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="flex flex-col gap-6",
    )


def _closed(icon: str, title: rx.Var[str], text: rx.Var[str]) -> rx.Component:
    return ui.empty_state(
        icon, title, text, ui.link_button(t("shell.home"), "/", variant="secondary")
    )


def _problem() -> rx.Component:
    words = door.problem(InviteState, *door.FORM, *door.CODE, "team.invitation_gone")
    return rx.cond(words != "", ui.banner(words, tone="danger"))
