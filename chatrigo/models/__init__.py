"""Every table, so that one import fills SQLModel.metadata."""

from chatrigo.models import (
    account,
    audit,
    business,
    conversation,
    factors,
    knowledge,
    learning,
)

__all__ = [
    "account",
    "audit",
    "business",
    "conversation",
    "factors",
    "knowledge",
    "learning",
]
