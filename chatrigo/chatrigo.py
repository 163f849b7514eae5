"""The application, put together."""

import reflex as rx

from state.session import show_error

app = rx.App(backend_exception_handler=show_error)


def index() -> rx.Component:
    return rx.el.main("Chatrigo")


app.add_page(index, route="/")
