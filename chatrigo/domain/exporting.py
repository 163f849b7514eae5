"""Taking data out of a business: who may, and how often."""

from sqlalchemy.orm import Session

from chatrigo import limits
from chatrigo.domain.access import Actor, require
from chatrigo.domain.accounts import step_up


def require_export(session: Session, actor: Actor, permission: str) -> None:
    """
    Raises Forbidden without `permission` and the one to export, ConfirmItsYou without fresh proof.

    A screen asks it before it starts the download; the download asks again and counts.
    """
    require(actor, permission)
    require(actor, "export")
    step_up.require_recent(session, actor)


def begin_export(session: Session, actor: Actor, permission: str) -> None:
    """As `require_export`, counting one more. Raises LimitReached."""
    require_export(session, actor, permission)
    limits.check(session, "exports by business", str(actor.business_id))
