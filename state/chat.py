"""The customer's tab on a shop's chat page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import reflex as rx

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.rows import WINDOW, ConversationRow, MessageRow
from chatrigo.domain.conversations.visitor import ChatView
from chatrigo.errors import Invalid, NotFound
from chatrigo.events import (
    ConversationChanged,
    DraftGrew,
    Fact,
    MessageAdded,
    MessageChanged,
    Missed,
    SettingsChanged,
    hub,
)

# The page's own script makes the key; a tab that was faster loads again and then has it.
ONCE_MORE = """
(function again() {
  window.chatrigo ? (chatrigo.mount(), location.reload()) : setTimeout(again, 50);
})()
"""
WRITE_FOR_THEM = "chatrigo.askFirst()"


@dataclass(frozen=True, slots=True)
class ShopFace:
    """The shop as its customers see it."""

    slug: str = ""
    name: str = ""
    greeting: str = ""
    zone: str = "Asia/Jakarta"
    assistant_name: str = ""
    assistant_on: bool = True
    quick_questions: list[str] = field(default_factory=list)


class Ours:
    """
    Which conversations are this visitor's: the database tells, by the key.

    A customer's first message opens one that the tab has not met; each is asked about once.
    """

    def __init__(self, slug: str, key: str) -> None:
        self.slug, self.key = slug, key
        self.ids: set[int] = set()
        self._others: set[int] = set()

    async def have_begun(self, facts: Sequence[Fact]) -> bool:
        """Whether one of the conversations met for the first time is ours."""
        met = {
            fact.conversation_id
            for fact in facts
            if isinstance(fact, MessageAdded) and fact.message.author == "contact"
        } - (self.ids | self._others)
        if not met:
            return False
        latest = await db.run(visitor.find_conversation, PUBLIC, self.slug, self.key)
        self._others |= met - {latest}
        return latest in met


class ChatState(rx.State):
    """
    Holds nothing that the database and the visitor's key could not bring back.

    standing  loading, open, closed (suspended), unknown (no such shop) or failed
    by_person, waiting  a person answers; nobody of them has yet
    draft     what the assistant has written so far; `thinking` before its first word
    """

    visitor: str = rx.LocalStorage("", name="chatrigo_visitor")
    standing: str = "loading"
    face: ShopFace = ShopFace()
    by_person: bool = False
    waiting: bool = False
    earlier: list[MessageRow] = []
    messages: list[MessageRow] = []
    has_earlier: bool = False
    draft: str = ""
    thinking: bool = False

    _conversation_id: int = 0

    @rx.event(background=True)
    async def follow(self) -> rx.event.EventSpec | None:
        """Show the chat and keep it as the database has it, for as long as the tab is open."""
        async with self:
            slug, key = self._whose()
            if self.face.slug != slug:
                self._forget()
        if not key:
            return rx.call_script(ONCE_MORE)
        try:
            await self._follow(slug, key)
        except NotFound:
            await self._stand("unknown")
        except Exception:
            await self._stand("failed")
            raise
        return None

    @rx.event
    async def refresh(self) -> None:
        """Load once more; the page asks for it when something it sent does not appear."""
        slug, key = self._whose()
        self._show(await db.run(visitor.open_chat, PUBLIC, slug, key))

    @rx.event
    async def show_earlier(self) -> None:
        shown = self.earlier or self.messages
        if not shown:
            return
        rows = await db.run(visitor.list_earlier, PUBLIC, *self._whose(), shown[0].id)
        self.earlier = rows[-WINDOW:] + self.earlier
        self.has_earlier = len(rows) > WINDOW

    @rx.event
    async def ask_for_person(self) -> rx.event.EventSpec | None:
        """Before anything was written, that they want a person is their first message."""
        try:
            await db.run(visitor.ask_for_person, PUBLIC, *self._whose())
        except Invalid:
            return rx.call_script(WRITE_FOR_THEM)
        return None

    async def _follow(self, slug: str, key: str) -> None:
        business_id = await db.run(visitor.business_of, PUBLIC, slug)
        with hub.subscribe(business_id) as news:
            ours = Ours(slug, key)
            await self._load(ours)
            while True:
                await self._hear(ours, await news.batch())

    async def _load(self, ours: Ours) -> None:
        view = await db.run(visitor.open_chat, PUBLIC, ours.slug, ours.key)
        ours.ids |= {view.conversation_id, *(row.conversation_id for row in view.messages)} - {0}
        async with self:
            self._show(view)

    async def _hear(self, ours: Ours, facts: Sequence[Fact]) -> None:
        if await ours.have_begun(facts) or any(map(_is_stale_after, facts)):
            await self._load(ours)
        heard = [fact for fact in facts if getattr(fact, "conversation_id", 0) in ours.ids]
        if not heard:
            return
        async with self:
            for fact in heard:
                self._apply(fact)

    def _apply(self, fact: Fact) -> None:
        match fact:
            case MessageAdded() if visitor.visible(fact.message):
                self._add(visitor.for_customer(fact.message))
            case MessageChanged() if visitor.visible(fact.message):
                row = visitor.for_customer(fact.message)
                self.messages = [row if row.id == old.id else old for old in self.messages]
            case ConversationChanged(conversation_id=self._conversation_id):
                self._stand_with(fact.conversation)
            case DraftGrew(conversation_id=self._conversation_id):
                self.draft, self.thinking = fact.text, not (fact.over or fact.text)

    def _stand_with(self, conversation: ConversationRow) -> None:
        done = conversation.status == "resolved"
        self.by_person = not self.face.assistant_on if done else conversation.handler == "human"
        self.waiting = self.by_person and bool(conversation.needs_person)

    def _add(self, row: MessageRow) -> None:
        if any(row.id == old.id for old in self.messages):
            return
        if row.author != "contact":
            self.draft, self.thinking = "", False
        self.messages = sorted([*self.messages, row], key=lambda each: each.id)
        if len(self.messages) > 2 * WINDOW:
            self.earlier = self.earlier + self.messages[:-WINDOW]
            self.messages = self.messages[-WINDOW:]

    def _show(self, view: ChatView) -> None:
        shop = view.shop
        self.face = ShopFace(
            slug=shop.slug,
            name=shop.name,
            greeting=shop.greeting,
            zone=shop.zone,
            assistant_name=shop.assistant_name,
            assistant_on=shop.assistant_on,
            quick_questions=shop.quick_questions,
        )
        self.standing = "closed" if shop.closed else "open"
        self.by_person = view.handler == "human"
        self.waiting = view.waiting
        self.earlier, self.messages = [], view.messages
        self.has_earlier = view.has_earlier
        self.draft, self.thinking = "", False
        self._conversation_id = view.conversation_id

    async def _stand(self, standing: str) -> None:
        async with self:
            self.standing = standing

    def _whose(self) -> tuple[str, str]:
        """The shop of the address and the key of the browser, both as they were sent."""
        return str(getattr(self, "shop", "")).lower(), str(self.visitor)

    def _forget(self) -> None:
        """Another shop's page was open in this tab."""
        key = self.visitor
        self.reset()
        self.visitor = key


def _is_stale_after(fact: Fact) -> bool:
    """Whether the tab must load again: it missed something, or the shop looks different."""
    if isinstance(fact, SettingsChanged):
        return fact.what in ("profile", "assistant")
    return isinstance(fact, Missed)
