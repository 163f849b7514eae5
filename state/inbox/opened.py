"""The conversation that is open: its messages, whose turn it is, what is written into it."""

import json
from typing import Any

import reflex as rx

from chatrigo.domain.channels import outbox
from chatrigo.domain.conversations import desk, history, reply, standing, turn
from chatrigo.domain.conversations.desk import ToldRow
from chatrigo.domain.conversations.rows import WINDOW, ConversationRow, EvidenceRow, MessageRow
from chatrigo.errors import ChatrigoError
from chatrigo.events import DraftGrew
from state.inbox.listed import bare
from state.locale import spoken
from state.session import Signed, show_error

NOTHING = ConversationRow(
    id=0,
    contact_id=0,
    contact_name="",
    channel="",
    status="",
    handler="",
    needs_person="",
    assignee_id=0,
    assignee_name="",
    unread=0,
    snippet="",
    snippet_author="",
    at="",
    created_at="",
)


class Opened(Signed, rx.State, mixin=True):
    # The address names a conversation; `missing` if there is none of that name.
    asked: bool = False
    missing: bool = False

    current: ConversationRow = NOTHING
    messages: list[MessageRow] = []
    has_earlier: bool = False
    others: list[ConversationRow] = []
    told: list[ToldRow] = []

    # What the assistant is writing here, and in which conversations it writes at all.
    draft: str = ""
    writing: list[int] = []

    @rx.var
    def evidence(self) -> list[EvidenceRow]:
        """What the latest answer of the assistant rests on."""
        answers = (each for each in reversed(bare(self.messages)) if each.author == "ai")
        return next((answer.evidence for answer in answers if answer.evidence), [])

    @rx.var
    def label_ids(self) -> list[int]:
        return [label.id for label in self.current.labels]

    @rx.event
    async def load_earlier(self) -> None:
        if not self.messages:
            return
        found = await self._do(history.list_messages, self.current.id, self.messages[0].id)
        earlier = found[-WINDOW:]
        self.has_earlier = len(found) > len(earlier)
        self.messages = [*earlier, *bare(self.messages)]

    @rx.event
    async def send(self, form: dict[str, Any]) -> list[rx.event.EventSpec]:
        """A reply or a note; the browser keeps the text until it hears that it was taken."""
        form = form if isinstance(form, dict) else {}
        key = str(form.get("key", ""))
        write = reply.add_note if form.get("mode") == "note" else reply.send_message
        try:
            await self._do(write, form.get("conversation"), form.get("body"), key)
        except ChatrigoError as error:
            return [show_error(error), _composer("failed", key)]
        return [_composer("accepted", key)]

    @rx.event
    async def send_again(self, message_id: int) -> rx.event.EventSpec:
        """What failed on a channel, or may not have arrived, is to go out once more."""
        await self._do(outbox.send_again, message_id)
        return rx.toast.success(await spoken(self, "channels.sent_again"))

    @rx.event
    async def seen(self, conversation_id: int) -> None:
        """The browser says that the conversation is in front of somebody's eyes."""
        await self._do(standing.mark_read, conversation_id)

    @rx.event
    async def mark_unread(self) -> rx.event.EventSpec:
        """And leave it: what is looked at is read."""
        await self._do(standing.mark_unread, self.current.id)
        self.current, self.asked = NOTHING, False
        return rx.redirect("/inbox")

    @rx.event
    async def take_over(self) -> None:
        await self._do(turn.take_over, self.current.id)

    @rx.event
    async def give_back(self) -> None:
        await self._do(turn.give_back, self.current.id)

    @rx.event
    async def assign(self, account_id: int) -> None:
        """0 takes it from everybody."""
        await self._do(turn.assign, self.current.id, account_id)

    @rx.event
    async def set_status(self, status: str) -> None:
        await self._do(standing.set_status, self.current.id, status)

    @rx.event
    async def toggle_label(self, label_id: int) -> None:
        await self._do(standing.toggle_label, self.current.id, label_id)

    def _show_opened(self, asked: str, opened: desk.Opened | None) -> None:
        if opened is None:
            self.current, self.messages, self.others = NOTHING, [], []
            self.told = []
            self.has_earlier = False
        else:
            self.current, self.others = opened.conversation, opened.others
            self.told = opened.told
            self.messages = opened.messages[-WINDOW:]
            self.has_earlier = len(opened.messages) > WINDOW
        self.asked, self.missing = bool(asked), bool(asked) and opened is None
        self.draft = ""

    def _take_in_message(self, conversation_id: int, message: MessageRow) -> None:
        if conversation_id != self.current.id:
            return
        others = [each for each in bare(self.messages) if each.id != message.id]
        self.messages = sorted([*others, message], key=lambda each: each.id)
        if message.author == "ai" and message.kind != "event":
            self._end_draft(conversation_id)

    def _take_in_conversation(self, row: ConversationRow) -> None:
        if row.id == self.current.id and bare(self.current) != row:
            self.current = row

    def _take_in_draft(self, fact: DraftGrew) -> None:
        if fact.over:
            self._end_draft(fact.conversation_id)
            return
        if fact.conversation_id not in self.writing:
            self.writing = [*self.writing, fact.conversation_id]
        if fact.conversation_id == self.current.id and self.draft != fact.text:
            self.draft = fact.text

    def _end_draft(self, conversation_id: int) -> None:
        if conversation_id in self.writing:
            self.writing = [id for id in self.writing if id != conversation_id]
        if conversation_id == self.current.id and self.draft:
            self.draft = ""


def _composer(what: str, key: str) -> rx.event.EventSpec:
    return rx.call_script(f"window.chatrigoInbox?.{what}({json.dumps(key)})")
