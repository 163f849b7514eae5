"""What a business has chosen: its profile, its canned replies, its labels."""

from sqlalchemy.orm import Session
from sqlmodel import select

from chatrigo.domain.access import Actor
from chatrigo.errors import NotFound
from chatrigo.models.business import Business


def own_business(session: Session, actor: Actor, *, lock: bool = False) -> Business:
    """
    The actor's business. `lock` lets one change of its lists happen at a time, so that limits
    and unique names hold, without holding up whoever merely refers to the business.
    """
    query = select(Business).where(Business.id == actor.business_id)
    if lock:
        query = query.with_for_update(key_share=True)
    business = session.execute(query).scalars().first()
    if business is None:
        raise NotFound
    return business
