"""What went wrong in a test, and what the assistant did, in words; wherever results are shown."""

from typing import Any

import reflex as rx

from components.text import t

ACTIONS = ("answer", "clarify", "handover")


def problem(row: Any) -> rx.Component:
    """Why a test failed: of a Problem."""
    return rx.match(
        row.kind,
        ("missing", t("own_tests.problem_missing", text=row.text)),
        ("forbidden", t("own_tests.problem_forbidden", text=row.text)),
        ("action", t("own_tests.problem_action", did=action(row.text))),
        t("own_tests.problem_broken"),
    )


def action(name: Any) -> Any:
    """What the assistant does, of ACTIONS; anything else is "any of these"."""
    return rx.match(
        name,
        *[(each, t(f"own_tests.action_{each}")) for each in ACTIONS],
        t("own_tests.action_any"),
    )
