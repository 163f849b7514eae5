"""How a conversation is called, and why it waits, wherever one is shown."""

from typing import Any

import reflex as rx

from components.text import t


def name_of(row: Any) -> Any:
    """Customers of the web chat have no name until somebody gives them one."""
    return rx.cond(
        row.contact_name != "", row.contact_name, t("inbox.visitor", number=row.contact_id)
    )


def reason(code: Any) -> Any:
    """Why a person is needed."""
    known = (
        "asked_for_person",
        "no_evidence",
        "model_unsure",
        "model_failed",
        "turn_cap",
        "attachment",
        "assistant_off",
        "failure",
    )
    return rx.match(
        code, *[(each, t(f"inbox.reason_{each}")) for each in known], t("inbox.needs_person")
    )
