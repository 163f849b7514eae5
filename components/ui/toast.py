"""Short news in a corner. States call `rx.toast.success(...)`; this gives it our look."""

import reflex as rx


def toaster() -> rx.Component:
    """The one toast provider of the app (`rx.App(toaster=ui.toaster())`)."""
    return rx.toast.provider(
        position="top-center", rich_colors=False, expand=False, close_button=False, visible_toasts=3
    )
