"""The frame of every signed-in screen, and what is around all screens."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.style import color_mode, set_color_mode, toggle_color_mode
from reflex_components_core.base.error_boundary import ErrorBoundary
from reflex_components_core.core.banner import connection_errors_count, has_connection_errors
from reflex_components_core.el.elements.base import BaseHTML

from components import ui
from components.text import t
from components.ui.words import Words
from state.locale import LocaleState
from state.session import SessionState


@dataclass(frozen=True, slots=True)
class Place:
    """
    One destination of the main menu; its text is `shell.<name>`. Roles without the permission
    `needs` do not see it.
    """

    name: str
    icon: str
    href: str
    needs: str = "inbox.read"


PLACES = (
    Place("inbox", "inbox", "/inbox"),
    Place("knowledge", "book-open", "/knowledge", "teach"),
    Place("catalogue", "shopping-bag", "/catalogue", "teach"),
    Place("assistant", "sparkles", "/assistant", "configure"),
    Place("settings", "settings", "/settings"),
)


def shell(
    page: rx.Component,
    *,
    active: str,
    waiting: Any = 0,
    account: rx.Component | None = None,
    menu_on_phone: bool | rx.Var = True,
    above: rx.Component | None = None,
) -> rx.Component:
    """
    A signed-in screen: `page` between the main menu (a rail from 1024 px, below it a bar at the
    bottom). The frame is as high as the window and `page` scrolls inside it, so a split view can
    say `h-full`.

    `active` is the name of a Place, `waiting` how many conversations need a person, `account` an
    `account_menu(...)`. `menu_on_phone=False` hides the bottom bar (inside a conversation).
    `above` stands over everything, from edge to edge.

    `shell(inbox(), active="inbox", waiting=InboxState.waiting, account=account_menu(...))`
    """
    return rx.el.div(
        skip_link(),
        above if above is not None else rx.fragment(),
        rx.el.div(
            _rail(active, waiting, account),
            rx.el.main(
                page,
                id="isi",
                tab_index=-1,
                class_name="min-h-0 min-w-0 grow overflow-x-hidden overflow-y-auto outline-none",
            ),
            ui.when(menu_on_phone, _bar(active, waiting)),
            class_name="flex min-h-0 grow flex-col lg:flex-row",
        ),
        data_signed_in="true",
        class_name="flex h-dvh flex-col overflow-hidden bg-canvas text-ink",
    )


class _Jump(BaseHTML):
    """An anchor that the router does not take for a page of its own (see assets/ui.js)."""

    tag = "a"

    href: rx.Var[str]


def skip_link() -> rx.Component:
    """The first thing the Tab key finds: past the menu, to the element with the id "isi"."""
    return _Jump.create(
        t("shell.skip"),
        href="#isi",
        class_name="skip-link rounded-control bg-accent px-4 py-2 font-semibold text-accent-contrast",
    )


def account_menu(
    name: Words,
    email: Words,
    *,
    on_sign_out: Any,
    business: Words = "",
    elsewhere: rx.Component | None = None,
    id_: str = "account",
) -> rx.Component:
    """
    The person's face; opens language, appearance and sign-out, and `elsewhere`, the ways to
    other businesses of theirs. In the rail it is placed by `shell`; on a phone put one with
    another `id_` into a page header.
    """
    opener = rx.el.button(
        ui.avatar(name, size="sm"),
        type="button",
        aria_label=t("shell.account_menu"),
        class_name="grid size-11 shrink-0 place-items-center rounded-full hover:bg-hover",
        **ui.popover_target(id_),
    )
    return ui.menu(
        id_,
        opener,
        rx.el.div(
            rx.el.p(name, class_name="truncate font-bold"),
            rx.el.p(business, class_name="truncate text-small text-muted")
            if ui.given(business) is not False
            else rx.fragment(),
            rx.el.p(email, class_name="truncate text-small text-muted"),
            class_name="px-3 py-2",
        ),
        elsewhere if elsewhere is not None else rx.fragment(),
        ui.menu_separator(),
        rx.el.div(preferences(), class_name="px-3 py-2"),
        ui.menu_separator(),
        ui.menu_item(t("shell.sign_out"), icon="log-out", on_click=on_sign_out),
        label=t("shell.account_menu"),
        class_name="w-72",
    )


def preferences() -> rx.Component:
    """Language and appearance, for the account menu and the settings."""
    return rx.el.div(
        rx.el.p(t("shell.language"), class_name="text-caption font-semibold text-muted"),
        language_switch(),
        rx.el.p(t("shell.theme"), class_name="mt-2 text-caption font-semibold text-muted"),
        theme_switch(),
        class_name="flex flex-col gap-1.5",
    )


def language_switch() -> rx.Component:
    """Indonesian or English."""
    return ui.segmented(
        [("id", t("shell.language_id")), ("en", t("shell.language_en"))],
        LocaleState.locale,
        LocaleState.choose,
        label=t("shell.language"),
    )


def theme_switch() -> rx.Component:
    """Light, dark, or as the device is set."""
    return ui.segmented(
        [
            ("light", t("shell.theme_light")),
            ("dark", t("shell.theme_dark")),
            ("system", t("shell.theme_system")),
        ],
        color_mode,
        set_color_mode,
        label=t("shell.theme"),
    )


def theme_button() -> rx.Component:
    """One button between light and dark, for pages without a menu."""
    return ui.icon_button(
        "sun-moon", t("shell.theme_next"), on_click=toggle_color_mode, tip="bottom"
    )


def around() -> rx.Component:
    """What every page of the app has besides its own content."""
    return rx.fragment(connection_banner())


def boundary() -> rx.Component:
    """Shows a way on when a page breaks while it is drawn."""
    sorry = rx.el.main(
        ui.error_state(
            rx.call_script("location.reload()"),
            title=t("shell.broken_title"),
            text=t("shell.broken_text"),
        ),
        class_name="grid min-h-dvh place-items-center bg-canvas text-ink",
    )
    return ErrorBoundary.create(fallback_render=rx.Var.create(sorry))


def not_found() -> rx.Component:
    """The page for addresses that lead nowhere."""
    return rx.el.main(
        ui.empty_state(
            "compass",
            t("shell.not_found_title"),
            t("shell.not_found_text"),
            ui.link_button(t("shell.home"), "/"),
        ),
        class_name="grid min-h-dvh place-items-center bg-canvas text-ink",
    )


@rx.memo
def connection_banner() -> rx.Component:
    """Says that the connection is lost and being made again; around every page of the app."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            rx.el.div(
                ui.spinner(16),
                rx.cond(
                    connection_errors_count.to(int) > 3,
                    t("shell.reconnecting_long"),
                    t("shell.reconnecting"),
                ),
                role="status",
                class_name="flex items-center gap-2.5 rounded-card bg-sun px-4 py-2 text-small "
                "font-semibold text-sun-contrast shadow-raised",
            ),
            class_name="pointer-events-none fixed inset-x-3 top-[max(0.75rem,env(safe-area-inset-top))] "
            "z-banner flex justify-center",
        ),
    )


