"""The choice: the platform's model or one's own, and who helps out."""

from typing import Any

import reflex as rx

from components import ui
from components.text import t
from state.model import ModelState

FORM = "model-form"


def form() -> rx.Component:
    return ui.card(
        ui.card_header(t("model.choice_title"), t("model.choice_text")),
        rx.el.form(
            rx.el.fieldset(
                rx.el.legend(t("model.choice_title"), class_name="sr-only"),
                ui.radio(
                    "choice",
                    "platform",
                    t("model.platform_choice"),
                    hint=rx.cond(
                        ModelState.models.platform != "",
                        t("model.platform_is", name=ModelState.models.platform),
                        t("model.platform_none"),
                    ),
                    checked=~ModelState.own,
                    on_change=ModelState.choose("platform"),
                ),
                ui.radio(
                    "choice",
                    "own",
                    t("model.own_choice"),
                    hint=t("model.own_hint"),
                    checked=ModelState.own,
                    on_change=ModelState.choose("own"),
                ),
                class_name="flex flex-col gap-1",
            ),
            rx.cond(ModelState.own, _fields("")),
            _fallback(),
            rx.cond(
                ModelState.fallback == "own",
                rx.el.fieldset(
                    rx.el.legend(t("model.fallback_title"), class_name="mb-3 font-semibold"),
                    _fields("fallback_"),
                ),
            ),
            rx.el.div(
                ui.button(t("model.save"), type="submit", icon="lock", loading=ModelState.saving),
                class_name="flex justify-end max-sm:*:w-full",
            ),
            id=FORM,
            key=ModelState.version.to_string(),
            on_submit=ModelState.save,
            no_validate=True,
            class_name="flex flex-col gap-5",
        ),
    )


def _fallback() -> rx.Component:
    return ui.field(
        t("model.fallback"),
        ui.select(
            rx.fragment(
                rx.el.option(t("model.fallback_none"), value=""),
                rx.cond(
                    ModelState.own & (ModelState.models.platform != ""),
                    rx.el.option(t("model.fallback_platform"), value="platform"),
                ),
                rx.el.option(t("model.fallback_own"), value="own"),
            ),
            name="fallback",
            id="model-fallback",
            value=ModelState.fallback,
            on_change=ModelState.choose_fallback,
        ),
        for_id="model-fallback",
        hint=t("model.fallback_hint"),
    )


def _fields(at: str) -> rx.Component:
    """Those of one model; `at` is what their names begin with."""
    choice = ModelState.models.choice
    has_key = getattr(choice, f"{at}has_key")
    return rx.el.div(
        _text(at, "name", t("model.name"), t("model.name_hint"), placeholder="gpt-5-mini"),
        _text(
            at,
            "base_url",
            t("model.base_url"),
            t(f"model.{at}base_url_hint"),
            placeholder="https://api.openai.com/v1",
            input_mode="url",
        ),
        rx.el.div(
            ui.input_field(
                f"{at}key",
                t("model.key"),
                id=f"model-{at}key",
                type="password",
                hint=rx.cond(has_key, t("model.key_kept_hint"), t("model.key_hint")),
                error=_error(f"{at}key"),
                placeholder=rx.cond(has_key, t("model.key_kept"), "sk-…"),
                auto_complete="new-password",
                spell_check=False,
                max_length=500,
            ),
            rx.cond(has_key, ui.checkbox(f"drop_{at}key", t("model.drop_key"))),
            class_name="flex flex-col gap-1",
        ),
        ui.checkbox(
            f"{at}sees",
            t("model.sees_label"),
            hint=t("model.sees_hint"),
            default_checked=getattr(choice, f"{at}sees"),
        ),
        rx.el.div(
            _price(at, "input_rupiah"),
            _price(at, "output_rupiah"),
            class_name="grid items-start gap-4 sm:grid-cols-2",
        ),
        class_name="flex flex-col gap-4 border-s-2 border-border ps-4",
    )


def _text(at: str, name: str, label: Any, hint: Any, **more: Any) -> rx.Component:
    return ui.input_field(
        f"{at}{name}",
        label,
        id=f"model-{at}{name}",
        hint=hint,
        error=_error(f"{at}{name}"),
        default_value=getattr(ModelState.models.choice, f"{at}{name}"),
        auto_complete="off",
        spell_check=False,
        **more,
    )


def _price(at: str, name: str) -> rx.Component:
    price = getattr(ModelState.models.choice, f"{at}{name}")
    return ui.input_field(
        f"{at}{name}",
        t(f"model.{name}"),
        id=f"model-{at}{name}",
        hint=t("model.price_hint"),
        error=_error(f"{at}{name}"),
        default_value=rx.cond(price > 0, price.to_string(), ""),
        input_mode="numeric",
        auto_complete="off",
        max_length=14,
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(ModelState.error_field == field, ModelState.error, "")
