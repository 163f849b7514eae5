"""One business: what stands, how it is used, suspending it, looking inside."""

import reflex as rx

from components import ui
from components.text import t
from pages.operator.frame import frame
from pages.operator.parts import number, use_of_days
from state.operator import SUSPEND, OperatorState


def business() -> rx.Component:
    return frame(
        rx.cond(OperatorState.business.id > 0, _business(), ui.skeleton_list(6)),
        _suspend_dialog(),
        ui.confirm_dialog(
            "free",
            t("operator.free_title"),
            t("operator.free_text"),
            confirm=t("operator.free"),
            on_confirm=OperatorState.free,
        ),
        ui.confirm_dialog(
            "look-inside",
            t("operator.look_title"),
            t("operator.look_text"),
            confirm=t("operator.look"),
            on_confirm=OperatorState.look_inside,
        ),
        active="businesses",
        load=OperatorState.load_business,
    )


def _business() -> rx.Component:
    row = OperatorState.business
    return rx.fragment(
        ui.page_header(row.name, "/c/" + row.slug, back="/operator"),
        rx.cond(
            row.suspended != "",
            ui.banner(
                t("operator.suspended_since", when=row.suspended, reason=row.suspension_reason),
                tone="danger",
            ),
        ),
        rx.el.div(
            ui.card(
                ui.card_header(t("operator.standing")),
                ui.definition(
                    [
                        (t("operator.created"), row.created),
                        (t("operator.owner"), row.owner_name + " · " + row.owner_email),
                        (t("operator.members"), number(row.members)),
                        (t("operator.conversations"), number(row.conversations)),
                        (t("operator.messages_30"), number(row.messages)),
                        (t("operator.answers_30"), number(row.answers)),
                        (t("operator.tokens_30"), number(row.tokens)),
                        (
                            t("operator.last_activity"),
                            rx.cond(row.last_activity != "", row.last_activity, "–"),
                        ),
                    ]
                ),
            ),
            rx.el.div(_inside(), _suspension(), class_name="flex flex-col gap-6"),
            class_name="grid items-start gap-6 lg:grid-cols-2",
        ),
        use_of_days(),
    )


def _inside() -> rx.Component:
    row = OperatorState.business
    return ui.card(
        ui.card_header(t("operator.support"), t("operator.support_text")),
        rx.cond(
            row.support_until != "",
            rx.el.div(
                rx.el.p(t("operator.support_until", when=row.support_until)),
                ui.button(
                    t("operator.look"),
                    icon="eye",
                    on_click=ui.open_dialog("look-inside"),
                    class_name="self-start",
                ),
                class_name="flex flex-col gap-3",
            ),
            rx.el.p(t("operator.no_consent"), class_name="text-small text-muted"),
        ),
    )


def _suspension() -> rx.Component:
    return ui.card(
        ui.card_header(t("operator.suspension"), t("operator.suspension_text")),
        rx.cond(
            OperatorState.business.suspended != "",
            ui.button(
                t("operator.free"),
                icon="circle-play",
                variant="secondary",
                on_click=ui.open_dialog("free"),
            ),
            ui.button(
                t("operator.suspend"),
                icon="circle-pause",
                variant="danger-quiet",
                on_click=OperatorState.ask_suspend,
            ),
        ),
    )


def _suspend_dialog() -> rx.Component:
    return ui.dialog(
        SUSPEND,
        t("operator.suspend_title", name=OperatorState.business.name),
        rx.el.form(
            ui.textarea_field(
                "reason",
                t("operator.reason"),
                hint=t("operator.reason_hint"),
                error=OperatorState.error,
                max_length=500,
                required=True,
            ),
            id="suspend",
            on_submit=OperatorState.suspend,
            reset_on_submit=True,
        ),
        actions=rx.fragment(
            ui.button(t("ui.cancel"), variant="secondary", data_close=True),
            ui.button(t("operator.suspend"), variant="danger", type="submit", form="suspend"),
        ),
    )
