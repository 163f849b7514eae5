"""A promise that a person of the shop comes back to the customer."""

from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy.orm import Session

from chatrigo.domain import follow_ups
from chatrigo.domain.access import Actor
from chatrigo.domain.tools.tool import Arguments, Context, Refused, Tool
from chatrigo.errors import Invalid


class Promise(Arguments):
    what: str = Field(
        min_length=3, max_length=300, description="What a person is to do, in the shop's language."
    )
    due: datetime = Field(description="When, at the shop's own clock: 2026-11-25T15:00.")


def book_follow_up(
    session: Session, actor: Actor, context: Context, arguments: Promise
) -> dict[str, Any]:
    try:
        row = follow_ups.book(
            session,
            actor,
            context.conversation_id,
            arguments.what,
            arguments.due.replace(tzinfo=None),
            message_id=context.message_id,
        )
    except Invalid as refused:
        raise Refused(_WHY.get(refused.key, "That is no follow-up.")) from None
    return {"booked": True, "due": row.due_local}


_WHY = {
    "follow_up.past": "That moment is over. Ask the customer when suits them.",
    "follow_up.far": "That is more than a year ahead. Ask the customer for an earlier day.",
}

TOOL = Tool(
    name="book_follow_up",
    description=(
        "Note that a person of the shop comes back to the customer at a time that the customer "
        "asked for. Call it only when the customer wants that."
    ),
    arguments=Promise,
    effect="writes",
    permission="inbox.write",
    run=book_follow_up,
)
