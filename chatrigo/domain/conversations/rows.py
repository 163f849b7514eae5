"""What screens are given: finished rows, without a database behind them."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause, Row, ScalarSelect, Select, Table, func, inspect, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from chatrigo import file_links
from chatrigo.domain.access import Actor
from chatrigo.errors import NotFound
from chatrigo.i18n import translate
from chatrigo.models.account import Account
from chatrigo.models.business import Business, Label
from chatrigo.models.conversation import (
    Attachment,
    Channel,
    Contact,
    Conversation,
    ConversationLabel,
    Message,
)

WINDOW = 50
SNIPPET = 120
PICTURES = ("image", "sticker")


@dataclass(frozen=True, slots=True)
class LabelRow:
    id: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One thing the assistant knew when it answered; `kind` is that of the entry."""

    entry_id: int
    title: str
    body: str
    kind: str = "qa"


@dataclass(frozen=True, slots=True)
class CalledRow:
    """A tool that the assistant called before it answered; `arguments` as JSON."""

    name: str
    arguments: str
    state: str
    result: str


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """
    `at` is the moment of the last message, ISO 8601 in UTC; `channel` the kind of its channel.

    window_closes_at  until when the customer may be answered freely; empty if there is no limit
    """

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
    channel_id: int = 0
    channel_name: str = ""
    window_closes_at: str = ""
    labels: list[LabelRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """
    `at` is ISO 8601 in UTC, `day` the date in the business's zone.

    picture  a signed link, where the message has one; `file` where it is no picture
    failure  why it did not reach the customer, in both languages
    key    the sender's own key, by which a waiting bubble is recognised
    mode   how an answer of the assistant came about: model, approved, clarify, small_talk, hand_over
    verdict  what staff think of an answer: good, bad, or empty
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
    file: str = ""
    failure: str = ""
    failure_en: str = ""
    width: int = 0
    height: int = 0
    mode: str = ""
    model: str = ""
    tokens: int = 0
    detail: str = ""
    verdict: str = ""
    evidence: list[EvidenceRow] = field(default_factory=list)
    calls: list[CalledRow] = field(default_factory=list)


MESSAGE = cast(Table, inspect(Message).local_table)
CONVERSATION = cast(Table, inspect(Conversation).local_table)
_OF_CONVERSATION = (
    *("id", "contact_id", "status", "handler", "needs_person", "assignee_id", "unread"),
    *("snippet", "snippet_author", "last_message_at", "created_at"),
    *("channel_id", "window_closes_at"),
)
_OF_MESSAGE = (
    *("id", "business_id", "conversation_id", "author", "kind", "body", "created_at", "delivery"),
    *("provider_message_id", "attachment_id", "evidence", "generation", "verdict"),
)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def business_zone(session: Session, business_id: int) -> ZoneInfo:
    return zone_named(session.scalar(select(Business.zone).where(Business.id == business_id)))


def zone_named(name: str | None) -> ZoneInfo:
    return _zone(name or "Asia/Jakarta")


def conversation_query(of: FromClause = CONVERSATION) -> Select[*tuple[Any, ...]]:
    """
    The columns of a ConversationRow; filters are the caller's.

    `of` may also be conversations that the same statement has just changed.
    """
    return (
        select(
            *(of.c[name] for name in _OF_CONVERSATION),
            Contact.name.label("contact_name"),
            Channel.kind.label("channel_kind"),
            Channel.name.label("channel_name"),
            Account.name.label("assignee_name"),
            Account.email.label("assignee_email"),
            _labels(of).label("labels"),
        )
        .join_from(of, Contact, Contact.id == of.c.contact_id)
        .join(Channel, Channel.id == of.c.channel_id)
        .outerjoin(Account, Account.id == of.c.assignee_id)
    )


def _labels(of: FromClause) -> ScalarSelect[Any]:
    label = func.json_build_array(Label.id, Label.name, Label.colour)
    return (
        select(func.json_agg(aggregate_order_by(label, func.lower(Label.name))))
        .where(Label.id == ConversationLabel.label_id, ConversationLabel.conversation_id == of.c.id)
        .correlate(of)
        .scalar_subquery()
    )


def conversation_row(session: Session, actor: Actor, id: int) -> ConversationRow:
    """Raises NotFound."""
    query = conversation_query().where(
        Conversation.business_id == actor.business_id, Conversation.id == id
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    return finished_conversation(found)


def finished_conversation(row: Row[*tuple[Any, ...]]) -> ConversationRow:
    """Finish a row of `conversation_query()`."""
    return ConversationRow(
        id=row.id,
        contact_id=row.contact_id,
        contact_name=row.contact_name,
        channel=row.channel_kind,
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
        channel_id=row.channel_id,
        channel_name=row.channel_name,
        window_closes_at=row.window_closes_at.isoformat() if row.window_closes_at else "",
        labels=[LabelRow(*label) for label in row.labels or ()],
    )


def message_query(of: FromClause = MESSAGE) -> Select[*tuple[Any, ...]]:
    """
    The columns of a MessageRow; filters are the caller's.

    `of` may also be messages that the same statement has just added.
    """
    return (
        select(
            *(of.c[name] for name in _OF_MESSAGE),
            Account.name.label("account_name"),
            Attachment.width,
            Attachment.height,
        )
        .join_from(of, Account, Account.id == of.c.account_id, isouter=True)
        .outerjoin(Attachment, Attachment.id == of.c.attachment_id)
    )


def message_row(row: Row[*tuple[Any, ...]], zone: ZoneInfo) -> MessageRow:
    """Finish a row of `message_query()`."""
    generation = row.generation or {}
    failed = generation.get("failed", "")
    link = file_links.make(row.business_id, row.attachment_id) if row.attachment_id else ""
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
        picture=link if row.kind in PICTURES else "",
        file=link if row.kind not in PICTURES else "",
        failure=translate(failed, "id") if failed else "",
        failure_en=translate(failed, "en") if failed else "",
        width=row.width or 0,
        height=row.height or 0,
        mode=generation.get("mode", ""),
        model=generation.get("model", ""),
        tokens=generation.get("input_tokens", 0) + generation.get("output_tokens", 0),
        detail=generation.get("reason") or generation.get("to", ""),
        verdict=row.verdict,
        evidence=[
            EvidenceRow(e["entry_id"], e["title"], e["body"], e.get("kind", "qa"))
            for e in row.evidence or []
        ],
        calls=[
            CalledRow(c["name"], c["arguments"], c["state"], c["result"])
            for c in generation.get("calls", ())
        ],
    )


def day_of(moment: datetime, zone: ZoneInfo) -> str:
    """The date, ISO 8601, on which a moment falls in a zone."""
    return moment.astimezone(zone).date().isoformat()


def snippet_of(body: str) -> str:
    """One line for a list."""
    line = " ".join(body.split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"
