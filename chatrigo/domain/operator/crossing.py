"""
The one place that looks across businesses: docs/decisions/0007-how-an-operator-looks-across.md.

Row-level security shows the app one business at a time, to an operator too. What the console
shows comes from SQL functions (in its migration) that run with the rights of the tables' owner, ask
for the operator's row themselves, and give away sums and standing data only.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.domain.accounts import totp
from chatrigo.domain.accounts.passkeys import count_passkeys
from chatrigo.domain.accounts.step_up import GOOD_FOR, require_recent
from chatrigo.errors import Forbidden, NotFound, SignedOut
from chatrigo.models.columns import now
from chatrigo.models.operator import Operator

# Looking is allowed this long after the operator last proved who they are; acts ask again.
LOOKS_FOR = timedelta(hours=1)


def require_operator(session: Session, actor: Actor, *, act: bool = False) -> None:
    """
    Raises SignedOut, NotFound for whoever is none of us (the console does not exist for them),
    Forbidden without an authenticator app or a passkey, ConfirmItsYou when the proof of who they
    are is too old for looking, or for an `act`.
    """
    if not actor.account_id:
        raise SignedOut
    query = select(Operator.account_id).where(col(Operator.account_id) == actor.account_id)
    if session.execute(query).first() is None:
        raise NotFound
    if not (settings.demo or _has_second_factor(session, actor.account_id)):
        raise Forbidden("operator.factor_needed")
    require_recent(session, actor, now() if act else now() - LOOKS_FOR + GOOD_FOR)


def ask(session: Session, actor: Actor, function: str, **values: Any) -> list[Row[Any]]:
    """The rows of one of the console's SQL functions. Raises as `require_operator`."""
    require_operator(session, actor)
    return list(session.execute(_CALLS[function], values))


def change(session: Session, actor: Actor, function: str, **values: Any) -> bool:
    """Call a function that changes something; whether it did. Raises as `require_operator`."""
    require_operator(session, actor, act=True)
    return bool(session.execute(_CALLS[function], values).scalar())


def _has_second_factor(session: Session, account_id: int) -> bool:
    return totp.enabled(session, account_id) or count_passkeys(session, account_id) > 0


_CALLS = {
    "businesses": text(
        "SELECT * FROM operator_businesses(:wanted, CAST(:only AS bigint), :skipped, :most, :since)"
    ),
    "count": text("SELECT * FROM operator_count(:wanted)"),
    "usage": text("SELECT * FROM operator_usage(CAST(:only AS bigint), :zone, :days)"),
    "last_failure": text("SELECT * FROM operator_last_failure()"),
    "database": text("SELECT * FROM operator_database()"),
    "duties": text("SELECT * FROM operator_duties()"),
    "suspend": text("SELECT operator_suspend(:which, :why)"),
}
