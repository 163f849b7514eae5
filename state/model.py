"""The language model of a business: what answers, what was chosen, what it took."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.model import setting
from chatrigo.domain.model.calls import UsageRow, usage
from chatrigo.domain.model.setting import FALLBACKS, TOPIC, WHICH, ModelsRow
from chatrigo.errors import Invalid, LimitReached, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from chatrigo.workflows.try_model import Tried, try_model
from state.locale import spoken
from state.session import Signed


@dataclass(frozen=True, slots=True)
class BarRow:
    """A day; heights in percent of the busiest."""

    day: str
    label: str
    calls: int
    failures: int
    height: int
    failed_height: int


@dataclass(frozen=True, slots=True)
class TrialRow:
    """How a trial went; an empty text is none."""

    ok: bool = False
    text: str = ""


class ModelState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    saving: bool = False
    models: ModelsRow = ModelsRow()
    used: UsageRow = UsageRow()
    bars: list[BarRow] = []

    # The form, as far as it decides what else is asked. `version` makes each opening a new one.
    version: int = 0
    own: bool = False
    fallback: str = ""
    error: str = ""
    error_field: str = ""

    trying: str = ""
    first: TrialRow = TrialRow()
    second: TrialRow = TrialRow()

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "keys"):
            return
        with hub.subscribe(actor.business_id) as news:
            async with self:
                await self._load()
            while True:
                facts = await news.batch()
                if any(_is_news(fact) for fact in facts):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    def choose(self, own: str) -> None:
        self.own = own == "own"
        self.error = self.error_field = ""
        if not self.own and self.fallback == "platform":
            self.fallback = ""

    @rx.event
    def choose_fallback(self, fallback: str) -> None:
        self.fallback = fallback if fallback in FALLBACKS else ""
        self.error = self.error_field = ""

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        written = form if isinstance(form, dict) else {}
        self.error = self.error_field = ""
        self.saving = True
        yield None
        wishes = {**written, "own": self.own, "fallback": self.fallback}
        try:
            self._show(await self._do(setting.save_models, wishes))
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            self.error_field = refused.key.partition(".")[2].rpartition("_")[0]
            yield rx.call_script(f"document.getElementById('model-{self.error_field}')?.focus()")
            return
        finally:
            self.saving = False
        self.first = self.second = TrialRow()
        yield rx.toast.success(await spoken(self, "model.saved"))

    @rx.event(background=True)
    async def try_it(self, which: str) -> None:
        """Ask the stored model one small thing for real."""
        async with self:
            if self.trying or which not in WHICH:
                return
            actor = await self._current_actor()
            self.trying = which
            self._told(which, TrialRow())
        said = TrialRow()
        try:
            tried = await try_model(actor, which)
            async with self:
                said = TrialRow(tried.ok, await self._in_words(tried))
        except (Invalid, LimitReached) as refused:
            async with self:
                said = TrialRow(False, await spoken(self, refused.key, **refused.values))
        finally:
            async with self:
                self.trying = ""
                self._told(which, said)
        async with self:
            await self._load_usage()

    async def _in_words(self, tried: Tried) -> str:
        values = {
            "first": tried.first_token_milliseconds,
            "total": tried.milliseconds,
            "status": tried.status,
        }
        return await spoken(self, tried.key, **values)

    def _told(self, which: str, trial: TrialRow) -> None:
        if which == "first":
            self.first = trial
        else:
            self.second = trial

    async def _load(self) -> None:
        try:
            self._show(await self._do(setting.get_models))
            await self._load_usage()
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    async def _load_usage(self) -> None:
        found = await self._do(usage)
        busiest = max([day.calls for day in found.days] + [1])
        self.bars = [
            BarRow(
                day.day,
                f"{day.day[8:]}/{day.day[5:7]}",
                day.calls,
                day.failures,
                _share(day.calls - day.failures, busiest),
                _share(day.failures, busiest),
            )
            for day in found.days
        ]
        self.used = replace(found, days=[])

    def _show(self, models: ModelsRow) -> None:
        self.models = models
        self.own, self.fallback = models.choice.own, models.choice.fallback
        self.version += 1


def _share(part: int, whole: int) -> int:
    """In percent; what is there is seen."""
    return max(2, round(part * 100 / whole)) if part else 0


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (isinstance(fact, SettingsChanged) and fact.what == TOPIC)
