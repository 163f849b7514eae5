"""Every table, so that one import fills SQLModel.metadata."""

from chatrigo.models import account, business, conversation, knowledge

__all__ = ["account", "business", "conversation", "knowledge"]
