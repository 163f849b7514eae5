"""WhatsApp templates: kept as Meta has them, and sent into a conversation whose window is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, delete, select

from chatrigo.domain import audit
from chatrigo.domain.access import Actor, owned, require
from chatrigo.domain.channels import template_shape
from chatrigo.domain.channels.template_shape import ButtonRow, Shape, VariableRow
from chatrigo.domain.conversations.post import post
from chatrigo.domain.conversations.reply import staff_key
from chatrigo.domain.conversations.rows import MessageRow
from chatrigo.domain.conversations.turn import hand_to_person
from chatrigo.domain.fields import storable
from chatrigo.errors import Invalid
from chatrigo.events import SettingsChanged, record
from chatrigo.models.channel import MessageTemplate
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel, Conversation

TOPIC = "templates"
KIND = "whatsapp"
MOST = 6000
# A file above the text has to be chosen anew for each message.
SENDABLE = ("", "text")


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """
    `header`, `body` and `buttons` as the customer reads them, with Meta's examples filled in.

    warning  why it should be looked at: paused, disabled, rejected, or red/yellow quality
    """

    id: int
    channel_id: int
    name: str
    language: str
    category: str
    status: str
    reason: str = ""
    warning: str = ""
    header_kind: str = ""
    header: str = ""
    body: str = ""
    footer: str = ""
    buttons: list[ButtonRow] = field(default_factory=list)
    variables: list[VariableRow] = field(default_factory=list)
    sendable: bool = False


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A WhatsApp number of the business."""

    id: int
    name: str


def list_numbers(session: Session, actor: Actor) -> list[NumberRow]:
    require(actor, "inbox.read")
    query = (
        select(Channel.id, Channel.name)
        .where(Channel.kind == KIND, Channel.business_id == actor.business_id)
        .order_by(col(Channel.id))
    )
    return [NumberRow(row.id or 0, row.name or "WhatsApp") for row in session.execute(query)]


def list_templates(session: Session, actor: Actor, channel_id: Any) -> list[TemplateRow]:
    """Those of a number, what can be sent first."""
    require(actor, "inbox.read")
    channel = owned(session, actor, Channel, channel_id)
    query = (
        select(MessageTemplate)
        .where(MessageTemplate.channel_id == channel.id)
        .order_by(
            (col(MessageTemplate.status) == "APPROVED").desc(),
            col(MessageTemplate.name),
            col(MessageTemplate.language),
        )
        .limit(MOST)
    )
    return [_row(each) for each in session.execute(query).scalars()]


def list_sendable(session: Session, actor: Actor, conversation_id: Any) -> list[TemplateRow]:
    """What may be sent into a conversation now."""
    require(actor, "inbox.write")
    conversation = owned(session, actor, Conversation, conversation_id)
    found = list_templates(session, actor, conversation.channel_id)
    return [row for row in found if row.sendable]


def preview(session: Session, actor: Actor, template_id: Any, values: Any) -> TemplateRow:
    """One template with what is typed so far; the variables that are missing stay visible."""
    require(actor, "inbox.read")
    given = values if isinstance(values, dict) else {}
    texts = {str(k): v for k, v in given.items() if isinstance(v, str)}
    return _row(owned(session, actor, MessageTemplate, template_id), texts)


def send_template(
    session: Session,
    actor: Actor,
    conversation_id: Any,
    template_id: Any,
    variables: Any,
    key: object,
) -> MessageRow | None:
    """
    Write first, as a person: an approved template, its variables filled in by their names.

    The same `key` is stored once, then None is returned. Raises Invalid.
    """
    require(actor, "inbox.write")
    template = owned(session, actor, MessageTemplate, template_id)
    conversation = owned(session, actor, Conversation, conversation_id, lock=True)
    if template.channel_id != conversation.channel_id:
        raise Invalid("templates.other_number")
    shape = template_shape.read(template.components)
    if template.status != "APPROVED" or shape.header_kind not in SENDABLE:
        raise Invalid("templates.not_sendable")
    texts = template_shape.checked(shape, variables)
    hand_to_person(session, actor, conversation)
    sent = template_shape.outgoing(template.name, template.language, shape, texts)
    return post(
        session,
        actor,
        conversation,
        author="human",
        body=template_shape.filled(shape, texts).text,
        account_id=actor.account_id,
        provider_message_id=staff_key(actor, key),
        changes={"unread": 0},
        outgoing={"template": sent},
    )


