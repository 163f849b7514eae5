"""What the owner says twice and differently, shown with the assistant and with the knowledge."""

import asyncio
from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.assistant.contradictions import ContradictionRow, find_contradictions
from chatrigo.domain.model.setting import answering_model
from chatrigo.events import Missed, SettingsChanged, hub
from chatrigo.integrations.llm_turns import ModelFailed
from chatrigo.workflows.contradict import look_deeper
from state.locale import LocaleState, spoken
from state.session import Signed

NEWS = ("knowledge", "assistant", "catalogue", "model")
# Many saves in a row are looked at once.
BREATH_SECONDS = 1.0


class ContradictionsState(Signed, rx.State):
    rows: list[ContradictionRow] = []
    # What a model found on top, when it was asked.
    deeper: list[ContradictionRow] = []
    looked: bool = False
    looking: bool = False
    has_model: bool = False

    @rx.event(background=True)
    async def follow(self) -> None:
        """Look anew after every save. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "teach"):
            return
        with hub.subscribe(actor.business_id) as inbox:
            while True:
                async with self:
                    await self._look()
                while not any(_is_news(fact) for fact in await inbox.batch()):
                    pass
                await asyncio.sleep(BREATH_SECONDS)
                inbox.waiting()

    @rx.event(background=True)
    async def look_deeper(self) -> Any:
        """Let the model compare what speaks of the same."""
        async with self:
            if self.looking or not self.has_model:
                return
            actor = await self._current_actor()
            locale = (await self.get_state(LocaleState)).locale
            self.looking = True
        failed = ""
        try:
            found = await look_deeper(actor, locale)
            async with self:
                self.deeper, self.looked = found, True
        except ModelFailed:
            async with self:
                failed = await spoken(self, "contradictions.model_failed")
        finally:
            async with self:
                self.looking = False
        if failed:
            yield rx.toast.error(failed)

    async def _look(self) -> None:
        self.rows = await self._do(find_contradictions)
        self.has_model = bool(await self._do(answering_model))
        self.deeper, self.looked = [], False


def _is_news(fact: Any) -> bool:
    return isinstance(fact, Missed) or (isinstance(fact, SettingsChanged) and fact.what in NEWS)
