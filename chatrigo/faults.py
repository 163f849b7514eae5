"""The latest crashes of this process, by the id that the person saw: what the operator asks for."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

KEPT = 50


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


def latest() -> list[Fault]:
    """The newest first."""
    return list(_latest)
