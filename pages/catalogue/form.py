"""Adding, changing and deleting a product: the dialogs."""

from typing import Any

import reflex as rx

from chatrigo.domain.catalogue.rows import (
    MAX_CATEGORY,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_SKU,
    MAX_VARIANT,
    MAX_VARIANTS,
)
from components import ui
from components.text import t
from state.catalogue import DELETE, FORM, CatalogueState


def form_dialog() -> rx.Component:
    form = CatalogueState.form
    return ui.dialog(
        FORM,
        rx.cond(form.id == 0, t("catalogue.form_new"), t("catalogue.form_edit")),
        rx.el.form(
            ui.input_field(
                "name",
                t("catalogue.name"),
                id="product-name",
                error=CatalogueState.name_error,
                default_value=form.name,
                max_length=MAX_NAME,
                auto_complete="off",
                required=True,
            ),
            _variants(),
            ui.textarea_field(
                "description",
                t("catalogue.description"),
                id="product-description",
                hint=t("catalogue.description_hint"),
                default_value=form.description,
                max_length=MAX_DESCRIPTION,
                rows="3",
            ),
            rx.el.div(
                ui.input_field(
                    "category",
                    t("catalogue.category"),
                    id="product-category",
                    default_value=form.category,
                    max_length=MAX_CATEGORY,
                    auto_complete="off",
                ),
                ui.input_field(
                    "sku",
                    t("catalogue.sku"),
                    id="product-sku",
                    default_value=form.sku,
                    max_length=MAX_SKU,
                    auto_complete="off",
                ),
                class_name="grid gap-4 sm:grid-cols-2",
            ),
            ui.checkbox(
                "active",
                t("catalogue.active"),
                id="product-active",
                hint=t("catalogue.active_hint"),
                default_checked=form.active,
            ),
            rx.cond(CatalogueState.error != "", ui.banner(CatalogueState.error, tone="danger")),
            id="product",
            key=form.version,
            on_submit=CatalogueState.save,
            class_name="flex flex-col gap-4",
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(
                t("catalogue.save"),
                type="submit",
                form="product",
                loading=CatalogueState.saving,
            ),
        ),
        sticky=True,
    )


def _variants() -> rx.Component:
    variants = CatalogueState.form.variants
    return rx.el.fieldset(
        rx.el.legend(t("catalogue.variants"), class_name="font-semibold"),
        rx.el.p(t("catalogue.variants_hint"), class_name="text-small text-muted"),
        rx.foreach(variants, _variant),
        rx.cond(
            variants.to(list).length() < MAX_VARIANTS,
            ui.button(
                t("catalogue.add_variant"),
                size="sm",
                variant="ghost",
                icon="plus",
                class_name="self-start",
                on_click=CatalogueState.add_variant,
            ),
        ),
        class_name="flex min-w-0 flex-col gap-3",
    )


def _variant(variant: rx.Var[Any]) -> rx.Component:
    several = CatalogueState.form.variants.to(list).length() > 1
    return rx.el.div(
        _small(variant, "name", variant.name, MAX_VARIANT, "col-span-2", t("catalogue.only_one")),
        _small(variant, "price", variant.price, 24, "", "25.000", input_mode="decimal"),
        _small(variant, "stock", variant.stock, 12, "", "∞", input_mode="numeric"),
        _small(variant, "sku", variant.sku, MAX_SKU, "sm:col-span-2", ""),
        _small(variant, "weight", variant.weight, 12, "", "0", input_mode="numeric"),
        rx.cond(
            several,
            ui.button(
                t("catalogue.drop_variant"),
                size="sm",
                variant="ghost",
                icon="trash-2",
                class_name="self-end justify-self-end max-sm:col-span-2",
                on_click=CatalogueState.drop_variant(variant.key),
            ),
        ),
        key=variant.key,
        class_name="grid grid-cols-2 gap-3 rounded-card border border-border p-3 sm:grid-cols-4",
    )


def _small(
    variant: rx.Var[Any],
    name: str,
    value: rx.Var[Any],
    longest: int,
    place: str,
    placeholder: Any,
    **props: Any,
) -> rx.Component:
    return rx.el.label(
        rx.el.span(t(f"catalogue.variant_{name}"), class_name="text-small font-medium"),
        ui.input_box(
            name="v" + variant.key.to(str) + f"_{name}",
            default_value=value,
            placeholder=placeholder,
            max_length=longest,
            auto_complete="off",
            **props,
        ),
        class_name=ui.classes("flex min-w-0 flex-col gap-1", place),
    )


def delete_dialog() -> rx.Component:
    return ui.confirm_dialog(
        DELETE,
        t("catalogue.delete_title"),
        t("catalogue.delete_text", name=CatalogueState.deleting_name),
        confirm=t("catalogue.delete"),
        on_confirm=CatalogueState.delete,
    )
