"""Every table, so that one import fills SQLModel.metadata."""

from chatrigo.models import (
    account,
    audit,
    business,
    catalogue,
    channel,
    conversation,
    factors,
    instructions,
    knowledge,
    learning,
    model,
    operator,
    own_tests,
    source,
    team,
    tools,
)

__all__ = [
    "account",
    "audit",
    "business",
    "catalogue",
    "channel",
    "conversation",
    "factors",
    "instructions",
    "knowledge",
    "learning",
    "model",
    "operator",
    "own_tests",
    "source",
    "team",
    "tools",
]
