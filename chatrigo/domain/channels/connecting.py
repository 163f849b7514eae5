"""Connecting, pausing and disconnecting a channel; how each one is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chatrigo import security
from chatrigo.config import settings
from chatrigo.domain import audit
from chatrigo.domain.access import Actor, as_id, owned, require
from chatrigo.domain.accounts.step_up import require_recent
from chatrigo.domain.channels.accounts import OWN, OpenedChannel, lock_secrets, open_account
from chatrigo.domain.channels.outbox import promise_delivery
from chatrigo.domain.channels.trouble import TOPIC
from chatrigo.domain.fields import line_of
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import SettingsChanged, record
from chatrigo.i18n import translate
from chatrigo.models.channel import OutboxMessage
from chatrigo.models.columns import now
from chatrigo.models.conversation import Channel

REMOVED = "removed"
DAY = timedelta(hours=24)
GONE_OUT = ("sent", "delivered", "read")


class Asked(Protocol):
    """A field as a channel's adapter describes it."""

    @property
    def name(self) -> str: ...
    @property
    def secret(self) -> bool: ...
    @property
    def optional(self) -> bool: ...
    @property
    def made(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """Times are ISO 8601, empty if never; numbers are those of the last 24 hours."""

    id: int
    kind: str
    name: str
    account: str
    state: str
    problem: str
    problem_en: str
    address: str
    last_in_at: str
    last_out_at: str
    sent: int
    failed: int
    waiting: int
    error_rate: int


def list_channels(session: Session, actor: Actor) -> list[ChannelRow]:
    """The connected ones, the oldest first."""
    require(actor, "configure")
    query = (
        select(Channel)
        .where(
            Channel.business_id == actor.business_id,
            Channel.kind.not_in(OWN),  # type: ignore[attr-defined]
            Channel.state != REMOVED,
        )
        .order_by(Channel.id)  # type: ignore[arg-type]
    )
    counts = _counts(session, actor)
    return [_row(each, counts) for each in session.execute(query).scalars()]


def list_broken(session: Session, actor: Actor) -> list[str]:
    """The names of channels that stopped working, for those who can mend them."""
    query = select(Channel.name, Channel.kind).where(
        Channel.business_id == actor.business_id, Channel.state == "broken"
    )
    return [row.name or row.kind for row in session.execute(query)]


def connect(
    session: Session, actor: Actor, kind: str, fields: Sequence[Asked], form: Mapping[str, Any]
) -> int:
    """
    Keep an account that is to be checked next; what is asked for may also be made by us.

    Raises ConfirmItsYou, and Invalid for what is missing or is another business's account.
    """
    require(actor, "keys")
    require_recent(session, actor)
    said = {each.name: _said(each, form) for each in fields}
    channel = Channel(
        business_id=actor.business_id,
        kind=kind,
        name=line_of(form.get("name") or kind.title(), "channels.name", most=80),
        external_id=said.pop("external_id", "")[:254],
        state="connecting",
        hook=security.token()[:43],
        settings={each.name: said[each.name] for each in fields if _plain(each, said)},
    )
    try:
        with session.begin_nested():
            session.add(channel)
            session.flush()
    except IntegrityError:
        raise Invalid("channels.taken") from None
    lock_secrets(channel, {each.name: said[each.name] for each in fields if each.secret})
    audit.note(session, actor, "channels.connected", channel.name, after={"kind": kind})
    record(session, SettingsChanged(actor.business_id, TOPIC))
    assert channel.id
    return channel.id


def open_for_check(session: Session, actor: Actor, channel_id: Any) -> OpenedChannel:
    """With its secrets, for asking the vendor on behalf of whoever may. Keep it off the screen."""
    require(actor, "keys")
    return open_account(session, actor, _connected(session, actor, channel_id).id or 0)


def note_check(
    session: Session,
    actor: Actor,
    channel_id: Any,
    steps: Mapping[str, str],
    about: Mapping[str, str],
) -> bool:
    """What the vendor said; a channel that is well goes live, and what waited is sent."""
    require(actor, "keys")
    channel = _connected(session, actor, channel_id)
    problem = next((key for key in steps.values() if key), "")
    channel.checked_at = now()
    channel.problem = problem[:80]
    if about.get("external_id") and channel.external_id != about["external_id"]:
        _name_account(session, channel, about["external_id"])
    if not problem and channel.state in ("connecting", "broken"):
        _wake(session, actor, channel)
    elif problem and channel.state == "live":
        channel.state = "broken"
    session.flush()
    record(session, SettingsChanged(actor.business_id, TOPIC))
    return not problem


def pause(session: Session, actor: Actor, channel_id: Any) -> None:
    """Nothing goes out until it is resumed; what comes in is kept and shown."""
    require(actor, "configure")
    channel = _connected(session, actor, channel_id)
    if channel.state != "live":
        return
    channel.state = "paused"
    audit.note(session, actor, "channels.paused", channel.name)
    record(session, SettingsChanged(actor.business_id, TOPIC))


def resume(session: Session, actor: Actor, channel_id: Any) -> None:
    require(actor, "configure")
    channel = _connected(session, actor, channel_id)
    if channel.state != "paused":
        return
    _wake(session, actor, channel)
    audit.note(session, actor, "channels.resumed", channel.name)
    record(session, SettingsChanged(actor.business_id, TOPIC))


def disconnect(session: Session, actor: Actor, channel_id: Any) -> None:
    """Its secrets and its address are forgotten; the conversations stay. Raises ConfirmItsYou."""
    require(actor, "keys")
    require_recent(session, actor)
    channel = _connected(session, actor, channel_id)
    channel.state, channel.problem = REMOVED, ""
    channel.secrets = channel.hook = channel.external_id = ""
    audit.note(session, actor, "channels.disconnected", channel.name, before={"kind": channel.kind})
    record(session, SettingsChanged(actor.business_id, TOPIC))


def reveal(session: Session, actor: Actor, channel_id: Any, names: Sequence[str]) -> dict[str, str]:
    """What we made for the owner to copy into the vendor's screen. Raises ConfirmItsYou."""
    require(actor, "keys")
    require_recent(session, actor)
    opened = open_for_check(session, actor, channel_id)
    return {name: opened.secrets[name] for name in names if name in opened.secrets}


def address_of(kind: str, hook: str) -> str:
    """Where the vendor calls."""
    return f"{settings.origin}/hooks/{kind}/{hook}" if hook else ""


def _wake(session: Session, actor: Actor, channel: Channel) -> None:
    channel.state, channel.problem = "live", ""
    session.flush()
    waiting = (
        select(OutboxMessage.conversation_id)
        .where(OutboxMessage.channel_id == channel.id, OutboxMessage.state == "queued")
        .distinct()
    )
    moment = int(now().timestamp() * 1000)
    for id in session.execute(waiting).scalars():
        promise_delivery(session, actor, id, f"deliver:c{id}:{moment}")


def _connected(session: Session, actor: Actor, channel_id: Any) -> Channel:
    channel = owned(session, actor, Channel, as_id(channel_id), lock=True)
    if channel.kind in OWN or channel.state == REMOVED:
        raise NotFound
    return channel


def _name_account(session: Session, channel: Channel, external_id: str) -> None:
    try:
        with session.begin_nested():
            channel.external_id = external_id[:254]
            session.flush()
    except IntegrityError:
        raise Invalid("channels.taken") from None


def _said(field: Asked, form: Mapping[str, Any]) -> str:
    if field.made:
        return security.token()
    text = line_of(form.get(field.name), "channels.field", most=1000)
    if not text and not field.optional:
        raise Invalid("channels.field_missing", limit=1)
    return text


def _plain(field: Asked, said: Mapping[str, str]) -> bool:
    return not field.secret and field.name in said


def _counts(session: Session, actor: Actor) -> dict[tuple[int, str], int]:
    query = (
        select(OutboxMessage.channel_id, OutboxMessage.state, func.count().label("number"))
        .where(
            OutboxMessage.business_id == actor.business_id,
            OutboxMessage.created_at > now() - DAY,
        )
        .group_by(OutboxMessage.channel_id, OutboxMessage.state)
    )
    return {(row.channel_id, row.state): row.number for row in session.execute(query)}


def _row(channel: Channel, counts: Mapping[tuple[int, str], int]) -> ChannelRow:
    def number(*states: str) -> int:
        return sum(counts.get((channel.id or 0, state), 0) for state in states)

    sent, failed = number(*GONE_OUT), number("failed", "unknown")
    return ChannelRow(
        id=channel.id or 0,
        kind=channel.kind,
        name=channel.name or channel.kind.title(),
        account=channel.external_id,
        state=channel.state,
        problem=translate(channel.problem, "id") if channel.problem else "",
        problem_en=translate(channel.problem, "en") if channel.problem else "",
        address=address_of(channel.kind, channel.hook),
        last_in_at=_iso(channel.last_in_at),
        last_out_at=_iso(channel.last_out_at),
        sent=sent,
        failed=failed,
        waiting=number("queued", "sending"),
        error_rate=round(100 * failed / (sent + failed)) if sent + failed else 0,
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
