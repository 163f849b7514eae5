"""How the assistant is told to be, and whether it is on."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import reflex as rx

from chatrigo.config import settings
from chatrigo.domain.access import may
from chatrigo.domain.assistant import instructions
from chatrigo.domain.assistant.instructions import InstructionsRow
from chatrigo.domain.settings import profile
from chatrigo.errors import Invalid, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.locale import spoken
from state.session import Signed

# Where a refusal is shown, by the beginning of its key.
FIELDS = ("name", "persona", "tone", "dont", "do", "language", "handover_line", "hours")
ZONE_NAMES = dict(zip(profile.ZONES, ("WIB", "WITA", "WIT"), strict=True))
NOTHING = InstructionsRow(
    enabled=True,
    name="",
    persona="",
    tone="",
    do="",
    dont="",
    language="customer",
    handover_line="",
    hours_known=False,
    days=[],
    updated_at=datetime(2026, 1, 1, tzinfo=UTC),
)


class AssistantState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    row: InstructionsRow = NOTHING
    # Each version of the form is a new one, filled with `row`.
    version: int = 0
    # What a phone shows of the page.
    part: str = "instructions"
    changed_elsewhere: bool = False
    saving: bool = False
    error: str = ""
    error_field: str = ""
    # The model that answers; empty when only approved answers are given.
    model: str = ""
    zone_name: str = "WIB"

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "configure"):
            return
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
            while True:
                facts = await inbox.batch()
                if any(_is_news(fact) for fact in facts):
                    async with self:
                        await self._compare()

    @rx.event
    async def load(self) -> None:
        """Take what is stored, and give up what was not saved."""
        await self._load()

    @rx.event
    def show(self, part: str) -> None:
        self.part = "try" if part == "try" else "instructions"

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        self.error = self.error_field = ""
        self.saving = True
        yield None
        try:
            self.row = await self._do(instructions.change_instructions, form)
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            self.error_field = _field_of(refused.key)
            yield rx.call_script(f"document.getElementById('{self.error_field}')?.focus()")
            return
        finally:
            self.saving = False
        self.changed_elsewhere = False
        yield rx.call_script("window.chatrigoForms?.saved('instructions')")
        yield rx.toast.success(await spoken(self, "assistant.saved"))

    @rx.event
    async def switch(self, on: bool) -> rx.event.EventSpec:
        self.row = await self._do(instructions.switch_assistant, on)
        said = "assistant.now_on" if self.row.enabled else "assistant.now_off"
        return rx.toast.success(await spoken(self, said))

    async def _load(self) -> None:
        try:
            self.row = await self._do(instructions.get_instructions)
            self.zone_name = ZONE_NAMES.get((await self._do(profile.get_profile)).zone, "WIB")
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.model = settings.chatrigo_model or ""
        self.version += 1
        self.loaded, self.failed, self.changed_elsewhere = True, False, False

    async def _compare(self) -> None:
        """Somebody saved: the switch follows at once, the form only when its owner says so."""
        stored = await self._do(instructions.get_instructions)
        self.changed_elsewhere = self.changed_elsewhere or _texts(stored) != _texts(self.row)
        if stored.enabled != self.row.enabled:
            self.row = replace(self.row, enabled=stored.enabled)


def _texts(row: InstructionsRow) -> tuple[Any, ...]:
    """Everything that the form holds."""
    return (
        *(row.name, row.persona, row.tone, row.do, row.dont, row.language, row.handover_line),
        *(row.hours_known, *row.days),
    )


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what == "assistant"
    )


def _field_of(key: str) -> str:
    name = key.partition(".")[2]
    return next((field for field in FIELDS if name.startswith(field)), "")
