"""Putting a message into a conversation: the one way for everybody."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.channels import outbox
from chatrigo.domain.channels.accounts import OWN
from chatrigo.domain.conversations.rows import (
    CONVERSATION,
    MESSAGE,
    ConversationRow,
    MessageRow,
    conversation_query,
    conversation_row,
    finished_conversation,
    message_query,
    message_row,
    snippet_of,
    zone_named,
)
from chatrigo.domain.fields import storable
from chatrigo.errors import Invalid
from chatrigo.events import ConversationChanged, MessageAdded, record
from chatrigo.models.business import Business
from chatrigo.models.columns import now

LONGEST = 4_000

NOTHING_MORE: dict[str, Any] = {}
_USUALLY: dict[str, Any] = {
    "account_id": None,
    "attachment_id": None,
    "provider_message_id": None,
    "in_reply_to": None,
    "evidence": [],
    "generation": {},
}


def clean_body(body: object, longest: int = LONGEST) -> str:
    """
    What was written, without the space around it and without characters no database takes.

    Raises Invalid for nothing, and for more than `longest` characters.
    """
    text = storable(str(body or "")).strip()
    if not text:
        raise Invalid("errors.message_empty")
    if len(text) > longest:
        raise Invalid("errors.message_too_long", limit=longest, length=len(text))
    return text


def post(
    session: Session,
    actor: Actor,
    conversation: Any,
    *,
    author: str,
    body: str,
    kind: str = "text",
    changes: dict[str, Any] | None = None,
    shown: bool = True,
    outgoing: dict[str, Any] | None = NOTHING_MORE,
    **values: Any,
) -> MessageRow | None:
    """
    Store a message once and tell the screens; None if its key or its reply stands already.

    `conversation` has id, business_id and channel_id. `changes` go onto the conversation in the
    same statement that moves it up the list; with `shown` false (notes, events) it stays put.

    What the shop says on a channel beside our own chat goes into its outbox here; `outgoing` is
    what it takes along (`domain.channels.outbox`), None for what the customer has already.
    """
    written: datetime = values.pop("created_at", None) or now()
    added = {
        "business_id": conversation.business_id,
        "conversation_id": conversation.id,
        "channel_id": conversation.channel_id,
        "author": author,
        "kind": kind,
        "body": body,
        "delivery": "sent",
        "created_at": written,
        **_USUALLY,
        **values,
    }
    found = session.execute(_adding(tuple(added)), _bound(added)).first()
    if found is None:
        return None
    row = message_row(found, zone_named(found.zone))
    moved = dict(changes or {})
    if shown:
        moved |= {
            "snippet": snippet_of(body),
            "snippet_author": author,
            "last_message_at": moved.get("last_message_at", written),
        }
    if not moved:
        record(session, MessageAdded(actor.business_id, row.conversation_id, row))
        return row
    changed = finished_conversation(
        session.execute(
            _changing(tuple(moved)), {"changed_id": conversation.id, **_bound(moved)}
        ).one()
    )
    if outgoing is not None and author in ("ai", "human") and changed.channel not in OWN:
        row = outbox.promise(session, actor, changed, row, outgoing)
    record(session, MessageAdded(actor.business_id, row.conversation_id, row))
    _tell(session, actor, changed)
    return row


@cache
def _adding(names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Adds a message, unless it stands already, and reads it as screens show it."""
    added = (
        upsert(MESSAGE)
        .values(_parameters(names))
        .on_conflict_do_nothing()
        .returning(*MESSAGE.c)
        .cte("added")
    )
    return (
        message_query(added)
        .add_columns(Business.zone)
        .join(Business, Business.id == added.c.business_id)
    )


@cache
def _changing(names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Gives these columns of a conversation new values, and reads it as screens show it."""
    changed = (
        update(CONVERSATION)
        .where(CONVERSATION.c.id == bindparam("changed_id"))
        .values(_parameters(names))
        .returning(*CONVERSATION.c)
        .cte("changed")
    )
    return conversation_query(changed)


def _parameters(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: bindparam(f"new_{name}") for name in names}


def _bound(values: dict[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in values.items()}


def event(session: Session, actor: Actor, conversation: Any, code: str, **values: Any) -> None:
    """Note in the conversation that something happened; `code` is what, the catalogue says it."""
    post(
        session,
        actor,
        conversation,
        author="system",
        kind="event",
        body=code,
        account_id=actor.account_id,
        shown=False,
        **values,
    )


def announce_change(session: Session, actor: Actor, conversation_id: int) -> None:
    """Tell the screens how the conversation stands at the end of this transaction."""
    _tell(session, actor, conversation_row(session, actor, conversation_id))


def _tell(session: Session, actor: Actor, row: ConversationRow) -> None:
    record(session, ConversationChanged(actor.business_id, row.id, row))
