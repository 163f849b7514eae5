"""
The inbox: the list of conversations, the one that is open, and what keeps both up to date.

listed   the list: views, filters, search, windows     opened   the open conversation
corrected  what staff think of an answer
"""

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import reflex as rx

from chatrigo.domain.conversations import desk
from chatrigo.domain.conversations.desk import Desk
from chatrigo.domain.conversations.listing import Counts, count_conversations
from chatrigo.events import (
    ConversationChanged,
    DraftGrew,
    Fact,
    Inbox,
    MessageAdded,
    MessageChanged,
    Missed,
    SettingsChanged,
    hub,
)
from state.inbox.corrected import Corrected
from state.inbox.listed import Listed, bare
from state.inbox.opened import Opened
from state.session import SessionState

# Counts are read again this long after the first change they don't know of.
COUNT_AFTER_SECONDS = 0.4
# A tab that only listens still ends with its session.
SIGNED_IN_AGAIN_SECONDS = 10


class InboxState(Listed, Opened, Corrected, rx.State):
    desk: Desk = Desk()
    counts: Counts = Counts()
    loaded: bool = False

    # Whether this browser wants sounds and notifications: "on" or "off".
    alerts: str = rx.LocalStorage("off", name="chatrigo_alerts", sync=True)

    @rx.event(background=True)
    async def follow(self) -> AsyncIterator[rx.event.EventSpec]:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        # Subscribe before loading, so that nothing falls between the two.
        with hub.subscribe(actor.business_id) as news:
            async with self:
                await self._load()
            count_at: float | None = None
            seen_at = monotonic()
            while True:
                facts = await _next(news, count_at)
                async with self:
                    if monotonic() - seen_at > SIGNED_IN_AGAIN_SECONDS:
                        await self._current_actor()
                        seen_at = monotonic()
                    await self._apply(facts)
                    if count_at and monotonic() >= count_at:
                        await self._count()
                        count_at = None
                if count_at is None and _changes_counts(facts):
                    count_at = monotonic() + COUNT_AFTER_SECONDS
                for alert in _alerts(facts):
                    yield rx.call_script(f"window.chatrigoInbox?.alert({json.dumps(alert)})")

    @rx.event
    async def load(self) -> None:
        """Try again, after an error."""
        await self._load()

    @rx.event
    def turn_alerts(self, on: bool) -> None:
        self.alerts = "on" if on is True else "off"

    async def _load(self) -> None:
        asked = str(self.conversation_id or "")
        screen = await self._do(desk.open_screen, self._filter(), self._size(), asked)
        self._change("desk", screen.desk)
        self._change("counts", screen.counts)
        self._show_rows(screen.rows, self._size())
        self._show_opened(asked, screen.opened)
        self.writing = []
        self.loaded = True

    async def _count(self) -> None:
        self._change("counts", await self._do(count_conversations))
        if self._rows_are_stale:
            await self._load_rows()

    async def _apply(self, facts: list[Fact]) -> None:
        for fact in facts:
            match fact:
                case MessageAdded() | MessageChanged():
                    self._take_in_message(fact.conversation_id, fact.message)
                case ConversationChanged():
                    self._place(fact.conversation, self.desk.account_id)
                    self._take_in_conversation(fact.conversation)
                case DraftGrew():
                    self._take_in_draft(fact)
                case SettingsChanged(what="labels" | "canned" | "profile" | "channels"):
                    self._change("desk", await self._do(desk.get_desk))
                    if fact.what == "channels":
                        await self._see_channels()
                case SettingsChanged(what="contact_fields") if self.current.id:
                    told = await self._do(desk.list_told, self.current.contact_id)
                    self._change("told", told)
                case Missed():
                    await self._load()

    async def _see_channels(self) -> None:
        """A channel broke, or works again: the banner over the screen says so."""
        shell = await self.get_state(SessionState)
        await shell._look_at_channels(await self._current_actor())

    def _change(self, name: str, value: Any) -> None:
        """Assign what differs: every assignment travels to the browser."""
        if bare(getattr(self, name)) != value:
            setattr(self, name, value)


async def _next(news: Inbox, due: float | None) -> list[Fact]:
    """The facts that have come, or none once it is time to count again."""
    if due is None:
        return await news.batch()
    try:
        async with asyncio.timeout(max(0.0, due - monotonic())):
            return await news.batch()
    except TimeoutError:
        return []


def _changes_counts(facts: list[Fact]) -> bool:
    return any(isinstance(fact, ConversationChanged) for fact in facts)


def _alerts(facts: list[Fact]) -> list[dict[str, Any]]:
    """What the browser may make a sound for: a customer's message, a call for a person."""
    rows = {
        fact.conversation_id: fact.conversation
        for fact in facts
        if isinstance(fact, ConversationChanged)
    }
    alerts: dict[int, dict[str, Any]] = {}
    for fact in facts:
        if not isinstance(fact, MessageAdded):
            continue
        calls = fact.message.kind == "event" and fact.message.body == "handover"
        if fact.message.author != "contact" and not calls:
            continue
        row = rows.get(fact.conversation_id)
        alerts[fact.conversation_id] = {
            "id": fact.conversation_id,
            "name": row.contact_name if row else "",
            "text": row.snippet if row else fact.message.body[:120],
            "person": calls or bool(row and row.needs_person),
        }
    return list(alerts.values())
