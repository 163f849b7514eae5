"""The dialog that asks a person to prove again who they are, before what they asked for is done."""

import reflex as rx

from chatrigo.config import settings
from chatrigo.domain.accounts.challenges import RESEND_AFTER
from components import ui
from components.text import t
from state.step_up import DIALOG, StepUpState

ICONS = {"passkey": "key-round", "app": "smartphone", "recovery": "life-buoy", "code": "mail"}


def step_up_dialog() -> rx.Component:
    return ui.dialog(
        DIALOG,
        t("security.step_up_title"),
        rx.el.p(t("security.step_up_text"), class_name="text-pretty text-muted"),
        rx.match(
            StepUpState.way,
            ("passkey", _passkey()),
            ("app", _app()),
            ("recovery", _recovery()),
            _code(),
        ),
        _other_ways(),
        on_close=StepUpState.give_up,
        sticky=True,
    )


def _passkey() -> rx.Component:
    return rx.el.div(
        ui.button(
            t("security.use_passkey"),
            icon="key-round",
            size="lg",
            full=True,
            auto_focus=True,
            on_click=StepUpState.ask_passkey,
        ),
        _problem(),
        class_name="flex flex-col gap-3",
    )


def _app() -> rx.Component:
    return rx.el.form(
        rx.el.p(t("security.app_code_text"), class_name="text-center text-small text-muted"),
        ui.otp_boxes("app_code", error=StepUpState.error, auto_focus=True),
        ui.button(t("security.confirm"), type="submit", full=True),
        on_submit=StepUpState.show_app_code,
        no_validate=True,
        class_name="flex flex-col gap-4",
    )


def _recovery() -> rx.Component:
    return rx.el.form(
        ui.input_field(
            "recovery_code",
            t("security.recovery_code"),
            hint=t("security.recovery_code_hint"),
            error=StepUpState.error,
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
            auto_focus=True,
            placeholder="abcde-fghjk",
        ),
        ui.button(t("security.confirm"), type="submit", full=True),
        on_submit=StepUpState.show_recovery_code,
        no_validate=True,
        class_name="flex flex-col gap-4",
    )


def _code() -> rx.Component:
    return rx.cond(StepUpState.sent_to, _mailed(), _to_mail())


def _to_mail() -> rx.Component:
    return rx.el.form(
        rx.el.p(
            t("security.send_code", email=StepUpState.email),
            class_name="text-small break-words text-muted",
        ),
        rx.cond(
            StepUpState.password_too,
            ui.password_field(
                "own_password",
                t("security.own_password"),
                hint=t("security.own_password_hint"),
                error=StepUpState.error,
                auto_complete="current-password",
                auto_focus=True,
            ),
            _problem(),
        ),
        ui.button(t("security.send_code_there"), type="submit", icon="mail", full=True),
        on_submit=StepUpState.send_code,
        no_validate=True,
        class_name="flex flex-col gap-4",
    )


def _mailed() -> rx.Component:
    return rx.el.form(
        rx.el.p(
            t("security.code_sent", email=StepUpState.sent_to),
            class_name="text-center text-small break-words text-muted",
        ),
        ui.otp_boxes("mailed_code", error=StepUpState.error, auto_focus=True),
        ui.button(t("security.confirm"), type="submit", full=True),
        rx.el.button(
            rx.icon("rotate-cw", size=16),
            t("auth.resend"),
            rx.el.span(data_left=True, class_name="tabular-nums empty:hidden"),
            key=StepUpState.codes.to_string(),
            type="button",
            data_wait=str(RESEND_AFTER.seconds),
            aria_disabled="true",
            on_click=StepUpState.resend,
            class_name="inline-flex min-h-11 items-center justify-center gap-2 rounded-control px-3 "
            "font-semibold text-accent-ink hover:bg-hover aria-disabled:cursor-default "
            "aria-disabled:text-muted aria-disabled:hover:bg-transparent",
        ),
        _demo_mailbox(),
        on_submit=StepUpState.show_code,
        no_validate=True,
        class_name="flex flex-col gap-4",
    )


def _demo_mailbox() -> rx.Component:
    if not settings.demo:
        return rx.fragment()
    return rx.el.p(
        ui.link(t("auth.demo_mailbox"), "/mailbox", target="_blank"),
        class_name="text-center text-small",
    )


def _other_ways() -> rx.Component:
    """What else they have; the recovery codes stand in for the app."""
    return rx.cond(
        (StepUpState.ways.length() > 1),
        rx.el.div(
            ui.divider(t("security.other_way")),
            _way("passkey", StepUpState.ways.contains("passkey")),
            _way("app", StepUpState.ways.contains("app")),
            _way("recovery", StepUpState.ways.contains("app")),
            _way("code", StepUpState.ways.contains("code")),
            class_name="flex flex-col gap-1.5",
        ),
    )


def _way(name: str, has: rx.Var) -> rx.Component:
    return rx.cond(
        has & (StepUpState.way != name),
        ui.button(
            t(f"security.by_{name}"),
            variant="ghost",
            icon=ICONS[name],
            class_name="justify-start",
            on_click=StepUpState.choose(name),
        ),
    )


def _problem() -> rx.Component:
    return rx.cond(
        StepUpState.error != "",
        rx.el.p(
            StepUpState.error, role="alert", class_name="text-small font-medium text-danger-ink"
        ),
    )
