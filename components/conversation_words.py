"""How a conversation is called, and why it waits, wherever one is shown."""

from typing import Any

import reflex as rx

from chatrigo.domain.assistant.handover import REASONS
from components.text import t


def name_of(row: Any) -> Any:
    """Customers of the web chat have no name until somebody gives them one."""
    return rx.cond(
        row.contact_name != "", row.contact_name, t("inbox.visitor", number=row.contact_id)
    )


def reason(code: Any) -> Any:
    """Why a person is needed."""
    return rx.match(
        code, *[(each, t(f"inbox.reason_{each}")) for each in REASONS], t("inbox.needs_person")
    )
