"""What the pages of signing in and signing up have in common."""

import re
from typing import Any

import reflex as rx

from chatrigo.config import settings
from chatrigo.domain.accounts.challenges import LASTS, RESEND_AFTER
from chatrigo.i18n import catalogue
from components import showcase, ui
from components.shell import language_switch, theme_button
from components.text import t

BUSINESS = ("auth.business_invalid", "auth.business_too_long")
EMAIL = ("auth.email_invalid",)
PASSWORD = (
    "auth.password_too_short",
    "auth.password_too_long",
    "auth.password_common",
    "auth.password_unreadable",
)
CODE = ("auth.code_wrong", "auth.code_used_up", "auth.code_expired", "auth.resend_too_soon")
# What no single field is to blame for.
FORM = (
    "auth.wrong_credentials",
    "auth.cookies_needed",
    "auth.mail_not_set_up",
    "auth.code_gone",
    "auth.already_registered",
    "auth.ticket_gone",
    "auth.no_business",
    "auth.passkey_unsupported",
    "auth.passkey_failed",
    "security.passkey_gone",
    "security.passkey_unknown",
    "security.passkey_wrong",
    "errors.too_many",
    "errors.too_many_tries",
    "errors.too_many_codes",
    "errors.email_unavailable",
)
_PLACEHOLDER = re.compile(r"{(\w+)}")


def frame(*children: rx.Component) -> rx.Component:
    """The whole screen: the form, and beside it, where there is room, the product at work."""
    return rx.el.div(
        rx.el.div(
            _top(),
            rx.el.main(
                *children,
                class_name="mx-auto flex w-full max-w-md grow flex-col gap-6 py-8 sm:justify-center",
            ),
            class_name="flex min-h-dvh flex-col px-5 pt-4 pb-safe sm:px-8",
        ),
        _aside(),
        class_name="grid min-h-dvh overflow-x-clip bg-canvas text-ink lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]",
    )


def heading(title: rx.Var[str], text: rx.Var[str]) -> rx.Component:
    return rx.el.header(
        rx.el.h1(title, class_name="text-display font-extrabold tracking-tight text-balance"),
        rx.el.p(text, class_name="mt-2 text-pretty break-words text-muted"),
    )


def details(
    state: Any,
    *fields: rx.Component,
    submit: rx.Var[str],
    on_submit: Any = None,
    shown: tuple[str, ...] = (),
) -> rx.Component:
    """
    A step of fields. What is wrong with a field stands below it, the rest above the button.

    `shown` are the keys that one of the fields shows, which else would stand above the button.
    """
    return rx.el.form(
        *fields,
        problem_banner(state, *shown),
        ui.button(
            submit,
            type="submit",
            size="lg",
            full=True,
            loading=state.busy,
            icon_after="arrow-right",
        ),
        on_submit=on_submit or state.start,
        no_validate=True,
        class_name="flex flex-col gap-5",
    )


def email_field(state: Any, **props: Any) -> rx.Component:
    return ui.input_field(
        "email",
        t("auth.email"),
        error=problem(state, *EMAIL),
        type="email",
        auto_capitalize="none",
        spell_check=False,
        **{"auto_complete": "username", "default_value": state.email, **props},
    )


def code_step(
    state: Any,
    submit: rx.Var[str],
    *more: rx.Component,
    text: str = "auth.code_text",
    back: Any = None,
) -> rx.Component:
    """
    The second step: six boxes, a new code after a minute, another address (`back`).

    `text` is the catalogue key of where the code went; `more` stands
    above the boxes, since the sixth digit submits them.
    """
    minutes = LASTS.seconds // 60
    return rx.el.div(
        heading(t("auth.code_title"), t(text, email=state.sent_to, minutes=minutes)),
        rx.el.form(
            *more,
            ui.otp_boxes("code", error=problem(state, *CODE, *FORM), auto_focus=True),
            ui.button(submit, type="submit", size="lg", full=True, loading=state.busy),
            on_submit=state.confirm,
            no_validate=True,
            class_name="flex flex-col gap-6",
        ),
        rx.el.div(
            ui.button(
                t("auth.change_email"),
                variant="ghost",
                icon="arrow-left",
                on_click=back or state.go_back,
            ),
            _resend(state),
            class_name="-mx-3 flex flex-wrap items-center justify-between gap-y-1",
        ),
        demo_mail() if settings.demo else rx.fragment(),
        class_name="flex flex-col gap-6",
    )


def other_way(question: rx.Var[str], answer: rx.Var[str], href: str) -> rx.Component:
    return rx.el.p(
        question, " ", ui.link(answer, href), class_name="text-center text-small text-muted"
    )


def problem(state: Any, *keys: str) -> rx.Var[str]:
    """What is wrong in words, if it is one of these; else nothing."""
    texts = [(key, t(key, **dict.fromkeys(_placeholders(key), state.number))) for key in keys]
    return rx.match(state.problem, *texts, "")


def problem_banner(state: Any, *shown: str) -> rx.Component:
    """What no field shows already (`shown`)."""
    words = problem(state, *(key for key in (*FORM, *CODE) if key not in shown))
    return rx.cond(words != "", ui.banner(words, tone="danger"))


def demo_mail() -> rx.Component:
    return ui.banner(
        rx.el.div(
            rx.el.p(t("auth.demo_mail")),
            rx.el.a(
                t("auth.demo_mailbox"),
                rx.icon("external-link", size=15),
                href="/mailbox",
                target="_blank",
                class_name="mt-1 inline-flex min-h-9 items-center gap-1.5 font-bold underline "
                "underline-offset-4",
            ),
        ),
        icon="mailbox",
    )


def _resend(state: Any) -> rx.Component:
    """Keyed by the code, so that the clock starts anew with each (assets/ui.js)."""
    return rx.el.button(
        rx.icon("rotate-cw", size=16),
        t("auth.resend"),
        rx.el.span(data_left=True, class_name="tabular-nums empty:hidden"),
        key=state.codes.to_string(),
        type="button",
        data_wait=str(RESEND_AFTER.seconds),
        aria_disabled="true",
        on_click=state.resend,
        class_name="inline-flex min-h-11 items-center gap-2 rounded-control px-3 font-semibold "
        "text-accent-ink hover:bg-hover aria-disabled:cursor-default aria-disabled:text-muted "
        "aria-disabled:hover:bg-transparent",
    )


def _top() -> rx.Component:
    return rx.el.header(
        rx.el.a(ui.logo(), href="/", class_name="mr-auto rounded-control"),
        language_switch(),
        theme_button(),
        class_name="flex items-center gap-1.5",
    )


def _aside() -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            showcase.exchange(), role="img", aria_label=t("landing.show_label"), class_name="w-full"
        ),
        rx.el.div(
            rx.el.p(t("auth.aside"), class_name="text-heading font-extrabold tracking-tight"),
            rx.el.p(t("auth.aside_text"), class_name="mt-1.5 text-pretty opacity-85"),
        ),
        class_name="kawung m-4 hidden flex-col justify-center gap-8 rounded-[2rem] bg-panel p-10 "
        "text-panel-contrast lg:flex xl:p-16",
    )


def _placeholders(key: str) -> set[str]:
    return set(_PLACEHOLDER.findall(catalogue("id")[key]))
