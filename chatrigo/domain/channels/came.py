"""What the events of a channel do here: messages, replies from elsewhere, statuses, people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chatrigo import duties
from chatrigo.domain.access import Actor, owned
from chatrigo.domain.channels import people
from chatrigo.domain.channels.fate import RANK, mirror
from chatrigo.domain.channels.outbox import close_window, require_row
from chatrigo.domain.channels.people import Who
from chatrigo.domain.channels.trouble import mark_broken
from chatrigo.domain.conversations.changed import announce_message
from chatrigo.domain.conversations.post import LONGEST, announce_change, event, post
from chatrigo.domain.conversations.receive import Inbound, Received, receive
from chatrigo.domain.conversations.turn import hand_to_person
from chatrigo.domain.fields import storable
from chatrigo.errors import NotFound
from chatrigo.models.channel import OutboxMessage
from chatrigo.models.columns import now
from chatrigo.models.conversation import Attachment, Conversation, Message

# The table's names of what an adapter calls otherwise.
KINDS = {"choice": "text", "unsupported": "other"}
KNOWN = frozenset(
    {"text", "image", "audio", "video", "document", "sticker", "location", "contacts", "order"}
)
MEDIA = "media"


@dataclass(frozen=True, slots=True)
class File:
    """A file that the vendor still has."""

    kind: str
    reference: str
    mime: str = ""
    name: str = ""
    voice: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "reference": self.reference,
            "mime": self.mime,
            "name": self.name,
            "voice": self.voice,
        }


@dataclass(frozen=True, slots=True)
class Came:
    """A message as an adapter read it; `window` is how many hours it may be answered freely."""

    message_id: str
    who: Who
    at: datetime
    body: str = ""
    kind: str = "text"
    files: Sequence[File] = ()
    edits: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    window: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """For the workflow: a new message that the assistant will answer."""

    to: str
    message_id: str


def message(session: Session, actor: Actor, channel_id: int, came: Came) -> Heard | None:
    """A customer's message, once; its files are fetched by a duty of its own."""
    if came.edits:
        _edit(session, actor, channel_id, came)
        return None
    contact_id = people.contact_of(session, actor, channel_id, came.who)
    received = None
    for number, file in enumerate(came.files or (None,)):
        received = _store(session, actor, channel_id, contact_id, came, number, file)
    if received is None or received.again:
        return None
    handler = select(Conversation.handler).where(Conversation.id == received.conversation_id)
    if session.execute(handler).scalar() != "ai":
        return None
    return Heard(came.who.id, came.message_id)


def echo(session: Session, actor: Actor, channel_id: int, came: Came) -> None:
    """A person of the shop wrote in the vendor's own app: theirs from here on. Ours is no news."""
    if _is_ours(session, channel_id, came.message_id):
        return
    contact_id = people.contact_of(session, actor, channel_id, came.who)
    conversation = people.latest_conversation(session, channel_id, contact_id)
    if conversation is None:
        conversation = Conversation(
            business_id=actor.business_id,
            channel_id=channel_id,
            contact_id=contact_id,
            handler="human",
        )
        session.add(conversation)
        session.flush()
    hand_to_person(session, actor, conversation)
    for number, file in enumerate(came.files or (None,)):
        row = post(
            session,
            actor,
            conversation,
            author="human",
            kind=file.kind if file else "text",
            body=_body(came) if number == 0 else "",
            provider_message_id=_numbered(came.message_id, number),
            created_at=min(came.at, now()),
            generation={MEDIA: file.as_json()} if file else {},
            changes={"unread": 0},
            outgoing=None,
        )
        if row and file:
            _promise_file(session, actor, channel_id, row.id)


def status(
    session: Session,
    actor: Actor,
    channel_id: int,
    *,
    message_id: str,
    state: str,
    at: datetime,
    key: str = "",
    advice: str = "",
    error_key: str = "",
    error_code: str = "",
) -> None:
    """What became of a message of ours: only ever further, and each moment is kept."""
    row = require_row(session, channel_id, message_id, key)
    at = min(at, now())
    row.provider_message_id = row.provider_message_id or message_id[:200]
    if state == "failed":
        if RANK[row.state] > RANK["sent"] or row.payload.get("heard"):
            return
        row.state, row.failed_at = "failed", at
        row.advice, row.error_key, row.error_code = advice, error_key[:80], error_code[:40]
        if advice == "window":
            close_window(session, row.conversation_id)
        if advice in ("auth", "account"):
            mark_broken(session, actor, channel_id, error_key)
    else:
        row.payload = {**row.payload, "heard": True}
        if RANK[state] >= RANK[row.state]:
            row.state = state
            row.advice = row.error_key = row.error_code = ""
        name = f"{state}_at"
        if getattr(row, name) is None or state == "sent":
            setattr(row, name, at)
    mirror(session, actor, row)
    if advice == "window":
        announce_change(session, actor, row.conversation_id)


