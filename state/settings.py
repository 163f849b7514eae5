"""A business's settings: profile, chat page, canned replies, labels."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from chatrigo.config import settings
from chatrigo.domain.access import may
from chatrigo.domain.settings import canned, labels, profile, qr
from chatrigo.domain.settings.canned import CannedRow
from chatrigo.domain.settings.labels import LabelUseRow
from chatrigo.domain.settings.profile import ProfileRow
from chatrigo.errors import Invalid, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.forms import text_in
from state.locale import spoken
from state.session import Signed

TABS = ("business", "chat", "replies", "labels", "you")
SLUG, REPLY, REPLY_DELETE = "slug-form", "reply-form", "reply-delete"
LABEL, LABEL_DELETE = "label-form", "label-delete"


@dataclass(frozen=True, slots=True)
class ReplyFormRow:
    """The form of a canned reply as it opened; `id` is 0 for a new one."""

    version: int = 0
    id: int = 0
    shortcut: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class LabelFormRow:
    """The form of a label as it opened; `id` is 0 for a new one."""

    version: int = 0
    id: int = 0
    name: str = ""
    colour: str = "teal"
    conversations: int = 0


class SettingsState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    tab: str = TABS[0]
    saving: bool = False
    # What was refused last, at which field; each is emptied by the next try.
    error: str = ""
    error_field: str = ""

    profile: ProfileRow = ProfileRow("", "", "Asia/Jakarta", "", [])
    chat_link: str = ""
    snippet: str = ""
    qr_picture: str = ""

    replies: list[CannedRow] = []
    reply_form: ReplyFormRow = ReplyFormRow()
    labels: list[LabelUseRow] = []
    label_form: LabelFormRow = LabelFormRow()

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
            asked = self.router.url.query_parameters.get("tab", "")
            self.tab = asked if asked in TABS else self.tab
            if not may(actor.role, "configure"):
                # Everybody has settings of their own; the business's are not theirs to see.
                self.tab, self.loaded = "you", True
                return
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
            while True:
                facts = await inbox.batch()
                async with self:
                    await self._apply(facts)

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    def show(self, tab: str) -> None:
        self.tab = tab if tab in TABS else TABS[0]
        self._forgive()

    # The business and its chat page

    @rx.event
    async def save_business(self, form: dict[str, Any]) -> rx.event.EventSpec | None:
        return await self._save_profile(
            profile.change_profile,
            text_in(form, "name"),
            text_in(form, "zone"),
            self.profile.greeting,
        )

    @rx.event
    async def save_greeting(self, form: dict[str, Any]) -> rx.event.EventSpec | None:
        return await self._save_profile(
            profile.change_profile,
            self.profile.name,
            self.profile.zone,
            text_in(form, "greeting"),
        )

    @rx.event
    def ask_slug(self) -> rx.event.EventSpec:
        self._forgive()
        return _open(SLUG)

    @rx.event
    async def save_slug(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        said = await self._save_profile(profile.change_slug, text_in(form, "slug"))
        return [_close(SLUG), said] if said else None

    @rx.event
    async def add_question(self, form: dict[str, Any]) -> rx.event.EventSpec | None:
        added = text_in(form, "question")
        return await self._save_questions([*self.profile.quick_questions, added])

    @rx.event
    async def reword_question(self, old: str, new: str) -> rx.event.EventSpec | None:
        """An emptied question is one less."""
        if old == new:
            return None
        return await self._save_questions(
            [new if each == old else each for each in self.profile.quick_questions]
        )

    @rx.event
    async def remove_question(self, question: str) -> rx.event.EventSpec | None:
        return await self._save_questions(
            [each for each in self.profile.quick_questions if each != question]
        )

    @rx.event
    async def raise_question(self, question: str) -> rx.event.EventSpec | None:
        """One place further up."""
        questions = list(self.profile.quick_questions)
        at = questions.index(question) if question in questions else 0
        if at > 0:
            questions[at - 1], questions[at] = questions[at], questions[at - 1]
        return await self._save_questions(questions)

    # Canned replies

    @rx.event
    def compose_reply(self) -> rx.event.EventSpec:
        self._forgive()
        self.reply_form = ReplyFormRow(self.reply_form.version + 1)
        return _open(REPLY)

    @rx.event
    def edit_reply(self, reply_id: int) -> rx.event.EventSpec | None:
        return self._with_reply(reply_id, REPLY)

    @rx.event
    def ask_delete_reply(self, reply_id: int) -> rx.event.EventSpec | None:
        return self._with_reply(reply_id, REPLY_DELETE)

    @rx.event
    async def save_reply(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        shortcut, body = text_in(form, "shortcut"), text_in(form, "body")
        change: tuple[Any, ...]
        if self.reply_form.id:
            change = (canned.change_canned_reply, self.reply_form.id, shortcut, body)
        else:
            change = (canned.add_canned_reply, shortcut, body)
        row = await self._try(*change)
        return [_close(REPLY), await self._said("settings.saved")] if row else None

    @rx.event
    async def delete_reply(self) -> rx.event.EventSpec:
        await self._do(canned.delete_canned_reply, self.reply_form.id)
        return await self._said("settings.reply_deleted")

    # Labels

    @rx.event
    def compose_label(self) -> rx.event.EventSpec:
        self._forgive()
        self.label_form = LabelFormRow(self.label_form.version + 1)
        return _open(LABEL)

    @rx.event
    def edit_label(self, label_id: int) -> rx.event.EventSpec | None:
        return self._with_label(label_id, LABEL)

    @rx.event
    def ask_delete_label(self, label_id: int) -> rx.event.EventSpec | None:
        return self._with_label(label_id, LABEL_DELETE)

    @rx.event
    async def save_label(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        name, colour = text_in(form, "label_name"), text_in(form, "colour")
        change: tuple[Any, ...]
        if self.label_form.id:
            change = (labels.change_label, self.label_form.id, name, colour)
        else:
            change = (labels.add_label, name, colour)
        row = await self._try(*change)
        return [_close(LABEL), await self._said("settings.saved")] if row else None

    @rx.event
    async def delete_label(self) -> rx.event.EventSpec:
        await self._do(labels.delete_label, self.label_form.id)
        return await self._said("settings.label_deleted")

    async def _load(self) -> None:
        try:
            await self._take_profile(await self._do(profile.get_profile))
            self.replies = await self._do(canned.list_canned_replies)
            self.labels = await self._do(labels.list_labels)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    async def _apply(self, facts: list[Fact]) -> None:
        if any(isinstance(fact, Missed) for fact in facts):
            return await self._load()
        changed = {fact.what for fact in facts if isinstance(fact, SettingsChanged)}
        if "profile" in changed:
            await self._take_profile(await self._do(profile.get_profile))
        if "canned" in changed:
            self.replies = await self._do(canned.list_canned_replies)
        if "labels" in changed:
            self.labels = await self._do(labels.list_labels)
        return None

    async def _take_profile(self, row: ProfileRow) -> None:
        if row.slug != self.profile.slug:
            self.chat_link = f"{settings.origin}/c/{row.slug}"
            self.snippet = (
                f'<script src="{settings.origin}/widget.js" data-shop="{row.slug}" async></script>'
            )
            picture = await asyncio.to_thread(qr.picture, self.chat_link)
            self.qr_picture = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        self.profile = row

    async def _save_profile(
        self, change: Callable[..., ProfileRow], *args: Any
    ) -> rx.event.EventSpec | None:
        row = await self._try(change, *args)
        if row is None:
            return None
        await self._take_profile(row)
        return await self._said("settings.saved")

    async def _save_questions(self, questions: list[str]) -> rx.event.EventSpec | None:
        return await self._save_profile(profile.change_quick_questions, questions)

    async def _try(self, change: Callable[..., Any], *args: Any) -> Any:
        """What the change returns, or None and the reason beside the field."""
        self._forgive()
        try:
            return await self._do(change, *args)
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            self.error_field = refused.key.partition(".")[2].rpartition("_")[0]
            return None

    async def _said(self, key: str) -> rx.event.EventSpec:
        return rx.toast.success(await spoken(self, key))

    def _forgive(self) -> None:
        self.error = self.error_field = ""

    def _with_reply(self, reply_id: Any, dialog: str) -> rx.event.EventSpec | None:
        row = next((row for row in self.replies if row.id == reply_id), None)
        if row is None:
            return None
        self._forgive()
        version = self.reply_form.version + 1
        self.reply_form = ReplyFormRow(version, row.id, row.shortcut, row.body)
        return _open(dialog)

    def _with_label(self, label_id: Any, dialog: str) -> rx.event.EventSpec | None:
        row = next((row for row in self.labels if row.id == label_id), None)
        if row is None:
            return None
        self._forgive()
        version = self.label_form.version + 1
        self.label_form = LabelFormRow(version, row.id, row.name, row.colour, row.conversations)
        return _open(dialog)


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.showModal()")


def _close(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.close()")
