"""Pictures that belong to a business: recorded, and found again by those who may see them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor, enter
from chatrigo.domain.conversations.visitor import identify, ticket_for
from chatrigo.errors import NotFound
from chatrigo.models.conversation import Attachment


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored file: `bytes` is its size."""

    sha256: str
    mime: str
    bytes: int
    width: int
    height: int


def add_of_visitor(session: Session, actor: Actor, slug: Any, key: Any, picture: Picture) -> str:
    """Record a picture that a visitor uploaded; returns the ticket to send it with a message."""
    visitor = identify(session, slug, key)
    row = Attachment(
        business_id=visitor.actor.business_id,
        sha256=picture.sha256,
        mime=picture.mime,
        bytes=picture.bytes,
        width=picture.width,
        height=picture.height,
    )
    session.add(row)
    session.flush()
    assert row.id
    return ticket_for(visitor, row.id)


def get_picture(session: Session, actor: Actor, business_id: int, attachment_id: int) -> Picture:
    """The picture that a signed link names. Raises NotFound."""
    enter(session, business_id, "visitor")
    query = select(
        Attachment.sha256,
        Attachment.mime,
        Attachment.bytes,
        Attachment.width,
        Attachment.height,
    ).where(Attachment.id == attachment_id, Attachment.business_id == business_id)
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return Picture(*found)
