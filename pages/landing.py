"""The front door: what Chatrigo is, shown with its own parts."""

import reflex as rx

from components import showcase, ui
from components.shell import language_switch, skip_link, theme_button
from components.text import t
from components.ui.words import Words

TITLE = "Chatrigo: chat toko ada yang jawab, kapan pun"
DESCRIPTION = (
    "Meja depan untuk usaha kecil: menjawab chat pelanggan dari yang kamu ajarkan, memanggil kamu "
    "kalau tidak tahu, dan menyatukan semuanya di satu kotak masuk."
)

_WIDE = "mx-auto w-full max-w-6xl px-5 sm:px-8"


def page(*, demo: bool) -> rx.Component:
    """The whole page; `demo` adds the way to the demo shop."""
    return rx.el.div(
        skip_link(),
        _top(),
        rx.el.main(
            _hero(demo),
            _does(),
            _how(),
            _honest(),
            _close(),
            id="isi",
            tab_index=-1,
            class_name="flex flex-col gap-20 outline-none sm:gap-28",
        ),
        _footer(),
        class_name="min-h-dvh overflow-x-clip bg-canvas text-ink",
    )


def _top() -> rx.Component:
    return rx.el.header(
        rx.el.a(ui.logo(), href="/", class_name="mr-auto rounded-control"),
        rx.el.div(
            language_switch(), theme_button(), class_name="hidden items-center gap-2 md:flex"
        ),
        ui.link_button(t("landing.sign_in"), "/sign-in", variant="ghost"),
        ui.link_button(t("landing.sign_up"), "/sign-up"),
        class_name=f"{_WIDE} flex items-center gap-1.5 py-4",
    )


def _hero(demo: bool) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.p(t("landing.eyebrow"), class_name="text-small font-bold text-accent-ink"),
            rx.el.h1(
                t("landing.headline"),
                class_name="mt-3 text-hero font-extrabold tracking-tight text-balance [word-spacing:0.06em]",
            ),
            rx.el.p(t("landing.lead"), class_name="mt-5 max-w-xl text-lead text-pretty text-muted"),
            _calls(demo, class_name="mt-7"),
            rx.el.p(t("landing.lead_note"), class_name="mt-5 text-small text-muted"),
            class_name="lg:py-10",
        ),
        _stage(),
        class_name=f"{_WIDE} grid gap-10 pt-6 sm:pt-10 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] "
        "lg:items-center lg:gap-8",
    )


def _stage() -> rx.Component:
    return rx.el.div(
        rx.el.div(showcase.exchange(), class_name="w-full max-w-80 sm:w-1/2 sm:max-w-none"),
        rx.el.div(
            showcase.inbox(),
            class_name="w-full max-w-80 self-end sm:mt-16 sm:-mb-10 sm:w-1/2 sm:max-w-none",
        ),
        role="img",
        aria_label=t("landing.show_label"),
        class_name="kawung flex flex-col gap-5 rounded-[2rem] bg-panel p-5 text-panel-contrast "
        "sm:flex-row sm:p-8 lg:p-7",
    )


def _calls(demo: bool, class_name: str = "") -> rx.Component:
    return rx.el.div(
        ui.link_button(t("landing.sign_up_long"), "/sign-up", size="lg", icon_after="arrow-right"),
        ui.link_button(t("landing.try_demo"), "/c/kopi-senandika", size="lg", variant="secondary")
        if demo
        else rx.fragment(),
        class_name=f"flex flex-wrap gap-3 max-sm:*:grow {class_name}",
    )


def _does() -> rx.Component:
    return rx.el.section(
        _heading(t("landing.does_title"), t("landing.does_text")),
        rx.el.div(
            _ability("taught", showcase.taught()),
            _ability("handover", showcase.handover()),
            _ability("slang", showcase.slang()),
            _ability("inbox", showcase.teamwork()),
            class_name="mt-10 grid gap-5 md:grid-cols-2",
        ),
        class_name=f"{_WIDE} sm:pt-6",
    )


def _ability(name: str, scene: rx.Component) -> rx.Component:
    return rx.el.article(
        scene,
        rx.el.div(
            rx.el.h3(t(f"landing.{name}_title"), class_name="text-title font-bold"),
            rx.el.p(t(f"landing.{name}_text"), class_name="mt-1.5 text-pretty text-muted"),
            class_name="px-3 pt-5 pb-4",
        ),
        class_name="rounded-[1.5rem] border border-border bg-surface p-2.5",
    )


