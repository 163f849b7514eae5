"""The audit log on the screen: filter, search, windows, export."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from chatrigo.domain import exporting, trail
from chatrigo.domain.access import may
from chatrigo.domain.trail import WINDOW, PersonRow, TrailFilter, TrailRow
from chatrigo.errors import SignedOut
from state.locale import LocaleState
from state.session import Signed, download


class AuditState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    rows: list[TrailRow] = []
    people: list[PersonRow] = []
    page: int = 1
    has_more: bool = False

    person: str = "0"
    act: str = ""
    since: str = ""
    until: str = ""
    search: str = ""

    # The last row of each window that was left behind, to come back from an older one.
    _cursors: list[int] = []

    @rx.var
    def filtered(self) -> bool:
        return bool(self.person != "0" or self.act or self.since or self.until or self.search)

    @rx.event
    async def open(self) -> None:
        """On opening the page. It stands still while it is read; opening it again is news."""
        actor = await self._current_actor()
        if may(actor.role, "audit"):
            await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    async def choose_person(self, account_id: str) -> None:
        self.person = str(self._filter(person=account_id).person)
        await self._from_the_top()

    @rx.event
    async def choose_act(self, act: str) -> None:
        self.act = self._filter(act=act).act
        await self._from_the_top()

    @rx.event
    async def choose_since(self, day: str) -> None:
        chosen = self._filter(since=day).since
        self.since = chosen.isoformat() if chosen else ""
        await self._from_the_top()

    @rx.event
    async def choose_until(self, day: str) -> None:
        chosen = self._filter(until=day).until
        self.until = chosen.isoformat() if chosen else ""
        await self._from_the_top()

    @rx.event
    async def search_for(self, words: str) -> None:
        self.search = self._filter(search=words).search
        await self._from_the_top()

    @rx.event
    async def clear_search(self) -> None:
        self.search = ""
        await self._from_the_top()

    @rx.event
    async def clear_filter(self) -> None:
        self.person, self.act, self.since, self.until, self.search = "0", "", "", "", ""
        await self._from_the_top()

    @rx.event
    async def older(self) -> None:
        if self.rows and self.has_more:
            self._cursors = [*self._cursors, self.rows[-1].id]
            await self._list()

    @rx.event
    async def newer(self) -> None:
        self._cursors = self._cursors[:-1]
        await self._list()

    @rx.event
    async def export(self) -> rx.event.EventSpec:
        """Ask first, so that a refusal is shown here; the file itself comes over HTTP."""
        await self._do(exporting.require_export, "audit")
        asked = {
            "person": self.person,
            "act": self.act,
            "since": self.since,
            "until": self.until,
            "search": self.search,
            "locale": (await self.get_state(LocaleState)).locale,
        }
        return download(f"/export/audit.csv?{urlencode(asked)}")

    def _filter(self, **changed: Any) -> TrailFilter:
        stands = {
            "person": self.person,
            "act": self.act,
            "since": self.since,
            "until": self.until,
            "search": self.search,
        }
        return TrailFilter.of(**(stands | changed))

    async def _from_the_top(self) -> None:
        self._cursors = []
        await self._list()

    async def _load(self) -> None:
        try:
            self.people = await self._do(trail.list_people)
            await self._from_the_top()
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    async def _list(self) -> None:
        before = self._cursors[-1] if self._cursors else 0
        found = await self._do(trail.list_trail, self._filter(), before)
        self.rows, self.has_more = found[:WINDOW], len(found) > WINDOW
        self.page = len(self._cursors) + 1
