"""The forms of the screen of channels, made from what each adapter says it needs."""

from typing import Any

import reflex as rx

from components import ui
from components.channel_words import ICONS, kind_name
from components.text import t
from state.channels import CONNECT, TEST, ChannelsState, Field, asked_by, kinds

# Only our own callback has no hint: it is made by us.
FORM, TEST_FORM = "channel-form", "channel-test-form"


def connect_dialog() -> rx.Component:
    return ui.dialog(
        CONNECT,
        t("channels.connect_title", kind=kind_name(ChannelsState.kind)),
        rx.match(
            ChannelsState.kind,
            *[(kind, _guide(kind)) for kind in kinds() if kind in ICONS],
            rx.fragment(),
        ),
        rx.el.form(
            ui.input_field(
                "name",
                t("channels.name"),
                hint=t("channels.name_hint"),
                optional=True,
                max_length=80,
                id="channel-name",
            ),
            rx.match(
                ChannelsState.kind,
                *[(kind, _fields(kind)) for kind in kinds() if kind in ICONS],
                rx.fragment(),
            ),
            rx.cond(
                ChannelsState.error != "",
                rx.el.p(
                    ChannelsState.error,
                    role="alert",
                    class_name="text-small font-medium text-danger-ink",
                ),
            ),
            id=FORM,
            on_submit=ChannelsState.connect_channel,
            class_name="flex flex-col gap-4",
        ),
        actions=_actions(FORM, t("channels.connect")),
    )


def test_dialog() -> rx.Component:
    return ui.dialog(
        TEST,
        t("channels.test"),
        rx.el.form(
            ui.input_field(
                "to",
                t("channels.test_to"),
                hint=t("channels.test_to_hint"),
                error=ChannelsState.error,
                max_length=128,
                required=True,
            ),
            id=TEST_FORM,
            on_submit=ChannelsState.send_test,
        ),
        actions=_actions(TEST_FORM, t("channels.test")),
    )


def _guide(kind: str) -> rx.Component:
    return rx.el.ol(
        *[rx.el.li(t(f"channels.{kind}_step_{step}")) for step in asked_by(kind).steps],
        aria_label=t("channels.guide", kind=t(f"channels.kind_{kind}")),
        class_name="mb-4 list-decimal space-y-1 pl-5 text-small text-muted",
    )


def _fields(kind: str) -> rx.Component:
    fields = [each for each in asked_by(kind).fields if not each.made]
    return rx.el.div(*[_field(kind, each) for each in fields], class_name="flex flex-col gap-4")


def _field(kind: str, field: Field) -> rx.Component:
    return ui.input_field(
        field.name,
        t(f"channels.{kind}_{field.name}"),
        hint=t(f"channels.{kind}_{field.name}_hint"),
        optional=field.optional,
        id=f"channel-{kind}-{field.name}",
        type="password" if field.secret else "text",
        auto_complete="off",
        max_length=1000,
        required=not field.optional,
    )


def _actions(form: str, label: Any) -> rx.Component:
    return rx.fragment(
        ui.button(t("ui.cancel"), variant="secondary", data_close=True),
        ui.button(label, type="submit", form=form),
    )
