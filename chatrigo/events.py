"""
Facts: what has just become true, told to every open tab that cares.

Domain functions `record()` facts in their session. `db.run()` publishes them once the
transaction has committed, so nobody hears of a message that was rolled back. Text that is
still being written (`DraftGrew`) is published directly: it is not a fact of the database.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

BACKLOG = 500
# The business of facts that are of no business.
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Fact:
    business_id: int


@dataclass(frozen=True, slots=True)
class MessageAdded(Fact):
    """A bubble, note or event joined a conversation; `message` is its finished row."""

    conversation_id: int
    message: Any


@dataclass(frozen=True, slots=True)
class MessageChanged(Fact):
    """Its delivery changed, say."""

    conversation_id: int
    message: Any


@dataclass(frozen=True, slots=True)
class ConversationChanged(Fact):
    """Anything the list shows has changed; `conversation` is its finished row."""

    conversation_id: int
    conversation: Any


@dataclass(frozen=True, slots=True)
class DraftGrew(Fact):
    """
    The assistant is writing: all of its text so far. Empty text means it is thinking.

    `over` ends the draft: either the finished message follows, or it was discarded.
    """

    conversation_id: int
    text: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class SettingsChanged(Fact):
    """Something that screens keep at hand: `what` is "knowledge", "assistant", "labels", ..."""

    what: str


@dataclass(frozen=True, slots=True)
class SessionsEnded(Fact):
    """
    Whoever holds these tokens (their hashes) is signed out: their sockets are closed.

    Of no business: `NOBODY`.
    """

    token_hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionsChanged(Fact):
    """What the holders of these tokens may do has changed: their tabs connect and load anew."""

    token_hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceChanged(Fact):
    """A source of knowledge went on, or ended; `source` is its finished row."""

    source_id: int
    source: Any


@dataclass(frozen=True, slots=True)
class Missed(Fact):
    """The subscriber fell too far behind and must load again."""


class Inbox:
    """One subscriber's unread facts."""

    def __init__(self, business_id: int, conversation_id: int = 0) -> None:
        self.business_id = business_id
        self._conversation_id = conversation_id
        self._queue: asyncio.Queue[Fact] = asyncio.Queue()

    def only(self, conversation_id: int) -> None:
        """
        Hear nothing of other conversations from here on.

        In a busy shop hundreds may await an answer, and every word would wake them all.
        """
        self._conversation_id = conversation_id

    def put(self, fact: Fact) -> None:
        mine = self._conversation_id
        if mine and getattr(fact, "conversation_id", mine) != mine:
            return
        if self._queue.qsize() >= BACKLOG:
            while not self._queue.empty():
                self._queue.get_nowait()
            fact = Missed(self.business_id)
        self._queue.put_nowait(fact)

    async def batch(self) -> list[Fact]:
        """Wait for a fact, then take every fact that is already there."""
        return [await self._queue.get(), *self.waiting()]

    def waiting(self) -> list[Fact]:
        """Take the facts that are already there, without waiting."""
        facts = []
        while not self._queue.empty():
            facts.append(self._queue.get_nowait())
        return facts


class Hub:
    """
    Hands facts to the subscribers of their business, in this process and, if `hand_on` is set
    (by `chatrigo.relay`), in the others.
    """

    def __init__(self) -> None:
        self._inboxes: dict[int, set[Inbox]] = defaultdict(set)
        self.hand_on: Callable[[Fact], None] | None = None

    def publish(self, fact: Fact) -> None:
        self.deliver(fact)
        if self.hand_on is not None:
            self.hand_on(fact)

    def deliver(self, fact: Fact) -> None:
        """To the subscribers in this process alone."""
        for inbox in self._inboxes.get(fact.business_id, ()):
            inbox.put(fact)

    def listening(self) -> int:
        """How many open screens follow the news in this process."""
        return sum(map(len, self._inboxes.values()))

    def reload_everybody(self) -> None:
        """Facts may have been missed: every subscriber loads again."""
        for business_id, inboxes in self._inboxes.items():
            for inbox in inboxes:
                inbox.put(Missed(business_id))

    @contextmanager
    def subscribe(self, business_id: int, conversation_id: int = 0) -> Iterator[Inbox]:
        """With a conversation, facts of others are left out."""
        inbox = Inbox(business_id, conversation_id)
        self._inboxes[business_id].add(inbox)
        try:
            yield inbox
        finally:
            self._inboxes[business_id].discard(inbox)
            if not self._inboxes[business_id]:
                del self._inboxes[business_id]


hub = Hub()


def record(session: Session, fact: Fact) -> None:
    """Remember a fact; it is published if, and only if, the transaction commits."""
    session.info.setdefault("facts", []).append(fact)


def recorded(session: Session) -> list[Fact]:
    return session.info.get("facts", [])