def _rail(active: str, waiting: Any, account: rx.Component | None) -> rx.Component:
    return rx.el.header(
        rx.el.a(ui.logo(words=False), href="/inbox", class_name="rounded-control p-1"),
        rx.el.nav(
            *[_place(place, active, waiting, in_rail=True) for place in PLACES],
            aria_label=t("shell.navigation"),
            class_name="flex grow flex-col gap-1 py-5",
        ),
        account if account is not None else rx.fragment(),
        class_name="hidden w-rail shrink-0 flex-col items-center border-r border-border bg-surface "
        "px-1.5 py-4 lg:flex",
    )


def _bar(active: str, waiting: Any) -> rx.Component:
    return rx.el.nav(
        *[_place(place, active, waiting, in_rail=False) for place in PLACES],
        aria_label=t("shell.navigation"),
        class_name="pb-safe z-nav grid shrink-0 auto-cols-fr grid-flow-col border-t border-border bg-surface lg:hidden",
    )


def _place(place: Place, active: str, waiting: Any, *, in_rail: bool) -> rx.Component:
    return rx.cond(
        ~SessionState.loaded | SessionState.permissions.contains(place.needs).bool(),
        _link(place, active, waiting, in_rail=in_rail),
    )


def _link(place: Place, active: str, waiting: Any, *, in_rail: bool) -> rx.Component:
    here = place.name == active
    size = "w-full rounded-control py-2" if in_rail else "h-nav"
    tone = "text-accent-ink" if here else "text-muted hover:text-ink"
    return rx.el.a(
        rx.el.span(
            rx.icon(place.icon, size=22),
            _waiting(waiting) if place.name == "inbox" else rx.fragment(),
            class_name="relative grid h-8 w-14 place-items-center rounded-full "
            + ("bg-accent-soft" if here else ""),
        ),
        rx.el.span(t(f"shell.{place.name}"), class_name="max-w-full truncate"),
        href=place.href,
        class_name=f"flex min-w-0 flex-col items-center justify-center gap-0.5 text-nav font-semibold {size} {tone}",
        **({"aria_current": "page"} if here else {}),
    )


def _waiting(waiting: Any) -> rx.Component:
    number = waiting if isinstance(waiting, rx.Var) else rx.Var.create(waiting)
    number = number.to(int)
    return rx.cond(
        number > 0,
        rx.el.span(
            rx.el.span(rx.cond(number > 99, "99+", number.to_string()), aria_hidden=True),
            rx.el.span(t("shell.waiting", count=number), class_name="sr-only"),
            class_name="absolute -top-1.5 left-8 grid h-5 min-w-5 place-items-center rounded-full "
            "border-2 border-surface bg-sun px-1 text-[0.6875rem] leading-none font-bold text-sun-contrast",
        ),
    )
