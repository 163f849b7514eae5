"""Where knowledge comes from: the list of sources, live while they are read, and adding one."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

import reflex as rx

from chatrigo.domain.knowledge import proposals, sources
from chatrigo.domain.knowledge.sources import SourceRow
from chatrigo.errors import Invalid, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, SourceChanged, hub
from state.forms import text_in
from state.locale import spoken
from state.session import Signed

PAGE, SITEMAP, CHAT = "source-page", "source-sitemap", "source-chat"
_DIALOGS = {"page": PAGE, "sitemap": SITEMAP}


class SourcesState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    rows: list[SourceRow] = []
    # Pairs that wait for approval, of all sources.
    waiting: int = 0
    address_error: str = ""
    adding: bool = False
    # Makes each opening of a dialog a new form.
    version: int = 0

    @rx.event(background=True)
    async def follow(self) -> AsyncIterator[rx.event.EventSpec]:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
            while True:
                facts = await inbox.batch()
                async with self:
                    await self._apply(facts)
        yield  # type: ignore[unreachable]

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    async def switch(self, source_id: int, on: bool) -> None:
        await self._do(sources.enable_source, source_id, on)

    @rx.event
    async def cancel(self, source_id: int) -> rx.event.EventSpec:
        await self._do(sources.cancel_import, source_id)
        return rx.toast.success(await spoken(self, "sources.cancelled"))

    @rx.event
    async def retry(self, source_id: int) -> None:
        await self._do(sources.import_again, source_id)

    @rx.event
    def compose(self, kind: str) -> rx.event.EventSpec:
        """Ask for the address of a page or a sitemap."""
        self.address_error = ""
        self.version += 1
        return _open(_DIALOGS.get(str(kind), PAGE))

    @rx.event
    async def add_page(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        kind = "sitemap" if text_in(form, "kind") == "sitemap" else "page"
        self.address_error, self.adding = "", True
        yield None
        try:
            await self._do(
                sources.add_page,
                kind,
                text_in(form, "address"),
                text_in(form, "schedule") or "never",
            )
        except Invalid as refused:
            self.address_error = await spoken(self, refused.key, **refused.values)
            return
        finally:
            self.adding = False
        yield rx.call_script(f"document.getElementById('{_DIALOGS[kind]}')?.close()")
        yield rx.toast.success(await spoken(self, "sources.added"))

    async def _load(self) -> None:
        try:
            self.rows = await self._do(sources.list_sources)
            self.waiting = await self._do(proposals.count_proposals)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    async def _apply(self, facts: Iterable[Fact]) -> None:
        """A source that goes on is drawn anew by itself; whatever ends is loaded with its counts."""
        for fact in facts:
            if isinstance(fact, SourceChanged) and fact.source.running:
                self.rows = [_newer(row, fact.source) for row in self.rows]
            elif _is_news(fact):
                return await self._load()
        return None


def _newer(row: SourceRow, told: SourceRow) -> SourceRow:
    if row.id != told.id:
        return row
    return replace(told, used=row.used, proposed=row.proposed)


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed | SourceChanged) or (
        isinstance(fact, SettingsChanged) and fact.what in ("sources", "proposals")
    )


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(
        f"const d = document.getElementById('{dialog}'); d && !d.open && d.showModal()"
    )
