"""Channels: how each one is, connecting another, keys for other systems."""

from typing import Any

import reflex as rx

from chatrigo.domain.channels.api_keys import KeyRow
from chatrigo.domain.channels.connecting import ChannelRow
from components import ui, when
from components.channel_words import ICONS, channel_icon, kind_name
from components.permits import may
from components.signed_in import signed_in
from components.text import t
from pages.settings.channel_forms import connect_dialog, test_dialog
from state.channels import DISCONNECT, REVOKE, ChannelsState, StepRow, asked_by, kinds
from state.locale import LocaleState
from state.session import SessionState

TITLE = "Kanal · Chatrigo"
ZONE = SessionState.zone
TONES = {"live": "positive", "connecting": "info", "paused": "sun", "broken": "danger"}
CHECKS = (
    *("token", "number", "webhook", "permissions", "quality", "limits"),
    *("account", "callback", "connect"),
)


def page() -> rx.Component:
    return signed_in(_channels(), active="settings", needs="configure")


def _templates_link() -> rx.Component:
    return ui.link_button(
        t("templates.title"),
        "/settings/channels/templates",
        variant="secondary",
        icon="layout-template",
    )


def _channels() -> rx.Component:
    return ui.page_body(
        ui.page_header(
            t("channels.title"),
            t("channels.text"),
            back="/settings",
            actions=_templates_link(),
        ),
        rx.cond(
            ChannelsState.loaded,
            rx.fragment(
                rx.cond(
                    ChannelsState.rows.length() > 0,
                    rx.el.ul(
                        rx.foreach(ChannelsState.rows, _channel),
                        aria_label=t("channels.title"),
                        class_name="flex flex-col gap-3",
                    ),
                    ui.card(
                        ui.empty_state("radio", t("channels.empty_title"), t("channels.empty_text"))
                    ),
                ),
                _offers(),
                rx.cond(_has_api(), _keys()),
            ),
            rx.cond(ChannelsState.failed, ui.error_state(ChannelsState.load), ui.skeleton_list(4)),
        ),
        connect_dialog(),
        test_dialog(),
        ui.confirm_dialog(
            DISCONNECT,
            t("channels.disconnect_title"),
            t("channels.disconnect_text"),
            confirm=t("channels.disconnect"),
            on_confirm=ChannelsState.disconnect_channel,
        ),
        ui.confirm_dialog(
            REVOKE,
            t("channels.key_revoke_title"),
            t("channels.key_revoke_text"),
            confirm=t("channels.key_revoke"),
            on_confirm=ChannelsState.revoke_key,
        ),
        narrow=True,
    )


def _offers() -> rx.Component:
    return ui.card(
        ui.card_header(t("channels.add")),
        rx.el.ul(
            *[
                rx.el.li(
                    _face(kind),
                    rx.el.div(
                        rx.el.p(t(f"channels.kind_{kind}"), class_name="font-semibold"),
                        rx.el.p(t(f"channels.about_{kind}"), class_name="text-small text-muted"),
                        class_name="min-w-0 grow",
                    ),
                    ui.button(
                        t("channels.connect"),
                        variant="secondary",
                        size="sm",
                        on_click=ChannelsState.choose_kind(kind),
                    ),
                    class_name="flex items-center gap-3 py-3 first:pt-0 last:pb-0",
                )
                for kind in kinds()
                if kind in ICONS
            ],
            class_name="divide-y divide-border",
        ),
    )


def _face(kind: Any) -> rx.Component:
    return rx.el.span(
        channel_icon(kind, 19),
        class_name="grid size-10 shrink-0 place-items-center rounded-control bg-accent-soft "
        "text-accent-ink",
    )


def _channel(row: rx.Var[ChannelRow]) -> rx.Component:
    return rx.el.li(
        ui.card(
            rx.el.div(
                _face(row.kind),
                rx.el.div(
                    rx.el.h2(row.name, class_name="truncate text-lead font-bold"),
                    rx.el.p(
                        kind_name(row.kind),
                        rx.cond(row.account != "", " · " + row.account, ""),
                        class_name="truncate text-small text-muted",
                    ),
                    class_name="min-w-0 grow",
                ),
                rx.match(
                    row.state,
                    *[
                        (name, ui.badge(t(f"channels.state_{name}"), tone=tone))
                        for name, tone in TONES.items()
                    ],
                    rx.fragment(),
                ),
                class_name="flex items-center gap-3",
            ),
            rx.cond(
                row.problem != "",
                ui.banner(
                    rx.cond(LocaleState.is_english, row.problem_en, row.problem), tone="danger"
                ),
            ),
            _numbers(row),
            rx.match(
                row.kind,
                *[(kind, _address(row)) for kind in kinds() if asked_by(kind).webhook],
                rx.fragment(),
            ),
            rx.cond(ChannelsState.checked == row.id, _looked_into()),
            _buttons(row),
            class_name="flex flex-col gap-4",
        ),
        key=row.id.to(str),
    )


def _numbers(row: Any) -> rx.Component:
    def at(moment: Any) -> rx.Component:
        return rx.cond(moment != "", when.ago(moment, ZONE), t("channels.never"))

    rate = t(
        "channels.error_rate_value",
        rate=row.error_rate,
        failed=row.failed,
        total=row.failed + row.sent,
    )
    return rx.el.dl(
        *[
            rx.el.div(
                rx.el.dt(label, class_name="text-caption text-muted"),
                rx.el.dd(value, class_name="text-small font-semibold tabular-nums"),
            )
            for label, value in (
                (t("channels.last_in"), at(row.last_in_at)),
                (t("channels.last_out"), at(row.last_out_at)),
                (t("channels.error_rate"), rate),
                (t("channels.waiting"), row.waiting.to(str)),
            )
        ],
        class_name="grid grid-cols-2 gap-3 sm:grid-cols-4",
    )


