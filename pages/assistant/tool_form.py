"""Making and changing a tool of the owner's: the dialogs."""

from typing import Any

import reflex as rx

from chatrigo.domain.tools.servers import (
    EFFECTS,
    KINDS,
    MAX_ARGUMENTS,
    MAX_HEADERS,
    MAX_SECONDS,
    METHODS,
)
from components import ui
from components.text import t
from state.tools import DELETE, FORM, SECRET, ToolsState


def form_dialog() -> rx.Component:
    form = ToolsState.form
    return ui.dialog(
        FORM,
        rx.cond(form.id == 0, t("tools.form_new"), t("tools.form_edit")),
        rx.el.form(
            ui.input_field(
                "name",
                t("tools.name"),
                id="tool-name",
                hint=t("tools.name_hint"),
                error=_error("name"),
                default_value=form.name,
                placeholder="cek_pesanan",
                max_length=40,
                auto_complete="off",
                required=True,
            ),
            ui.textarea_field(
                "description",
                t("tools.description"),
                id="tool-description",
                hint=t("tools.description_hint"),
                error=_error("description"),
                default_value=form.description,
                max_length=500,
                rows="2",
                required=True,
            ),
            rx.el.div(
                ui.select_field(
                    "method",
                    t("tools.method"),
                    [(method, method) for method in METHODS],
                    id="tool-method",
                    default_value=form.method,
                ),
                rx.el.div(
                    ui.input_field(
                        "url",
                        t("tools.url"),
                        id="tool-url",
                        error=_error("url"),
                        default_value=form.url,
                        placeholder="https://toko.example/pesanan/{nomor}",
                        max_length=1000,
                        auto_complete="off",
                        input_mode="url",
                        required=True,
                    ),
                    class_name="sm:col-span-3",
                ),
                class_name="grid gap-4 sm:grid-cols-4",
            ),
            _arguments(),
            _headers(),
            rx.el.div(
                ui.select_field(
                    "effect",
                    t("tools.effect"),
                    [(effect, t(f"tools.effect_{effect}_long")) for effect in EFFECTS],
                    id="tool-effect",
                    hint=t("tools.effect_hint"),
                    default_value=form.effect,
                ),
                ui.input_field(
                    "seconds",
                    t("tools.seconds", limit=MAX_SECONDS),
                    id="tool-seconds",
                    error=_error("seconds"),
                    default_value=form.seconds.to(str),
                    input_mode="numeric",
                    max_length=2,
                    auto_complete="off",
                ),
                class_name="grid gap-4 sm:grid-cols-2",
            ),
            ui.checkbox(
                "verified_only",
                t("tools.verified_only"),
                id="tool-verified",
                hint=t("tools.verified_only_hint"),
                default_checked=form.verified_only,
            ),
            rx.cond(ToolsState.error != "", ui.banner(ToolsState.error, tone="danger")),
            id="tool",
            key=form.version,
            on_submit=ToolsState.save,
            class_name="flex flex-col gap-5",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(t("tools.save"), type="submit", form="tool", loading=ToolsState.saving),
        ),
        sticky=True,
    )


def _error(name: str) -> rx.Var[str]:
    return rx.cond(ToolsState.error_field == name, ToolsState.error, "")


def _arguments() -> rx.Component:
    arguments = ToolsState.form.arguments
    return rx.el.fieldset(
        rx.el.legend(t("tools.arguments"), class_name="font-semibold"),
        rx.el.p(t("tools.arguments_hint"), class_name="text-small text-pretty text-muted"),
        rx.foreach(arguments, _argument),
        rx.cond(
            arguments.to(list).length() < MAX_ARGUMENTS,
            ui.button(
                t("tools.add_argument"),
                size="sm",
                variant="ghost",
                icon="plus",
                class_name="self-start",
                on_click=ToolsState.add_argument,
            ),
        ),
        class_name="flex min-w-0 flex-col gap-3",
    )