def require_number(session: Session, actor: Actor, channel_id: Any) -> int:
    """A WhatsApp number whose templates this person may change. Raises NotFound, Invalid."""
    require(actor, "configure")
    channel = owned(session, actor, Channel, channel_id)
    if channel.kind != KIND or not channel.secrets:
        raise Invalid("templates.no_number")
    return channel.id or 0


def store_all(
    session: Session, actor: Actor, channel_id: int, found: Sequence[Mapping[str, Any]]
) -> int:
    """As Meta has them now: what is gone there is gone here. Returns how many there are."""
    require(actor, "configure")
    channel = owned(session, actor, Channel, channel_id, lock=True)
    kept = {_named(row): row for row in _all(session, channel_id)}
    seen = set()
    for each in found[:MOST]:
        place = (storable(each.get("name"))[:512], storable(each.get("language"))[:12])
        if not all(place) or place in seen:
            continue
        seen.add(place)
        row = kept.get(place) or MessageTemplate(
            business_id=actor.business_id,
            channel_id=channel.id or 0,
            name=place[0],
            language=place[1],
            category="",
        )
        session.add(_updated(row, each))
    gone = [row.id for place, row in kept.items() if place not in seen]
    session.execute(delete(MessageTemplate).where(col(MessageTemplate.id).in_(gone)))
    session.flush()
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return len(seen)


def store_new(
    session: Session,
    actor: Actor,
    channel_id: int,
    template: Mapping[str, Any],
    answer: Mapping[str, Any],
) -> TemplateRow:
    """Keep what Meta took, under the status that it gave."""
    require(actor, "configure")
    channel = owned(session, actor, Channel, channel_id, lock=True)
    place = (template["name"], template["language"])
    row = next((row for row in _all(session, channel_id) if _named(row) == place), None)
    row = row or MessageTemplate(
        business_id=actor.business_id,
        channel_id=channel.id or 0,
        name=place[0],
        language=place[1],
        category=template["category"],
    )
    session.add(_updated(row, {**template, **answer}))
    audit.note(session, actor, "channel.template_created", place[0], after={"language": place[1]})
    session.flush()
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return _row(row)


def _all(session: Session, channel_id: int) -> Sequence[MessageTemplate]:
    query = select(MessageTemplate).where(MessageTemplate.channel_id == channel_id)
    return session.execute(query).scalars().all()


def _named(row: MessageTemplate) -> tuple[str, str]:
    return row.name, row.language


def _updated(row: MessageTemplate, told: Mapping[str, Any]) -> MessageTemplate:
    components = told.get("components")
    quality = told.get("quality_score")
    score = quality.get("score") if isinstance(quality, dict) else ""
    reason = storable(told.get("rejected_reason"))
    row.provider_id = storable(told.get("id"))[:60]
    row.category = storable(told.get("category"))[:20]
    row.status = storable(told.get("status")).upper()[:20] or "PENDING"
    row.components = [c for c in components if isinstance(c, dict)] if components else []
    row.reason = reason[:300] if reason and reason != "NONE" else ""
    if score in ("YELLOW", "RED"):
        row.reason = row.reason or f"quality_{score.lower()}"
    row.synced_at = now()
    return row


def _row(template: MessageTemplate, texts: Mapping[str, str] | None = None) -> TemplateRow:
    shape: Shape = template_shape.read(template.components)
    shown = template_shape.filled(shape, texts or {}, examples=texts is None)
    approved = template.status == "APPROVED"
    return TemplateRow(
        id=template.id or 0,
        channel_id=template.channel_id,
        name=template.name,
        language=template.language,
        category=template.category,
        status=template.status,
        reason="" if template.reason.startswith("quality_") else template.reason,
        warning=_warning(template),
        header_kind=shape.header_kind,
        header=shown.header,
        body=shown.body,
        footer=shown.footer,
        buttons=shown.buttons,
        variables=shape.variables,
        sendable=approved and shape.header_kind in SENDABLE,
    )


def _warning(template: MessageTemplate) -> str:
    if template.status in ("PAUSED", "DISABLED", "REJECTED"):
        return template.status.lower()
    return template.reason if template.reason.startswith("quality_") else ""
