"""Vectors of the business's knowledge: the promise to make them, and what that work reads and keeps.

Making them takes a model, so `chatrigo.workflows.vectors` does it after the entries are saved.
"""

from collections.abc import Mapping
from secrets import token_hex

from sqlalchemy.orm import Session
from sqlmodel import col, select

from chatrigo import duties
from chatrigo.config import settings
from chatrigo.domain.access import Actor
from chatrigo.models.business import Business
from chatrigo.retrieval import dense
from chatrigo.retrieval.dense import Vector, Wanted

PROMISED = "vectors promised"
AT_ONCE = 16


def promise_vectors(session: Session, actor: Actor) -> None:
    """Have the vectors of what was just saved made; once a transaction is enough."""
    if settings.embedding_model == "off" or session.info.get(PROMISED):
        return
    session.info[PROMISED] = True
    duties.enqueue(
        session,
        "make_vectors",
        actor.business_id,
        key=f"vectors:{actor.business_id}:{token_hex(8)}",
        queue="answers",
        partition=f"vectors:{actor.business_id}",
    )


def wanted_vectors(session: Session, actor: Actor, model: str) -> list[Wanted]:
    """The next entries that have no vector; none where PostgreSQL could not compare them."""
    if not dense.comparable(session):
        return []
    return dense.wanted(session, actor.business_id, model, AT_ONCE)


def keep_vectors(session: Session, actor: Actor, vectors: Mapping[Wanted, Vector]) -> None:
    dense.keep(session, actor.business_id, vectors)


def businesses(session: Session, _actor: Actor) -> list[int]:
    """Every business there is; what they know is asked of each as itself."""
    return [id for id in session.scalars(select(Business.id).order_by(col(Business.id))) if id]


def promise_missing_vectors(session: Session, actor: Actor, model: str) -> bool:
    """Promise what is missing in this business, as after a change of the model."""
    if not wanted_vectors(session, actor, model):
        return False
    promise_vectors(session, actor)
    return True