def _how() -> rx.Component:
    return rx.el.section(
        _heading(t("landing.how_title")),
        rx.el.ol(
            *[_step(number) for number in (1, 2, 3)],
            class_name="mt-10 grid gap-8 md:grid-cols-3 md:gap-6",
        ),
        class_name=_WIDE,
    )


def _step(number: int) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            str(number),
            aria_hidden=True,
            class_name="grid size-11 shrink-0 place-items-center rounded-full bg-sun text-lead "
            "font-extrabold text-sun-contrast",
        ),
        rx.el.div(
            rx.el.h3(t(f"landing.how_{number}_title"), class_name="text-title font-bold"),
            rx.el.p(t(f"landing.how_{number}_text"), class_name="mt-1 text-pretty text-muted"),
        ),
        class_name="flex gap-4 md:flex-col",
    )


def _honest() -> rx.Component:
    return rx.el.section(
        _heading(t("landing.honest_title"), t("landing.honest_text")),
        rx.el.div(
            _way("sparkles", "bg-ai-soft text-ai-ink", "with_model"),
            _way("list-checks", "bg-accent-soft text-accent-ink", "without_model"),
            class_name="mt-10 grid gap-5 md:grid-cols-2",
        ),
        rx.el.div(
            _ledger(
                t("landing.today"),
                "check",
                "text-positive",
                ("today_chat", "today_knowledge", "today_inbox", "today_handover"),
            ),
            _ledger(t("landing.soon"), "clock", "text-muted", ("soon_whatsapp", "soon_qris")),
            class_name="mt-8 grid gap-8 border-t border-border pt-8 md:grid-cols-[2fr_1fr]",
        ),
        class_name=_WIDE,
    )


def _way(icon: str, tone: str, name: str) -> rx.Component:
    return rx.el.article(
        rx.el.span(
            rx.icon(icon, size=22),
            class_name=f"grid size-12 shrink-0 place-items-center rounded-control {tone}",
        ),
        rx.el.div(
            rx.el.h3(t(f"landing.{name}"), class_name="text-title font-bold"),
            rx.el.p(t(f"landing.{name}_text"), class_name="mt-1.5 text-pretty text-muted"),
        ),
        class_name="flex flex-col gap-4 rounded-[1.5rem] border border-border bg-surface p-6 sm:flex-row",
    )


def _ledger(title: Words, icon: str, tone: str, names: tuple[str, ...]) -> rx.Component:
    columns = "sm:grid-cols-2" if len(names) > 2 else ""
    return rx.el.div(
        rx.el.h3(title, class_name="text-small font-bold text-muted"),
        rx.el.ul(
            *[
                rx.el.li(
                    rx.icon(icon, size=18, class_name=f"mt-0.5 shrink-0 {tone}"),
                    t(f"landing.{name}"),
                    class_name="flex gap-2.5 font-medium",
                )
                for name in names
            ],
            class_name=f"mt-3 grid gap-x-6 gap-y-2.5 {columns}",
        ),
    )


def _close() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(
                t("landing.close_title"),
                class_name="max-w-2xl text-display font-extrabold tracking-tight text-balance",
            ),
            rx.el.p(t("landing.close_text"), class_name="mt-3 max-w-xl text-lead"),
            rx.el.div(
                ui.link_button(
                    t("landing.sign_up_long"),
                    "/sign-up",
                    size="lg",
                    variant="inverse",
                    icon_after="arrow-right",
                ),
                class_name="mt-7 flex max-sm:*:grow",
            ),
            class_name="kawung rounded-[2rem] bg-panel px-6 py-12 text-panel-contrast sm:px-12 sm:py-16",
        ),
        class_name=_WIDE,
    )


def _footer() -> rx.Component:
    return rx.el.footer(
        ui.logo(),
        rx.el.p(t("landing.footer"), class_name="mr-auto text-small text-muted"),
        rx.el.div(language_switch(), theme_button(), class_name="flex items-center gap-2"),
        class_name=f"{_WIDE} flex flex-wrap items-center gap-x-5 gap-y-4 py-12",
    )


def _heading(title: Words, text: Words | None = None) -> rx.Component:
    return rx.el.div(
        rx.el.h2(title, class_name="text-display font-extrabold tracking-tight text-balance"),
        rx.el.p(text, class_name="mt-2 text-lead text-pretty text-muted")
        if text is not None
        else rx.fragment(),
        class_name="max-w-2xl",
    )
