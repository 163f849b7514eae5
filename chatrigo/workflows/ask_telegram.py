"""
Asking Telegram for updates, where Chatrigo has no https address that Telegram could call.

What it tells is kept exactly as a call of its would be; only then is the next question asked,
which tells Telegram that it may forget. One process asks for all: Telegram refuses a second one.
"""

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC, system
from chatrigo.domain.channels import inbound, trouble
from chatrigo.domain.channels.accounts import open_account
from chatrigo.domain.channels.polled import Polled, to_ask
from chatrigo.errors import NotFound
from chatrigo.integrations.channels import registry
from chatrigo.integrations.channels.port import SendFailed
from chatrigo.integrations.channels.telegram import adapter

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
WAIT_SECONDS = 25.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0


async def keep_asking() -> None:
    """Until cancelled: one question at a time for every connected bot."""
    if settings.https:
        return
    post, asking = db.Post("ask telegram"), dict[Polled, asyncio.Task[None]]()
    try:
        while True:
            wanted = await _wanted(post)
            for polled in [each for each in asking if each not in wanted or asking[each].done()]:
                await _end(asking.pop(polled))
            for polled in wanted:
                if polled not in asking:
                    asking[polled] = asyncio.create_task(_ask(polled))
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        for task in asking.values():
            await _end(task)
        post.leave()


async def _wanted(post: db.Post) -> list[Polled]:
    try:
        if not await asyncio.to_thread(post.hold):
            return []
        return await db.run(to_ask, PUBLIC, adapter.kind)
    except Exception:
        log.exception("Could not look for bots to ask for")
        return []


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task


async def _ask(polled: Polled) -> None:
    after, pause = 0, FIRST_PAUSE_SECONDS
    while True:
        try:
            updates = await _updates(polled, after)
            await _keep(polled, updates)
        except NotFound:
            return  # disconnected meanwhile
        except SendFailed as failure:
            if failure.advice == "auth":
                actor = system(polled.business_id)
                await db.run(trouble.mark_broken, actor, polled.channel_id, failure.key)
                return
            await asyncio.sleep(max(pause, failure.retry_after))
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            continue
        pause = FIRST_PAUSE_SECONDS
        # After a quiet week Telegram numbers anew, perhaps lower. All is confirmed by then.
        after = updates[-1]["update_id"] if updates else 0


async def _updates(polled: Polled, after: int) -> list[dict[str, Any]]:
    channel = await db.run(open_account, system(polled.business_id), polled.channel_id)
    found = await adapter.updates(registry.account_of(channel), after, WAIT_SECONDS)
    return [update for update in found if isinstance(update.get("update_id"), int)]


async def _keep(polled: Polled, updates: list[dict[str, Any]]) -> None:
    actor = system(polled.business_id)
    for update in updates:
        body = json.dumps(update, ensure_ascii=False).encode(errors="replace")
        await db.run(inbound.keep, actor, polled.channel_id, body)
