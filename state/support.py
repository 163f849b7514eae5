"""The owner's consent to support, in one tab."""

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.settings import support
from chatrigo.domain.settings.support import SupportView
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.locale import spoken
from state.session import Signed

HOURS = tuple(str(hours) for hours in support.HOURS)


class SupportState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    hours: str = HOURS[0]
    view: SupportView = SupportView([], [])
    # The consent that the open dialog is about.
    chosen: int = 0

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "own"):
            return
        with hub.subscribe(actor.business_id) as news:
            async with self:
                await self._load()
            while True:
                facts = await news.batch()
                if any(map(_is_news, facts)):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    def choose(self, hours: str) -> None:
        self.hours = hours if hours in HOURS else HOURS[0]

    @rx.event
    async def allow(self) -> rx.event.EventSpec:
        await self._do(support.allow_support, self.hours)
        return rx.toast.success(await spoken(self, "support.allowed"))

    @rx.event
    def ask_revoke(self, consent_id: int) -> rx.event.EventSpec:
        self.chosen = consent_id if isinstance(consent_id, int) else 0
        return rx.call_script("document.getElementById('support-revoke')?.showModal()")

    @rx.event
    async def revoke(self) -> rx.event.EventSpec:
        await self._do(support.end_support, self.chosen)
        return rx.toast.success(await spoken(self, "support.revoked"))

    async def _load(self) -> None:
        try:
            self.view = await self._do(support.get_support)
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what == support.TOPIC
    )