def reaction(
    session: Session, actor: Actor, channel_id: int, who: Who, message_id: str, emoji: str
) -> None:
    """Noted beside the conversation; it asks for no answer."""
    conversation = _of_person(session, channel_id, who)
    code = "reacted" if emoji else "unreacted"
    event(session, actor, conversation, code, generation={"to": storable(emoji)[:40]})


def person_changed(session: Session, actor: Actor, channel_id: int, old: str, new: Who) -> None:
    """The same person under another id, which is what to answer to from now on."""
    contact_id = people.contact_of(
        session, actor, channel_id, Who(new.id, new.name, (old, *new.also))
    )
    conversation = people.latest_conversation(session, channel_id, contact_id)
    if conversation is not None:
        event(session, actor, conversation, "renumbered")


def person_left(session: Session, actor: Actor, channel_id: int, who: Who, left: bool) -> None:
    conversation = _of_person(session, channel_id, who)
    event(session, actor, conversation, "left" if left else "came_back")


def unsettled(session: Session, actor: Actor, channel_id: int, ids: Sequence[str]) -> bool:
    """Whether one of these may be of a message whose sending is not noted yet."""
    known = select(OutboxMessage.provider_message_id).where(
        OutboxMessage.channel_id == channel_id, OutboxMessage.provider_message_id.in_(ids)
    )
    if set(ids) <= set(session.execute(known).scalars()):
        return False
    sending = select(OutboxMessage.id).where(
        OutboxMessage.channel_id == channel_id, OutboxMessage.state == "sending"
    )
    return session.execute(sending.limit(1)).first() is not None


def wanted_file(session: Session, actor: Actor, message_id: int) -> File | None:
    """The file that a message still lacks."""
    found = session.execute(
        select(Message.generation, Message.attachment_id).where(Message.id == message_id)
    ).first()
    media = found.generation.get(MEDIA) if found and not found.attachment_id else None
    return File(**media) if media else None


def keep_file(
    session: Session,
    actor: Actor,
    message_id: int,
    *,
    sha256: str,
    mime: str,
    size: int,
    width: int = 0,
    height: int = 0,
) -> None:
    """The file of a message is here: show it."""
    row = owned(session, actor, Message, message_id, lock=True)
    file = Attachment(
        business_id=actor.business_id,
        sha256=sha256,
        mime=mime[:60],
        bytes=size,
        width=width,
        height=height,
    )
    session.add(file)
    session.flush()
    row.attachment_id = file.id
    announce_message(session, actor, message_id)


def lose_file(session: Session, actor: Actor, message_id: int, key: str) -> None:
    """It can't be had; the bubble says why."""
    row = owned(session, actor, Message, message_id, lock=True)
    row.generation = {**row.generation, "failed": key}
    announce_message(session, actor, message_id)


def _store(
    session: Session,
    actor: Actor,
    channel_id: int,
    contact_id: int,
    came: Came,
    number: int,
    file: File | None,
) -> Received:
    kind = KINDS.get(came.kind, came.kind if came.kind in KNOWN else "other")
    if number:
        kind = file.kind if file else kind
    body = _body(came) if number == 0 else ""
    if kind == "text" and not body:
        kind = "other"
    extra: dict[str, Any] = {"from": came.who.id}
    if file:
        extra[MEDIA] = file.as_json()
    if came.about:
        extra["about"] = came.about
    at = min(came.at, now())
    received = receive(
        session,
        actor,
        Inbound(
            channel_id=channel_id,
            external_id=came.who.id,
            message_id=_numbered(came.message_id, number),
            body=body,
            contact_id=contact_id,
            kind=kind,
            at=at,
            window_closes_at=at + timedelta(hours=came.window) if came.window else None,
            extra=extra,
        ),
    )
    if file and not received.again:
        _promise_file(session, actor, channel_id, received.message_id)
    return received


def _promise_file(session: Session, actor: Actor, channel_id: int, message_id: int) -> None:
    duties.enqueue(
        session,
        "fetch_file",
        actor.business_id,
        channel_id,
        message_id,
        key=f"file:{message_id}",
        queue="files",
        partition=str(message_id),
    )


def _edit(session: Session, actor: Actor, channel_id: int, came: Came) -> None:
    query = select(Message).where(
        Message.channel_id == channel_id, Message.provider_message_id == came.edits
    )
    found = session.execute(query).scalars().first()
    body = _body(came)
    if found is not None and body and found.body != body:
        found.body = body
        announce_message(session, actor, found.id or 0)


def _body(came: Came) -> str:
    return storable(came.body).strip()[:LONGEST]


def _numbered(message_id: str, number: int) -> str:
    """Unlike any other message's; the table keeps 128 characters."""
    name = message_id if len(message_id) <= 120 else message_id[-120:]
    return f"{name}#{number + 1}" if number else name


def _is_ours(session: Session, channel_id: int, message_id: str) -> bool:
    try:
        require_row(session, channel_id, message_id, "")
    except NotFound:
        return False
    return True


def _of_person(session: Session, channel_id: int, who: Who) -> Conversation:
    contact_id = people.find_contact(session, channel_id, who)
    found = people.latest_conversation(session, channel_id, contact_id) if contact_id else None
    if found is None:
        raise NotFound
    return found
