"""
What goes wrong, for those who run Chatrigo: crashes by the id that the person saw, and refusals
that may be an attack.
"""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import structlog

from chatrigo.errors import ChatrigoError, ConfirmItsYou, Forbidden, LimitReached

log = structlog.get_logger("chatrigo.security")

KEPT = 50
# Refusals of these areas are wrong passwords, wrong codes, links that opened nothing.
_WATCHED = ("auth.", "security.", "team.invite")


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is the exception's class: its words may hold anything, and stay in the log."""

    id: str
    where: str
    kind: str
    at: datetime


_latest: deque[Fault] = deque(maxlen=KEPT)


def note(where: str, error: Exception) -> str:
    """Remember it; returns the id to log and to show."""
    fault = Fault(uuid4().hex[:8], where[:200], type(error).__name__, datetime.now(UTC))
    _latest.appendleft(fault)
    return fault.id


def watch(error: ChatrigoError, what: str, **who: Any) -> None:
    """
    Log a refusal that matters for security: who may not, who tries too often, who knows no
    secret. Never what was typed.
    """
    matters = isinstance(error, Forbidden | LimitReached) or error.key.startswith(_WATCHED)
    if matters and not isinstance(error, ConfirmItsYou):
        known = {name: value for name, value in who.items() if value}
        log.warning("refused", why=error.key, what=what[:200], **known)


def latest() -> list[Fault]:
    """The newest first."""
    return list(_latest)
