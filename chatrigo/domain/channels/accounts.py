"""A channel, opened: its secrets unlocked for whoever talks to the vendor."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chatrigo import security
from chatrigo.domain.access import Actor, enter, owned
from chatrigo.errors import NotFound
from chatrigo.models.conversation import Channel

_SHOW_HOOK = text("SELECT set_config('chatrigo.hook', :hook, true)")
# Channels without an outside: their messages go to nobody's server.
OWN = ("", "web")


@dataclass(frozen=True, slots=True)
class OpenedChannel:
    """`secrets` are open: keep this out of states, logs and facts."""

    id: int
    business_id: int
    kind: str
    external_id: str
    state: str
    hook: str
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    settings: dict[str, Any] = field(default_factory=dict)


def open_account(session: Session, actor: Actor, channel_id: int) -> OpenedChannel:
    """Raises NotFound."""
    return _opened(owned(session, actor, Channel, channel_id))


def find_by_hook(session: Session, kind: str, hook: str) -> OpenedChannel:
    """
    The channel that a vendor's call names; the transaction acts for its business from here on.

    Raises NotFound.
    """
    if not 16 <= len(hook) <= 64:
        raise NotFound
    session.execute(_SHOW_HOOK, {"hook": hook})
    query = select(Channel).where(Channel.hook == hook, Channel.kind == kind)
    channel = session.execute(query).scalars().first()
    if channel is None:
        raise NotFound
    enter(session, channel.business_id, "system")
    return _opened(channel)


def lock_secrets(channel: Channel, secrets: dict[str, str]) -> None:
    """Keep them with the channel, which must have its id."""
    channel.secrets = security.lock(_purpose(channel), json.dumps(secrets)) if secrets else ""


def _opened(channel: Channel) -> OpenedChannel:
    secrets = (
        json.loads(security.unlock(_purpose(channel), channel.secrets) or "{}")
        if (channel.secrets)
        else {}
    )
    return OpenedChannel(
        id=channel.id or 0,
        business_id=channel.business_id,
        kind=channel.kind,
        external_id=channel.external_id,
        state=channel.state,
        hook=channel.hook,
        secrets=secrets,
        settings=dict(channel.settings),
    )


def _purpose(channel: Channel) -> str:
    return f"channel {channel.id}"
