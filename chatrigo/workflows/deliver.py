"""
Sending what waits in the outbox: one conversation at a time, in order, at the vendor's pace.

That a message is being sent is committed before the vendor is called. A run that is cut short
begins again here, finds it so, and asks what became of it instead of sending it anew.
"""

import asyncio
import logging
import time
from typing import Any

from dbos import DBOS

from chatrigo import db
from chatrigo.domain.access import Actor, system
from chatrigo.domain.channels import outbox
from chatrigo.domain.channels.accounts import open_account
from chatrigo.domain.channels.outbox import Claim, Rules
from chatrigo.errors import NotFound
from chatrigo.integrations import storage
from chatrigo.integrations.channels import registry
from chatrigo.integrations.channels.port import (
    Account,
    Adapter,
    Choice,
    File,
    Outgoing,
    SendFailed,
    Template,
)

log = logging.getLogger(__name__)

UNKNOWN = SendFailed("unknown", "channels.failed_unknown")
# An account's next free moment to send, by its channel; of this process.
_free_at: dict[int, float] = {}


@DBOS.workflow(name="deliver")
async def deliver(business_id: int, conversation_id: int) -> None:
    """Send all that waits for one conversation."""
    actor = system(business_id)
    found = await db.run(outbox.channel_of, actor, conversation_id)
    if found is None:
        return
    channel_id, kind = found
    adapter = registry.adapter_of(kind)
    limits = adapter.limits
    rules = Rules(limits.text, limits.window, limits.seconds_between)
    while claim := await db.run(outbox.claim, actor, conversation_id, rules):
        if claim.act == "wait":
            await asyncio.sleep(claim.seconds)
        elif claim.act != "again":
            try:
                account = registry.account_of(await db.run(open_account, actor, channel_id))
                await _go(actor, adapter, account, claim)
            except NotFound:
                return  # disconnected meanwhile


async def _go(actor: Actor, adapter: Adapter, account: Account, claim: Claim) -> None:
    outgoing = await _outgoing(claim)
    if claim.act == "lost":
        await _find_out(actor, adapter, account, claim, outgoing)
        return
    await _in_turn(claim.channel_id, adapter.limits.per_second)
    try:
        sent = await adapter.send(account, outgoing)
    except SendFailed as failure:
        await _note(actor, claim, failure)
        if failure.advice == "unknown":
            await _find_out(actor, adapter, account, claim, outgoing)
        return
    except Exception:
        log.exception("message %s may or may not have gone out", claim.key)
        await _note(actor, claim, UNKNOWN)
        await _find_out(actor, adapter, account, claim, outgoing)
        return
    await db.run(outbox.note_sent, actor, claim.id, sent.message_id)


async def _find_out(
    actor: Actor, adapter: Adapter, account: Account, claim: Claim, outgoing: Outgoing
) -> None:
    """Where the vendor can tell whether it went out, it did or it stays as it is: unknown."""
    try:
        found = await adapter.find(account, outgoing)
    except Exception:
        log.warning("could not ask what became of message %s", claim.key)
        return
    if found is not None:
        await db.run(outbox.note_sent, actor, claim.id, found.message_id)


async def _note(actor: Actor, claim: Claim, failure: SendFailed) -> None:
    await db.run(
        outbox.note_failed,
        actor,
        claim.id,
        failure.advice,
        failure.key,
        code=failure.code,
        retry_after=failure.retry_after,
    )


async def _in_turn(channel_id: int, per_second: float) -> None:
    """Wait until the account may send again."""
    if not per_second:
        return
    moment = time.monotonic()
    mine = max(moment, _free_at.get(channel_id, 0))
    _free_at[channel_id] = mine + 1 / per_second
    await asyncio.sleep(mine - moment)


async def _outgoing(claim: Claim) -> Outgoing:
    more: dict[str, Any] = claim.payload
    file = None
    if claim.sha256:
        content = await asyncio.to_thread(storage.path(claim.sha256).read_bytes)
        kind = "image" if claim.mime.startswith("image/") else "document"
        file = File(kind, content, claim.mime, str(more.get("file_name", "")))  # type: ignore[arg-type]
    return Outgoing(
        key=claim.key,
        to=claim.to,
        body=claim.body,
        file=file,
        choices=tuple(Choice(**each) for each in more.get("choices", ())),
        list_button=more.get("list_button", ""),
        template=_template(more.get("template")),
        reply_to=more.get("reply_to", ""),
        subject=more.get("subject", ""),
        by_person=bool(more.get("by_person")),
        also=tuple(more.get("also", ())),
    )


def _template(said: dict[str, Any] | None) -> Template | None:
    if not said:
        return None
    return Template(
        name=said["name"],
        language=said["language"],
        header=tuple(said.get("header", ())),
        body=tuple(said.get("body", ())),
        buttons=tuple(said.get("buttons", ())),
    )
