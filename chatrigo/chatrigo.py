"""The application, put together."""

from functools import partial

import reflex as rx

from chatrigo.config import settings
from chatrigo.serving.front_end import STATIC
from chatrigo.serving.lifespan import lifespan
from chatrigo.web import auth, chat, files
from chatrigo.web.guard import Guard, routed
from chatrigo.workflows import answer
from components import ui
from components.shell import around, boundary, not_found
from pages import gallery, inbox, landing
from state.session import show_error

# Registered with DBOS by being imported, before the lifespan launches it.
WORKFLOWS = (answer.answer,)
# Hot reload writes new inline scripts while we run, so there their hashes tell nothing.
built = None if settings.dev else STATIC

app = rx.App(
    api_transformer=[
        routed([*auth.routes, *chat.routes, *files.routes]),
        partial(Guard, built=built),
    ],
    backend_exception_handler=show_error,
    html_lang="id",
    stylesheets=["/theme.css"],
    toaster=ui.toaster(),
    head_components=[
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(
            rel="preload",
            href="/fonts/plus-jakarta-sans.woff2",
            type="font/woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
        ),
        rx.el.script(src="/ui.js", defer=True),
    ],
)
app.register_lifespan_task(lifespan)
app.app_wraps[(55, "ErrorBoundary")] = lambda _stateful: boundary()
app.app_wraps[(5, "Overlay")] = lambda stateful: around() if stateful else None

app.add_page(
    lambda: landing.page(demo=settings.demo),
    route="/",
    title=landing.TITLE,
    description=landing.DESCRIPTION,
)
app.add_page(not_found, route="404", title="Chatrigo")
app.add_page(inbox.page, route=inbox.ROUTE, title=inbox.TITLE, on_load=inbox.ON_LOAD)
if settings.dev:
    app.add_page(gallery.page, route="/gallery", title="Galeri · Chatrigo")
