"""The console of our own team: businesses, use, health."""

from pages.operator.business import business
from pages.operator.health import health
from pages.operator.listing import listing
from pages.operator.usage import usage

TITLE = "Operator · Chatrigo"

__all__ = ["TITLE", "business", "health", "listing", "usage"]
