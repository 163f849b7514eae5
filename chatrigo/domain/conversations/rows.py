"""What screens are given: finished rows, without a database behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from chatrigo import file_links
from chatrigo.domain.access import Actor
from chatrigo.errors import NotFound
from chatrigo.models.account import Account
from chatrigo.models.business import Business, Label
from chatrigo.models.conversation import (
    Attachment,
    Contact,
    Conversation,
    ConversationLabel,
    Message,
)

WINDOW = 50
SNIPPET = 120


@dataclass(frozen=True, slots=True)
class LabelRow:
    id: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One thing the assistant knew when it answered."""

    entry_id: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """`at` is the moment of the last message, ISO 8601 in UTC."""

    id: int
    contact_id: int
    contact_name: str
    channel: str
    status: str
    handler: str
    needs_person: str
    assignee_id: int
    assignee_name: str
    unread: int
    snippet: str
    snippet_author: str
    at: str
    created_at: str
    labels: list[LabelRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """
    `at` is ISO 8601 in UTC, `day` the date in the business's zone.

    picture  a signed link, where the message has one
    key    the sender's own key, by which a waiting bubble is recognised
    mode   how an answer of the assistant came about: model, approved, small_talk, hand_over
    detail  of an event: the reason of a handover, the name of whom it was assigned to
    """

    id: int
    conversation_id: int
    author: str
    author_name: str
    kind: str
    body: str
    at: str
    day: str
    delivery: str
    key: str = ""
    picture: str = ""
    width: int = 0
    height: int = 0
    mode: str = ""
    model: str = ""
    tokens: int = 0
    detail: str = ""
    evidence: list[EvidenceRow] = field(default_factory=list)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def business_zone(session: Session, business_id: int) -> ZoneInfo:
    name = session.scalar(select(Business.zone).where(Business.id == business_id))
    return _zone(name or "Asia/Jakarta")


def conversation_query() -> Select[*tuple[Any, ...]]:
    """The columns of a ConversationRow but its labels; filters are the caller's."""
    return (
        select(
            Conversation.id,
            Conversation.contact_id,
            Contact.name.label("contact_name"),
            Conversation.status,
            Conversation.handler,
            Conversation.needs_person,
            Conversation.assignee_id,
            Account.name.label("assignee_name"),
            Account.email.label("assignee_email"),
            Conversation.unread,
            Conversation.snippet,
            Conversation.snippet_author,
            Conversation.last_message_at,
            Conversation.created_at,
        )
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Account, Account.id == Conversation.assignee_id)
    )


def conversation_rows(
    session: Session, actor: Actor, found: Iterable[Row[*tuple[Any, ...]]]
) -> list[ConversationRow]:
    """Finish the rows of `conversation_query()`."""
    rows = list(found)
    labels = _labels_of(session, actor, [row.id for row in rows])
    return [_conversation_row(row, labels.get(row.id, [])) for row in rows]


def conversation_row(session: Session, actor: Actor, id: int) -> ConversationRow:
    """Raises NotFound."""
    query = conversation_query().where(
        Conversation.business_id == actor.business_id, Conversation.id == id
    )
    rows = conversation_rows(session, actor, session.execute(query))
    if not rows:
        raise NotFound
    return rows[0]


def _conversation_row(row: Row[*tuple[Any, ...]], labels: list[LabelRow]) -> ConversationRow:
    return ConversationRow(
        id=row.id,
        contact_id=row.contact_id,
        contact_name=row.contact_name,
        channel="web",
        status=row.status,
        handler=row.handler,
        needs_person=row.needs_person,
        assignee_id=row.assignee_id or 0,
        assignee_name=row.assignee_name or row.assignee_email or "",
        unread=row.unread,
        snippet=row.snippet,
        snippet_author=row.snippet_author,
        at=row.last_message_at.isoformat(),
        created_at=row.created_at.isoformat(),
        labels=labels,
    )


def _labels_of(session: Session, actor: Actor, ids: list[int]) -> dict[int, list[LabelRow]]:
    if not ids:
        return {}
    query = (
        select(ConversationLabel.conversation_id, Label.id, Label.name, Label.colour)
        .join(Label, Label.id == ConversationLabel.label_id)
        .where(
            ConversationLabel.business_id == actor.business_id,
            ConversationLabel.conversation_id.in_(ids),
        )
        .order_by(func.lower(Label.name))
    )
    found: dict[int, list[LabelRow]] = {}
    for row in session.execute(query):
        label = LabelRow(row.id, row.name, row.colour)
        found.setdefault(row.conversation_id, []).append(label)
    return found


def message_query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Message.id,
            Message.business_id,
            Message.conversation_id,
            Message.author,
            Message.kind,
            Message.body,
            Message.created_at,
            Message.delivery,
            Message.provider_message_id,
            Message.attachment_id,
            Message.evidence,
            Message.generation,
            Account.name.label("account_name"),
            Attachment.width,
            Attachment.height,
        )
        .outerjoin(Account, Account.id == Message.account_id)
        .outerjoin(Attachment, Attachment.id == Message.attachment_id)
    )


def message_row(row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> MessageRow:
    """Finish a row of `message_query()`."""
    generation = row.generation or {}
    return MessageRow(
        id=row.id,
        conversation_id=row.conversation_id,
        author=row.author,
        author_name=row.account_name or "",
        kind=row.kind,
        body=row.body,
        at=row.created_at.isoformat(),
        day=day_of(row.created_at, zone),
        delivery=row.delivery,
        key=row.provider_message_id or "",
        picture=file_links.make(row.business_id, row.attachment_id) if row.attachment_id else "",
        width=row.width or 0,
        height=row.height or 0,
        mode=generation.get("mode", ""),
        model=generation.get("model", ""),
        tokens=generation.get("input_tokens", 0) + generation.get("output_tokens", 0),
        detail=generation.get("reason") or generation.get("to", ""),
        evidence=[EvidenceRow(e["entry_id"], e["title"], e["body"]) for e in row.evidence or []],
    )


def day_of(moment: datetime, zone: ZoneInfo) -> str:
    """The date, ISO 8601, on which a moment falls in a zone."""
    return moment.astimezone(zone).date().isoformat()


def snippet_of(body: str) -> str:
    """One line for a list."""
    line = " ".join(body.split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"
