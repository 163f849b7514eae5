"""One source: what it is, its pieces, and where it was used."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from chatrigo.domain.knowledge import entries, source_pieces, sources
from chatrigo.domain.knowledge.source_pieces import PiecePage, PieceRow, UseRow
from chatrigo.domain.knowledge.sources import SourceRow
from chatrigo.errors import Invalid, NotFound, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, SourceChanged, hub
from state.forms import text_in
from state.locale import spoken
from state.session import Signed

PIECE, RENAME, DELETE = "piece-form", "source-rename", "source-delete"


@dataclass(frozen=True, slots=True)
class PieceForm:
    """`version` makes each opening a new form."""

    version: int = 0
    id: int = 0
    title: str = ""
    body: str = ""


class SourceState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    missing: bool = False
    source: SourceRow = SourceRow()
    uses: list[UseRow] = []

    rows: list[PieceRow] = []
    found: int = 0
    page: int = 1
    pages: int = 1
    query: str = ""

    form: PieceForm = PieceForm()
    title_error: str = ""
    body_error: str = ""
    name_error: str = ""

    _shown: str = ""

    @rx.event(background=True)
    async def follow(self) -> AsyncIterator[rx.event.EventSpec]:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
            self._begin()
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
            while True:
                for fact in await inbox.batch():
                    async with self:
                        await self._apply(fact)
        yield  # type: ignore[unreachable]

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    # Finding

    @rx.event
    async def search(self, query: str) -> None:
        self.query, self.page = str(query)[: entries.MAX_SEARCH], 1
        await self._list()

    @rx.event
    async def clear_search(self) -> None:
        self.query, self.page = "", 1
        await self._list()

    @rx.event
    async def previous(self) -> None:
        self.page -= 1
        await self._list()

    @rx.event
    async def next(self) -> None:
        self.page += 1
        await self._list()

    # A piece

    @rx.event
    async def edit(self, piece_id: int) -> rx.event.EventSpec:
        row = await self._do(source_pieces.get_piece, piece_id)
        self.form = PieceForm(self.form.version + 1, row.id, row.title, row.body)
        self.title_error = self.body_error = ""
        return _open(PIECE)

    @rx.event
    async def save_piece(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec]:
        self.title_error = self.body_error = ""
        try:
            await self._do(
                entries.change_entry, self.form.id, text_in(form, "title"), text_in(form, "body")
            )
        except Invalid as refused:
            said = await spoken(self, refused.key, **refused.values)
            if refused.key.startswith("knowledge.text"):
                self.body_error = said
            else:
                self.title_error = said
            return
        await self._list()
        yield _close(PIECE)
        yield rx.toast.success(await spoken(self, "sources.saved"))

    @rx.event
    async def switch_piece(self, piece_id: int, on: bool) -> None:
        await self._do(entries.enable_entry, piece_id, on)
        await self._list()

    # The source

    @rx.event
    async def switch(self, on: bool) -> None:
        await self._do(sources.enable_source, self.source.id, on)

    @rx.event
    async def read_again(self) -> None:
        await self._do(sources.import_again, self.source.id)

    @rx.event
    async def cancel(self) -> rx.event.EventSpec:
        await self._do(sources.cancel_import, self.source.id)
        return rx.toast.success(await spoken(self, "sources.cancelled"))

    @rx.event
    async def choose_schedule(self, schedule: str) -> rx.event.EventSpec:
        await self._do(sources.schedule_source, self.source.id, schedule)
        return rx.toast.success(await spoken(self, "sources.saved"))

    @rx.event
    async def choose_shop(self, name: str) -> None:
        await self._do(sources.choose_shop, self.source.id, name)

    @rx.event
    async def rename(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec]:
        self.name_error = ""
        try:
            await self._do(sources.rename_source, self.source.id, text_in(form, "name"))
        except Invalid as refused:
            self.name_error = await spoken(self, refused.key, **refused.values)
            return
        yield _close(RENAME)

    @rx.event
    async def delete(self) -> AsyncIterator[rx.event.EventSpec]:
        await self._do(sources.delete_source, self.source.id)
        yield rx.redirect("/knowledge/sources")
        yield rx.toast.success(await spoken(self, "sources.deleted"))

    def _begin(self) -> None:
        """Another source is opened: nothing of the one before is shown."""
        asked = str(self.router.url.path)
        if asked == self._shown:
            return
        self._shown = asked
        self.loaded = self.failed = self.missing = False
        self.source, self.rows, self.uses = SourceRow(), [], []
        self.query, self.page = "", 1

    async def _load(self) -> None:
        try:
            self.source = await self._do(sources.get_source, self.source_id)  # type: ignore[attr-defined]
            self.uses = await self._do(source_pieces.list_uses, self.source.id)
            await self._list()
        except SignedOut:
            raise
        except NotFound:
            self.missing = True
            return
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    async def _list(self) -> None:
        seen: PiecePage = await self._do(
            source_pieces.list_pieces, self.source.id, self.query, self.page
        )
        self.rows, self.found = seen.rows, seen.found
        self.page, self.pages = seen.page, seen.pages

    async def _apply(self, fact: Fact) -> None:
        if isinstance(fact, SourceChanged):
            if fact.source_id != self.source.id:
                return
            if fact.source.running:
                counts = self.source
                self.source = replace(fact.source, used=counts.used, proposed=counts.proposed)
                return
            await self._load()
        elif isinstance(fact, Missed) or (
            isinstance(fact, SettingsChanged) and fact.what in ("sources", "proposals")
        ):
            await self._load()


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(
        f"const d = document.getElementById('{dialog}'); d && !d.open && d.showModal()"
    )


def _close(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.close()")
