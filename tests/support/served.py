"""The whole application on a loopback port, without its front end: routes, socket and duties."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache

import uvicorn
from reflex_base.environment import environment

from chatrigo import db
from chatrigo.chatrigo import app
from chatrigo.config import settings


@asynccontextmanager
async def served(database_url: str, monkeypatch) -> AsyncIterator[str]:
    """Serve on a free port; gives the origin. The database is the test's own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setitem(settings.__dict__, "port", port)
    application = _application()
    # The socket learnt its origins when the application was imported, for another port.
    monkeypatch.setattr(app_socket(), "cors_allowed_origins", settings.allowed_origins)
    server = uvicorn.Server(
        uvicorn.Config(application, host="127.0.0.1", port=port, log_config=None)
    )
    # The tests' own engine is open already, on the same database.
    monkeypatch.setattr("chatrigo.serving.lifespan.database.address", lambda: database_url)
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done(), "the application did not start"
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await running
        db.open_engine(database_url)  # the application closed the one that the tests share


@cache
def _application():
    environment.REFLEX_SKIP_COMPILE.set(True)
    return app()


def app_socket():
    assert app.sio is not None
    return app.sio.eio
