"""The demo mailbox: every mail that would have been sent, as it comes."""

import reflex as rx

from chatrigo.domain.accounts.mailbox import MailRow
from components import ui
from components.shell import language_switch, theme_button
from components.text import t
from state.mailbox import MailboxState

TITLE = "Kotak surat demo · Chatrigo"


def page() -> rx.Component:
    return rx.el.div(
        rx.el.header(
            rx.el.a(ui.logo(), href="/", class_name="mr-auto rounded-control"),
            language_switch(),
            theme_button(),
            class_name="mx-auto flex w-full max-w-2xl items-center gap-1.5 px-4 pt-4 sm:px-6 lg:px-8",
        ),
        rx.el.main(
            ui.page_body(
                ui.page_header(
                    t("mailbox.title"),
                    t("mailbox.text"),
                    actions=ui.icon_button(
                        "refresh-cw",
                        t("mailbox.refresh"),
                        variant="secondary",
                        on_click=MailboxState.refresh,
                    ),
                ),
                rx.cond(MailboxState.loaded, _mails(), ui.skeleton_list(3)),
                narrow=True,
            )
        ),
        class_name="min-h-dvh bg-canvas pb-safe text-ink",
    )


def _mails() -> rx.Component:
    return rx.cond(
        MailboxState.mails,
        rx.el.ul(
            rx.foreach(MailboxState.mails, _mail),
            aria_label=t("mailbox.list"),
            aria_live="polite",
            class_name="flex flex-col gap-4",
        ),
        ui.empty_state(
            "mailbox",
            t("mailbox.empty_title"),
            t("mailbox.empty_text"),
            ui.link_button(t("mailbox.to_sign_in"), "/sign-in", variant="secondary"),
        ),
    )


def _mail(mail: rx.Var[MailRow]) -> rx.Component:
    return rx.el.li(
        ui.card(
            rx.el.div(
                rx.el.h2(mail.subject, class_name="font-bold break-words"),
                ui.time(mail.clock, iso=mail.sent_at.to_string()),
                class_name="flex items-baseline justify-between gap-4",
            ),
            rx.el.p(
                t("mailbox.to", email=mail.recipient),
                class_name="mt-0.5 text-small break-all text-muted",
            ),
            rx.cond(mail.code != "", _code(mail)),
            rx.el.details(
                rx.el.summary(
                    t("mailbox.read"),
                    class_name="cursor-pointer rounded-control py-2 text-small font-semibold "
                    "text-accent-ink",
                ),
                rx.el.p(
                    mail.body,
                    class_name="rounded-control bg-sunken p-4 text-small whitespace-pre-wrap",
                ),
                class_name="mt-2",
            ),
        ),
        key=mail.id.to_string(),
    )


def _code(mail: rx.Var[MailRow]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            mail.code, class_name="font-mono text-heading font-bold tracking-[0.2em] tabular-nums"
        ),
        ui.copy_button(mail.code, label=t("mailbox.copy")),
        class_name="mt-4 flex items-center justify-between gap-4 rounded-control bg-accent-soft "
        "py-2 pr-2 pl-4 text-accent-ink",
    )
