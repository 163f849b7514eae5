"""
One line per event, readable by people or, with LOG_FORMAT=json, by programs.

Both `structlog.get_logger()` and the standard library's loggers end here. Values under a
secret's name are left out, and so is the token of a browser tab, which is all it takes to act
as that tab.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from chatrigo.config import settings

SECRET_NAMES = re.compile(r"token|secret|password|authorization|cookie|api_key", re.IGNORECASE)
SECRET_IN_TEXT = re.compile(r"(?i)\b(token|password|secret|api_key)=[^&\s\"']+")
HIDDEN = "…"
CHATTY = {
    "uvicorn.error": logging.WARNING,  # its socket lines carry the tab's token
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "openai": logging.WARNING,
    "dbos": logging.WARNING,
    "alembic": logging.WARNING,
    "engineio": logging.ERROR,
    "socketio": logging.ERROR,
}

Event = MutableMapping[str, Any]


def configure() -> None:
    """Send every log line of this process to stderr in the chosen form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering()],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in CHATTY.items():
        logging.getLogger(name).setLevel(level)


def _rendering() -> list[Any]:
    if settings.log_format == "json":
        return [
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    # The default would show every local variable, and among them passwords and tokens.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def hide_secrets(_logger: Any, _method: str, event: Event) -> Event:
    for name, value in event.items():
        if SECRET_NAMES.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = SECRET_IN_TEXT.sub(rf"\1={HIDDEN}", value)
    return event
