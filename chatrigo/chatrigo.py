"""The application, put together."""

import reflex as rx

app = rx.App()


def index() -> rx.Component:
    return rx.el.main("Chatrigo")


app.add_page(index, route="/")
