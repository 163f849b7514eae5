"""What a form brings: anybody may send one of any shape."""

from typing import Any


def text_in(form: Any, name: str) -> str:
    """The text of a field; empty for what is missing, or is no text."""
    value = form.get(name) if isinstance(form, dict) else ""
    return value if isinstance(value, str) else ""