def _address(row: Any) -> rx.Component:
    return _copied(t("channels.webhook"), row.address, t("channels.webhook_hint"))


def _copied(label: Any, value: Any, hint: Any = "") -> rx.Component:
    return rx.el.div(
        rx.el.p(label, class_name="text-caption font-semibold text-muted"),
        rx.el.div(
            rx.el.code(
                value,
                class_name="min-w-0 grow truncate rounded-small bg-sunken px-2.5 py-2 text-small",
            ),
            ui.copy_button(value),
            class_name="flex items-center gap-1",
        ),
        rx.el.p(hint, class_name="text-caption text-muted")
        if ui.given(hint) is not False
        else rx.fragment(),
        class_name="flex min-w-0 flex-col gap-1",
    )


def _looked_into() -> rx.Component:
    """The steps of the last check, or what was shown to be copied."""
    return rx.fragment(
        rx.cond(
            ChannelsState.steps.length() > 0,
            rx.el.ul(
                rx.foreach(ChannelsState.steps, _step),
                role="status",
                class_name="flex flex-col gap-1.5 rounded-control bg-sunken p-3",
            ),
        ),
        rx.foreach(
            ChannelsState.shown,
            lambda each: _copied(
                rx.match(
                    each.name,
                    *[
                        (field.name, t(f"channels.{kind}_{field.name}"))
                        for kind in kinds()
                        if kind in ICONS
                        for field in asked_by(kind).fields
                        if field.shown
                    ],
                    each.name,
                ),
                each.value,
            ),
        ),
    )


def _step(step: rx.Var[StepRow]) -> rx.Component:
    well = step.problem == ""
    return rx.el.li(
        rx.cond(
            well,
            rx.icon("circle-check", size=17, class_name="mt-0.5 shrink-0 text-positive-ink"),
            rx.icon("circle-alert", size=17, class_name="mt-0.5 shrink-0 text-danger-ink"),
        ),
        rx.el.span(
            rx.el.span(
                rx.match(
                    step.name, *[(each, t(f"channels.check_{each}")) for each in CHECKS], step.name
                ),
                class_name="font-semibold",
            ),
            ": ",
            rx.cond(
                well,
                t("channels.check_ok"),
                rx.cond(LocaleState.is_english, step.problem_en, step.problem),
            ),
            class_name="min-w-0 text-small",
        ),
        class_name="flex items-start gap-2",
    )


def _buttons(row: Any) -> rx.Component:
    def button(text: Any, on_click: Any, **looks: Any) -> rx.Component:
        return ui.button(text, **{"variant": "secondary", "size": "sm", **looks}, on_click=on_click)

    return rx.el.div(
        rx.cond(
            may("keys"),
            button(t("channels.check"), ChannelsState.check(row.id), icon="stethoscope"),
        ),
        rx.cond(
            (row.state == "live") & (row.kind != "api"),
            button(t("channels.test"), ChannelsState.ask_test(row.id)),
        ),
        rx.cond(
            (row.kind == "whatsapp") | (row.kind == "api"),
            button(t("channels.reveal"), ChannelsState.reveal(row.id)),
        ),
        rx.match(
            row.state,
            ("live", button(t("channels.pause"), ChannelsState.pause(row.id))),
            ("paused", button(t("channels.resume"), ChannelsState.resume(row.id))),
            rx.fragment(),
        ),
        button(
            t("channels.disconnect"), ChannelsState.ask_disconnect(row.id), variant="danger-quiet"
        ),
        class_name="flex flex-wrap gap-2",
    )


def _has_api() -> Any:
    """Whether another system is connected."""
    return ChannelsState.api_channel > 0


def _keys() -> rx.Component:
    return ui.card(
        ui.card_header(t("channels.keys")),
        rx.cond(
            ChannelsState.new_key != "",
            rx.el.div(
                _copied(t("channels.key_once"), ChannelsState.new_key),
                role="status",
                class_name="rounded-control bg-sun-soft p-3",
            ),
        ),
        rx.cond(
            ChannelsState.keys.length() > 0,
            rx.el.ul(rx.foreach(ChannelsState.keys, _key), class_name="divide-y divide-border"),
            rx.el.p(t("channels.key_none"), class_name="text-muted"),
        ),
        rx.el.form(
            rx.el.input(type="hidden", name="channel", value=ChannelsState.api_channel.to(str)),
            ui.input_field(
                "key_name", t("channels.key_name"), error=ChannelsState.error, max_length=80
            ),
            ui.button(t("channels.key_make"), type="submit", icon="key-round"),
            on_submit=ChannelsState.make_key,
            reset_on_submit=True,
            class_name="mt-3 flex flex-col items-start gap-3",
        ),
    )


def _key(row: rx.Var[KeyRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(row.name, class_name="truncate font-semibold"),
            rx.el.p(
                "ck_…" + row.hint + " · ",
                rx.cond(
                    row.last_used_at != "",
                    when.ago(row.last_used_at, ZONE),
                    t("channels.key_unused"),
                ),
                class_name="text-small text-muted",
            ),
            class_name="min-w-0 grow",
        ),
        ui.button(
            t("channels.key_revoke"),
            variant="danger-quiet",
            size="sm",
            on_click=ChannelsState.ask_revoke_key(row.id),
        ),
        key=row.id.to(str),
        class_name="flex items-center gap-3 py-3",
    )
