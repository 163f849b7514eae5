"""Taking in what a channel's vendor sent: read by its adapter, done in the domain, in order."""

import asyncio
import json
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from dbos import DBOS

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import Actor, system
from chatrigo.domain.channels import came, inbound
from chatrigo.domain.channels.accounts import OpenedChannel, open_account
from chatrigo.domain.channels.came import Came, File, Heard
from chatrigo.domain.channels.inbound import Act
from chatrigo.domain.channels.people import Who
from chatrigo.errors import ChatrigoError, Invalid, NotFound
from chatrigo.integrations import images, storage
from chatrigo.integrations.channels import registry
from chatrigo.integrations.channels.port import (
    Adapter,
    EchoCame,
    Event,
    Media,
    MessageCame,
    Person,
    PersonChanged,
    PersonLeft,
    ReactionCame,
    SendFailed,
    StatusCame,
)

log = logging.getLogger(__name__)

# How long an echo or a status waits for the answer of the very call that caused it.
LOOKS, LOOK_SECONDS = 10, 0.2
FILE_TRIES, FILE_PAUSE_SECONDS = 4, 2.0
TRIES, PAUSE_SECONDS = 4, 0.5

_seen: set[asyncio.Task[None]] = set()


@DBOS.workflow(name="take_in")
async def take_in(business_id: int, channel_id: int) -> None:
    """All that waits on a channel, the oldest first."""
    actor = system(business_id)
    while call := await db.run(inbound.next_call, actor, channel_id):
        for attempt in range(TRIES):
            try:
                await _take(actor, channel_id, call)
                break
            except NotFound:
                return  # the channel is gone, and what it sent with it
            except Exception as error:
                log.exception("Could not take in call %s", call.id)
                if attempt == TRIES - 1:
                    await db.run(inbound.give_up, actor, call.id, type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS * 2**attempt)


async def _take(actor: Actor, channel_id: int, call: inbound.Waiting) -> None:
    channel = await db.run(open_account, actor, channel_id)
    adapter = registry.adapter_of(channel.kind)
    account = registry.account_of(channel)
    events = adapter.parse(account, json.loads(call.body))
    await _let_sending_end(actor, channel_id, events)
    acts = [act for event in events if (act := _act(channel_id, adapter, event))]
    given = await db.run(inbound.take, actor, channel_id, call.id, acts, _why_not(events, acts))
    if channel.state == "live":
        for heard in given:
            if isinstance(heard, Heard):
                _tell_seen(adapter, channel, heard)


def _act(channel_id: int, adapter: Adapter, event: Event) -> Act | None:
    """What an event does; None for what is nothing for us."""
    match event:
        case MessageCame():
            window = adapter.limits.window
            return partial(came.message, channel_id=channel_id, came=_came(event, window))
        case EchoCame():
            return partial(came.echo, channel_id=channel_id, came=_came(event, 0))
        case StatusCame():
            failure = event.failure
            return partial(
                came.status,
                channel_id=channel_id,
                message_id=event.message_id,
                state=event.status,
                at=event.at,
                key=event.key,
                advice=failure.advice if failure else "",
                error_key=failure.key if failure else "channels.failed_other",
                error_code=failure.code if failure else "",
            )
        case ReactionCame():
            return partial(
                came.reaction,
                channel_id=channel_id,
                who=_who(event.person),
                message_id=event.message_id,
                emoji=event.emoji,
            )
        case PersonChanged():
            return partial(
                came.person_changed, channel_id=channel_id, old=event.old, new=_who(event.new)
            )
        case PersonLeft():
            return partial(
                came.person_left, channel_id=channel_id, who=_who(event.person), left=event.left
            )
    return None


def _came(event: MessageCame | EchoCame, window: int) -> Came:
    """One shape for both; what only a customer's message has is left at its default."""
    more: dict[str, Any] = {}
    if isinstance(event, MessageCame):
        more = {"kind": event.kind, "edits": event.edits, "about": dict(event.about)}
    files = [
        File(media.kind, media.reference, media.mime, media.name, media.voice)
        for media in event.media
    ]
    return Came(
        message_id=event.message_id,
        who=_who(event.person),
        at=event.at,
        body=event.body,
        files=files,
        window=window,
        **more,
    )


