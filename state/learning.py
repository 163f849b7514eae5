"""Questions that nobody had taught yet: the list, teaching one, leaving one out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from chatrigo.domain.knowledge import entries
from chatrigo.domain.learning import unanswered
from chatrigo.domain.learning.unanswered import GroupRow, Unanswered
from chatrigo.errors import ChatrigoError, Invalid, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.forms import text_in
from state.locale import spoken
from state.session import Signed

TEACH = "teach-question"


@dataclass(frozen=True, slots=True)
class TeachForm:
    """The form as it opened; `version` makes each opening a new form."""

    version: int = 0
    ids: list[int] = field(default_factory=list)
    title: str = ""
    body: str = ""
    wordings: list[str] = field(default_factory=list)


class LearningState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    view: str = "open"
    groups: list[GroupRow] = []
    open: int = 0
    taught: int = 0
    dismissed: int = 0
    zone: str = "Asia/Jakarta"

    form: TeachForm = TeachForm()
    title_error: str = ""
    body_error: str = ""
    duplicate: str = ""
    saving: bool = False

    _duplicate_id: int = 0
    _warned_of: str = ""
    _dismissed: list[int] = []

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
            while True:
                facts = await inbox.batch()
                if any(_is_news(fact) for fact in facts):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    async def show(self, view: str) -> None:
        self.view = view if view in unanswered.STATES else "open"
        await self._load()

    @rx.event
    def begin(self, group_id: int) -> rx.event.EventSpec | None:
        """Teach a group: its newest wording, and what a person answered, are the start."""
        group = next((each for each in self.groups if each.id == group_id), None)
        if group is None:
            return None
        self.form = TeachForm(
            self.form.version + 1,
            list(group.ids),
            group.question[: entries.MAX_TITLE],
            group.reply,
            [each.question for each in group.asked],
        )
        self.title_error = self.body_error = self.duplicate = self._warned_of = ""
        return rx.call_script(f"document.getElementById('{TEACH}')?.showModal()")

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        """A question that is there already is warned of once; saving it again means it."""
        title, body = text_in(form, "title"), text_in(form, "body")
        self.title_error = self.body_error = self.duplicate = ""
        self.saving = True
        yield None
        try:
            meant = bool(self._warned_of) and entries.same_question(title) == self._warned_of
            await self._do(unanswered.teach, list(self.form.ids), title, body, duplicate_ok=meant)
        except entries.Duplicate as warning:
            self.duplicate = str(warning.values["title"])
            self._duplicate_id, self._warned_of = warning.entry_id, entries.same_question(title)
            return
        except Invalid as refused:
            await self._point_at(refused)
            return
        finally:
            self.saving = False
        yield rx.call_script(f"document.getElementById('{TEACH}')?.close()")
        yield rx.toast.success(await spoken(self, "learning.taught_toast"))
        await self._load()

    @rx.event
    async def use_existing(self) -> AsyncIterator[rx.event.EventSpec]:
        """The answer is there: the questions are settled with it."""
        await self._do(unanswered.settle_with, list(self.form.ids), self._duplicate_id)
        yield rx.call_script(f"document.getElementById('{TEACH}')?.close()")
        yield rx.toast.success(await spoken(self, "learning.settled_toast"))
        await self._load()

    @rx.event
    async def dismiss(self, group_id: int) -> AsyncIterator[rx.event.EventSpec]:
        ids = self._ids_of(group_id)
        await self._do(unanswered.dismiss, ids)
        self._dismissed = ids
        await self._load()
        yield rx.toast.success(
            await spoken(self, "learning.dismissed_toast"),
            action={"label": await spoken(self, "knowledge.undo"), "on_click": LearningState.undo},
        )

    @rx.event
    async def undo(self) -> None:
        """Bring back what was left out last in this tab."""
        ids, self._dismissed = list(self._dismissed), []
        if ids:
            await self._do(unanswered.reopen, ids)
            await self._load()

    @rx.event
    async def reopen(self, group_id: int) -> None:
        await self._do(unanswered.reopen, self._ids_of(group_id))
        await self._load()

    async def _load(self) -> None:
        try:
            seen: Unanswered = await self._do(unanswered.list_unanswered, self.view)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.groups = seen.groups
        self.open, self.taught, self.dismissed = seen.open, seen.taught, seen.dismissed
        self.zone = seen.zone
        self.loaded, self.failed = True, False

    async def _point_at(self, refused: ChatrigoError) -> None:
        """Show a refusal at the field that it names."""
        said = await spoken(self, refused.key, **refused.values)
        if refused.key.startswith("knowledge.answer"):
            self.body_error = said
        else:
            self.title_error = said

    def _ids_of(self, group_id: int) -> list[int]:
        group = next((each for each in self.groups if each.id == group_id), None)
        return list(group.ids) if group else []


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what == unanswered.TOPIC
    )
