"""The front door: what Chatrigo is, shown with its own parts."""

import reflex as rx

from components import ui

TITLE = "Chatrigo"
DESCRIPTION = "Chatrigo"


def page() -> rx.Component:
    return rx.el.main(ui.logo(), class_name="p-6")
