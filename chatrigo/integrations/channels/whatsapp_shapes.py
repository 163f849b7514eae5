"""Reading JSON that anybody may have written: what is not of the expected shape is empty."""

from collections.abc import Mapping
from typing import Any

LONGEST = 65_536


def mapped(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def words(value: Any) -> str:
    """A text that can be stored: without NUL and half emoji."""
    if not isinstance(value, str):
        return ""
    return value[:LONGEST].replace("\x00", "").encode(errors="ignore").decode()


def shown(value: Any) -> str:
    """A number or a text as it is read."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return ""
    return words(value) if isinstance(value, str) else f"{value:.12g}"
