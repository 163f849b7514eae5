"""Keys with which another system speaks for a business, and what it may say with one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from chatrigo import limits, security
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, as_id, enter, owned, require
from chatrigo.domain.accounts.step_up import require_recent
from chatrigo.domain.channels import people
from chatrigo.domain.channels.people import Who
from chatrigo.domain.conversations.receive import Inbound, Received, receive
from chatrigo.domain.fields import line_of, storable
from chatrigo.errors import Invalid, NotFound, SignedOut
from chatrigo.models.channel import ApiKey
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel

KIND = "api"
PREFIX = "ck_"
_SHOW_KEY = text("SELECT set_config('chatrigo.api_key', :hash, true)")


@dataclass(frozen=True, slots=True)
class KeyRow:
    id: int
    channel_id: int
    name: str
    hint: str
    created_at: str
    last_used_at: str


def list_keys(session: Session, actor: Actor) -> list[KeyRow]:
    """Those that work, the newest first."""
    require(actor, "keys")
    query = (
        select(ApiKey)
        .where(ApiKey.business_id == actor.business_id, ApiKey.revoked_at.is_(None))  # type: ignore[union-attr]
        .order_by(ApiKey.id.desc())  # type: ignore[union-attr]
    )
    return [
        KeyRow(
            id=row.id or 0,
            channel_id=row.channel_id or 0,
            name=row.name,
            hint=row.hint,
            created_at=row.created_at.isoformat(),
            last_used_at=row.last_used_at.isoformat() if row.last_used_at else "",
        )
        for row in session.execute(query).scalars()
    ]


def make_key(session: Session, actor: Actor, channel_id: Any, name: Any) -> str:
    """A new key, which is seen only now. Raises ConfirmItsYou, Invalid, NotFound."""
    require(actor, "keys")
    require_recent(session, actor)
    channel = owned(session, actor, Channel, as_id(channel_id))
    if channel.kind != KIND:
        raise NotFound
    token = PREFIX + security.token()
    row = ApiKey(
        business_id=actor.business_id,
        channel_id=channel.id,
        name=line_of(name, "channels.key_name", most=80, least=1),
        hint=token[-4:],
        key_hash=security.digest(token),
        created_by=actor.account_id,
    )
    session.add(row)
    audit.note(session, actor, "keys.made", row.name)
    return token


def revoke_key(session: Session, actor: Actor, key_id: Any) -> None:
    """From this moment on it opens nothing. Raises ConfirmItsYou, NotFound."""
    require(actor, "keys")
    require_recent(session, actor)
    row = owned(session, actor, ApiKey, as_id(key_id))
    if row.revoked_at is None:
        row.revoked_at = now()
        audit.note(session, actor, "keys.revoked", row.name)


def business_of(session: Session, actor: Actor, token: str, channel_id: int) -> int:
    """Whose key it is, if it is good for the channel. Raises SignedOut, NotFound."""
    return _holder(session, token, channel_id).business_id


def write(
    session: Session, actor: Actor, token: str, channel_id: int, sent: dict[str, Any], key: str
) -> Received:
    """
    A customer's message by another system: `{"contact": {"id", "name"}, "message": {"id", "text"}}`.

    The same `key` (or else message id) is stored once. Raises SignedOut, NotFound, Invalid,
    LimitReached.
    """
    holder = _holder(session, token, channel_id)
    limits.check(session, "api messages by key", str(holder.id))
    if holder.last_used_at is None or (now() - holder.last_used_at).total_seconds() > 60:
        session.execute(update(ApiKey).where(ApiKey.id == holder.id).values(last_used_at=now()))
    ours = Actor(None, holder.business_id, "system")
    contact, message = _part(sent, "contact"), _part(sent, "message")
    who = Who(_word(contact.get("id")), str(contact.get("name") or ""))
    id = _word(key or message.get("id"), most=100)
    body = storable(message.get("text"))
    return receive(
        session,
        ours,
        Inbound(
            channel_id=channel_id,
            external_id=who.id,
            message_id=f"api:{id}",
            body=body,
            contact_id=people.contact_of(session, ours, channel_id, who),
            at=now(),
            extra={"from": who.id},
        ),
    )


def _holder(session: Session, token: str, channel_id: int) -> ApiKey:
    hash = security.digest(token)
    session.execute(_SHOW_KEY, {"hash": hash})
    query = select(ApiKey).where(ApiKey.key_hash == hash, ApiKey.revoked_at.is_(None))  # type: ignore[union-attr]
    row = session.execute(query).scalars().first()
    if row is None or not token.startswith(PREFIX):
        raise SignedOut("errors.api_key")
    enter(session, row.business_id, "system")
    channel = session.get(Channel, channel_id)
    if channel is None or channel.kind != KIND or row.channel_id != channel_id:
        raise NotFound
    if channel.state not in ("live", "connecting"):
        raise Invalid("errors.channel_paused")
    return row


def _part(sent: dict[str, Any], name: str) -> dict[str, Any]:
    part = sent.get(name)
    if not isinstance(part, dict):
        raise Invalid("errors.bad_json")
    return part


def _word(value: Any, most: int = 128) -> str:
    text = storable(value) if isinstance(value, str) else str(value or "")
    if not 0 < len(text) <= most:
        raise Invalid("errors.message_key")
    return text