def _who(person: Person) -> Who:
    return Who(person.id, person.name or person.username, person.also)


def _why_not(events: Sequence[Event], acts: Sequence[Act]) -> str:
    """What stands beside a call that had nothing for us at all."""
    if acts or not events:
        return "" if acts else "nothing"
    return "; ".join(dict.fromkeys(getattr(event, "why", "") for event in events))


async def _let_sending_end(actor: Actor, channel_id: int, events: Sequence[Event]) -> None:
    """An echo or a status may be faster than the answer that tells us the message's name."""
    ids = [event.message_id for event in events if isinstance(event, EchoCame | StatusCame)]
    for _ in range(LOOKS if ids else 0):
        if not await db.run(came.unsettled, actor, channel_id, ids):
            return
        await asyncio.sleep(LOOK_SECONDS)


def _tell_seen(adapter: Adapter, channel: OpenedChannel, heard: Heard) -> None:
    """The customer sees that it is read and being answered; nothing waits for that."""
    account = registry.account_of(channel)
    telling = adapter.seen(account, heard.to, heard.message_id, typing=True)
    task: asyncio.Task[None] = asyncio.ensure_future(telling)  # type: ignore[assignment,arg-type]
    _seen.add(task)
    task.add_done_callback(_over)


def _over(task: "asyncio.Task[None]") -> None:
    _seen.discard(task)
    if not task.cancelled() and task.exception():
        log.warning("a message could not be marked as read: %s", type(task.exception()).__name__)


@DBOS.workflow(name="fetch_file")
async def fetch_file(business_id: int, channel_id: int, message_id: int) -> None:
    """The file of a customer's message, checked by its content and kept."""
    actor = system(business_id)
    file = await db.run(came.wanted_file, actor, message_id)
    if file is None:
        return
    try:
        raw = await _fetched(actor, channel_id, file)
        await _keep(actor, message_id, file, raw)
    except SendFailed as failure:
        await db.run(came.lose_file, actor, message_id, failure.key)
    except (ChatrigoError, OSError):
        await db.run(came.lose_file, actor, message_id, "channels.failed_file")


async def _fetched(actor: Actor, channel_id: int, file: File) -> bytes:
    channel = await db.run(open_account, actor, channel_id)
    adapter, account = registry.adapter_of(channel.kind), registry.account_of(channel)
    media = Media(file.kind, file.reference, file.mime, file.name, file.voice)  # type: ignore[arg-type]
    most = settings.attachment_megabytes * 1024 * 1024
    for attempt in range(FILE_TRIES):
        try:
            return await adapter.fetch(account, media, most)
        except SendFailed as failure:
            if failure.advice not in ("retry", "wait", "unknown") or attempt == FILE_TRIES - 1:
                raise
            await asyncio.sleep(max(failure.retry_after, FILE_PAUSE_SECONDS * 2**attempt))
    raise AssertionError("unreachable")


async def _keep(actor: Actor, message_id: int, file: File, raw: bytes) -> None:
    """Pictures are made anew; whatever else is only ever handed out as a download."""
    if file.kind in ("image", "sticker"):
        try:
            picture = await asyncio.to_thread(images.inspect, raw)
        except Invalid:
            await db.run(came.lose_file, actor, message_id, "channels.failed_picture")
            return
        sha256 = await storage.put(picture.bytes)
        await db.run(
            came.keep_file,
            actor,
            message_id,
            sha256=sha256,
            mime=picture.mime,
            size=len(picture.bytes),
            width=picture.width,
            height=picture.height,
        )
        return
    sha256 = await storage.put(raw)
    await db.run(came.keep_file, actor, message_id, sha256=sha256, mime=file.mime, size=len(raw))
