"""The versions of the instructions: the list, two of them compared, and going back to one."""

from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.assistant import comparing, versions
from chatrigo.domain.assistant.comparing import FieldDifference
from chatrigo.domain.assistant.versions import VersionRow
from chatrigo.domain.settings import profile
from chatrigo.errors import NotFound, SignedOut
from chatrigo.events import Missed, SettingsChanged, hub
from state.locale import LocaleState, spoken
from state.session import Signed

ROLL_BACK = "roll-back"


class HistoryState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    rows: list[VersionRow] = []
    zone: str = "Asia/Jakarta"

    # The numbers of the two that are compared; 0 and 0 for none.
    first: int = 0
    second: int = 0
    fields: list[FieldDifference] = []
    changed: int = 0
    only_changes: bool = True

    # The one to go back to.
    back_to: int = 0

    @rx.event(background=True)
    async def follow(self) -> None:
        """
        Keep this tab up to date. Reflex cancels it when the tab navigates or closes.

        `/assistant/history?from=2&to=3` compares these two.
        """
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "configure"):
            return
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
                await self._compare_asked_for()
            while True:
                facts = await inbox.batch()
                if any(
                    isinstance(fact, Missed)
                    or (isinstance(fact, SettingsChanged) and fact.what == "assistant")
                    for fact in facts
                ):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    async def compare_from(self, number: str) -> None:
        """A choice of the first version."""
        self.first = _number(number)
        await self._compare()

    @rx.event
    async def compare_to(self, number: str) -> None:
        """A choice of the second version."""
        self.second = _number(number)
        await self._compare()

    @rx.event
    async def compare_with_live(self, number: int) -> rx.event.EventSpec:
        """A version against what customers meet; that one against the one before it."""
        live = next((row.number for row in self.rows if row.state == "published"), 0)
        older = [row.number for row in self.rows if row.number < live]
        self.first = live if _number(number) != live else max(older, default=live)
        self.second = _number(number)
        await self._compare()
        return rx.call_script(
            "document.getElementById('compared')?.scrollIntoView({behavior: 'smooth'})"
        )

    @rx.event
    async def stop_comparing(self) -> None:
        self.first = self.second = 0
        await self._compare()

    @rx.event
    def show_all(self, on: bool) -> None:
        self.only_changes = on is not True

    @rx.event
    def ask_roll_back(self, number: int) -> rx.event.EventSpec:
        self.back_to = _number(number)
        return rx.call_script(f"document.getElementById('{ROLL_BACK}')?.showModal()")

    @rx.event
    async def roll_back(self, form: dict[str, Any]) -> list[rx.event.EventSpec]:
        note = form.get("note") if isinstance(form, dict) else ""
        live = await self._do(versions.roll_back, self.back_to, note=note)
        said = await spoken(self, "assistant.rolled_back", number=live.number, old=live.from_number)
        return [
            rx.call_script(f"document.getElementById('{ROLL_BACK}')?.close()"),
            rx.toast.success(said),
        ]

    async def _load(self) -> None:
        try:
            self.rows = await self._do(versions.list_versions)
            self.zone = (await self._do(profile.get_profile)).zone
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False
        await self._compare()

    async def _compare_asked_for(self) -> None:
        asked = self.router.url.query_parameters
        first, second = _number(asked.get("from", "")), _number(asked.get("to", ""))
        if first and second:
            self.first, self.second = first, second
            await self._compare()

    async def _compare(self) -> None:
        if not (self.first and self.second):
            self.fields, self.changed = [], 0
            return
        locale = (await self.get_state(LocaleState)).locale
        try:
            seen = await self._do(comparing.compare, self.first, self.second, locale)
        except NotFound:
            self.first = self.second = self.changed = 0
            self.fields = []
            return
        self.fields, self.changed = seen.fields, seen.changed


def _number(value: Any) -> int:
    """Of a version, out of whatever was sent; 0 for none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
