"""How much all businesses together use Chatrigo."""

import reflex as rx

from components import ui
from components.text import t
from pages.operator.frame import frame
from pages.operator.parts import number, use_of_days
from state.operator import OperatorState


def usage() -> rx.Component:
    return frame(
        ui.page_header(t("operator.usage"), t("operator.usage_text")),
        use_of_days(),
        ui.card(
            ui.table(
                [
                    ui.Column(t("operator.day"), lambda day: day.day, lead=True),
                    ui.Column(t("operator.active"), lambda day: number(day.active), align="end"),
                    ui.Column(
                        t("operator.messages"), lambda day: number(day.messages), align="end"
                    ),
                    ui.Column(t("operator.answers"), lambda day: number(day.answers), align="end"),
                    ui.Column(t("operator.tokens"), lambda day: number(day.tokens), align="end"),
                ],
                OperatorState.days.reverse(),  # type: ignore[func-returns-value]
                caption=t("operator.usage"),
            ),
            padded=False,
        ),
        active="usage",
        load=OperatorState.load_usage,
    )
