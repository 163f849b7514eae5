"""Menus on the browser's popover: they close themselves, arrows move inside (assets/ui.js)."""

from typing import Any

import reflex as rx

from components.ui.button import icon_button
from components.ui.words import Content, Words, classes

_ITEM = (
    "flex min-h-10 w-full items-center gap-3 rounded-small px-3 py-2 text-start text-body "
    "font-medium hover:bg-hover focus-visible:bg-hover focus-visible:outline-offset-[-2px]"
)


def menu(
    id_: str,
    opener: rx.Component,
    *items: rx.Component,
    label: Words,
    class_name: Any = "",
) -> rx.Component:
    """
    `opener` (made by `menu_button` or given `popover_target(id_)`) shows `items`. In a `foreach` the
    id must carry the row's id.

    `ui.menu("more", ui.menu_button("more", "ellipsis", t("x.more")), ui.menu_item(…), label=t("x.more"))`
    """
    return rx.fragment(
        opener,
        rx.el.div(
            *items,
            id=id_,
            role="menu",
            aria_label=label,
            custom_attrs={"popover": "auto"},
            class_name=classes("menu", class_name),
        ),
    )


def menu_button(id_: Words, icon: str, label: Words, **props: Any) -> rx.Component:
    """An icon button that opens the menu `id_`."""
    return icon_button(icon, label, **popover_target(id_), **props)


def popover_target(id_: Words) -> dict[str, Any]:
    """The attributes that make any button the opener: `ui.button("…", **ui.popover_target("more"))`"""
    return {"custom_attrs": {"popovertarget": id_, "aria-haspopup": "menu"}}


def menu_item(
    label: Content, *, icon: str = "", danger: bool = False, href: Words | None = None, **props: Any
) -> rx.Component:
    """One thing to choose. `ui.menu_item(t("x.delete"), icon="trash-2", danger=True, on_click=…)`"""
    inside = (rx.icon(icon, size=17, class_name="shrink-0") if icon else rx.fragment(), label)
    look = classes(_ITEM, "text-danger-ink" if danger else "text-ink")
    if href is not None:
        return rx.el.a(*inside, href=href, role="menuitem", class_name=look, **props)
    return rx.el.button(*inside, type="button", role="menuitem", class_name=look, **props)


def menu_choice(label: Content, chosen: Any, on_click: Any) -> rx.Component:
    """One of several, ticked where `chosen` holds. `ui.menu_choice(t("x.all"), S.view == "all", …)`"""
    return menu_item(
        rx.fragment(
            rx.el.span(label, class_name="min-w-0 grow truncate"),
            rx.cond(chosen, rx.icon("check", size=17, class_name="shrink-0 text-accent")),
        ),
        on_click=on_click,
        aria_current=rx.cond(chosen, "true", "false"),
    )


def menu_separator() -> rx.Component:
    return rx.el.hr(class_name="my-1.5 border-border")


def menu_label(text: Words) -> rx.Component:
    """Words above a group of items."""
    return rx.el.div(text, class_name="px-3 pt-2 pb-1 text-caption font-semibold text-muted")
