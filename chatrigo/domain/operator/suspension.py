"""
Closing a business for a while, with a reason that its people read.

Staff see why instead of their screens, customers hear that the shop is not available at present,
and the assistant is silent. What customers write all the same is stored, and waits.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from chatrigo.domain.access import Actor, as_id, enter
from chatrigo.domain.audit import note
from chatrigo.domain.fields import storable
from chatrigo.domain.operator.crossing import change
from chatrigo.errors import Invalid
from chatrigo.events import Missed, record
from chatrigo.models.business import Business

LONGEST_REASON = 500


def suspend(session: Session, actor: Actor, id: Any, reason: Any) -> None:
    """Harmless to repeat. Raises Invalid without a reason, ConfirmItsYou, NotFound."""
    why = storable(reason).strip() if isinstance(reason, str) else ""
    if not why:
        raise Invalid("operator.reason_needed")
    if len(why) > LONGEST_REASON:
        raise Invalid("operator.reason_too_long", most=LONGEST_REASON)
    which = as_id(id)
    if change(session, actor, "suspend", which=which, why=why):
        _tell(session, actor, which, "business.suspended", after={"reason": why})


def free(session: Session, actor: Actor, id: Any) -> None:
    """Harmless to repeat. Raises ConfirmItsYou, NotFound."""
    which = as_id(id)
    reason = select(Business.suspension_reason).where(col(Business.id) == which)
    before = session.execute(reason).scalar() or ""
    if change(session, actor, "suspend", which=which, why=""):
        _tell(session, actor, which, "business.unsuspended", before={"reason": before})


def _tell(session: Session, actor: Actor, business_id: int, act: str, **what: Any) -> None:
    """In the audit log of that business, and to every tab that shows it."""
    enter(session, business_id, "operator")
    them = Actor(actor.account_id, business_id, "operator", actor.session_id)
    name = select(Business.name).where(col(Business.id) == business_id)
    note(session, them, act, session.execute(name).scalar_one(), **what)
    record(session, Missed(business_id))