def _argument(argument: rx.Var[Any]) -> rx.Component:
    field = "a" + argument.key.to(str)
    return rx.el.div(
        _labelled(
            t("tools.argument_name"),
            ui.input_box(
                name=field + "_name",
                default_value=argument.name,
                placeholder="nomor",
                max_length=40,
                auto_complete="off",
            ),
        ),
        _labelled(
            t("tools.argument_kind"),
            ui.select(
                [(kind, t(f"tools.kind_{kind}")) for kind in KINDS],
                name=field + "_kind",
                default_value=argument.kind,
            ),
        ),
        rx.el.div(
            _labelled(
                t("tools.argument_description"),
                ui.input_box(
                    name=field + "_description",
                    default_value=argument.description,
                    max_length=200,
                    auto_complete="off",
                ),
            ),
            class_name="col-span-2",
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name=field + "_required",
                default_checked=argument.required,
                class_name="tick",
            ),
            t("tools.argument_required"),
            class_name="flex min-h-11 items-center gap-3 text-small",
        ),
        ui.icon_button(
            "trash-2",
            t("tools.drop_argument"),
            size="sm",
            tip="",
            class_name="justify-self-end",
            on_click=ToolsState.drop_argument(argument.key),
        ),
        key=argument.key,
        class_name="grid grid-cols-2 items-center gap-3 rounded-card border border-border p-3",
    )


def _headers() -> rx.Component:
    headers = ToolsState.form.headers
    return rx.el.fieldset(
        rx.el.legend(t("tools.headers"), class_name="font-semibold"),
        rx.el.p(t("tools.headers_hint"), class_name="text-small text-pretty text-muted"),
        rx.foreach(headers, _header),
        rx.cond(
            headers.to(list).length() < MAX_HEADERS,
            ui.button(
                t("tools.add_header"),
                size="sm",
                variant="ghost",
                icon="plus",
                class_name="self-start",
                on_click=ToolsState.add_header,
            ),
        ),
        class_name="flex min-w-0 flex-col gap-3",
    )


def _header(header: rx.Var[Any]) -> rx.Component:
    field = "h" + header.key.to(str)
    return rx.el.div(
        rx.el.div(
            ui.input_box(
                name=field + "_name",
                default_value=header.name,
                read_only=header.kept,
                placeholder="X-Api-Key",
                aria_label=t("tools.header_name"),
                max_length=60,
                auto_complete="off",
            ),
            class_name="min-w-0 grow basis-32",
        ),
        rx.el.div(
            ui.input_box(
                name=field + "_value",
                type="password",
                placeholder=rx.cond(header.kept, "••••••••", ""),
                aria_label=t("tools.header_value_label"),
                max_length=2000,
                auto_complete="new-password",
            ),
            class_name="min-w-0 grow basis-32",
        ),
        ui.icon_button(
            "trash-2",
            t("tools.drop_header"),
            size="sm",
            tip="",
            on_click=ToolsState.drop_header(header.key),
        ),
        key=header.key,
        class_name="flex flex-wrap items-center gap-2",
    )


def _labelled(label: Any, control: rx.Component) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="text-small font-medium"),
        control,
        class_name="flex min-w-0 flex-col gap-1",
    )


def secret_dialog() -> rx.Component:
    return ui.dialog(
        SECRET,
        t("tools.secret_title"),
        rx.el.p(t("tools.secret_text", name=ToolsState.named), class_name="text-pretty text-muted"),
        rx.el.div(
            rx.el.code(
                ToolsState.secret,
                class_name="min-w-0 grow rounded-control bg-sunken px-3 py-2 text-small break-all",
            ),
            ui.copy_button(ToolsState.secret),
            class_name="flex items-center gap-2",
        ),
        actions=ui.button(t("tools.secret_kept"), data_close=True),
        on_close=ToolsState.forget_secret,
        sticky=True,
    )


def delete_dialog() -> rx.Component:
    return ui.confirm_dialog(
        DELETE,
        t("tools.delete_title"),
        t("tools.delete_text", name=ToolsState.named),
        confirm=t("tools.delete"),
        on_confirm=ToolsState.delete,
    )
