"""The list of conversations: views, filters, search, windows."""

from typing import Any

import reflex as rx

from chatrigo.domain.conversations import listing
from chatrigo.domain.conversations.desk import window
from chatrigo.domain.conversations.listing import Filter, matches
from chatrigo.domain.conversations.rows import WINDOW, ConversationRow
from state.session import Signed

# A list that was scrolled far is loaded again up to here.
LONGEST = 4 * WINDOW


class Listed(Signed, rx.State, mixin=True):
    rows: list[ConversationRow] = []
    has_more: bool = False
    search: str = ""

    # What is chosen outlives a reload of the tab.
    view: str = rx.SessionStorage("all", name="chatrigo_inbox_view")
    status: str = rx.SessionStorage("open", name="chatrigo_inbox_status")
    label: str = rx.SessionStorage("0", name="chatrigo_inbox_label")

    channel: str = rx.SessionStorage("0", name="chatrigo_inbox_channel")

    _rows_are_stale: bool = False

    @rx.event
    async def show_view(self, view: str) -> None:
        self.view = Filter.of(view, "", "", 0).view
        await self._load_rows()

    @rx.event
    async def show_status(self, status: str) -> None:
        self.status = Filter.of("", status, "", 0).status
        await self._load_rows()

    @rx.event
    async def show_label(self, label_id: int) -> None:
        """0 shows conversations with and without labels."""
        self.label = str(Filter.of("", "", "", label_id).label_id)
        await self._load_rows()

    @rx.event
    async def show_channel(self, channel_id: int) -> None:
        """0 shows conversations of every channel."""
        self.channel = str(Filter.of("", "", "", 0, channel_id).channel_id)
        await self._load_rows()

    @rx.event
    async def search_for(self, words: str) -> None:
        self.search = Filter.of("", "", words, 0).search
        await self._load_rows()

    @rx.event
    async def clear_search(self) -> None:
        self.search = ""
        await self._load_rows()

    @rx.event
    async def clear_filter(self) -> None:
        """Everything that is open."""
        self.view, self.status, self.label, self.search = "all", "open", "0", ""
        self.channel = "0"
        await self._load_rows()

    @rx.event
    async def load_more(self) -> None:
        if not self.rows:
            return
        last = listing.cursor(self.rows[-1])
        found = await self._do(listing.list_conversations, self._filter(), last)
        rows, self.has_more = window(found)
        known = {row.id for row in rows}
        self.rows = [*(row for row in bare(self.rows) if row.id not in known), *rows]

    def _filter(self) -> Filter:
        return Filter.of(self.view, self.status, self.search, self.label, self.channel)

    def _size(self) -> int:
        return min(max(WINDOW, len(self.rows)), LONGEST)

    async def _load_rows(self) -> None:
        """From the top: another filter is another list."""
        self._show_rows(await self._do(listing.list_conversations, self._filter()), WINDOW)

    def _show_rows(self, found: list[ConversationRow], size: int) -> None:
        rows, self.has_more = window(found, size)
        self._rows_are_stale = False
        if bare(self.rows) != rows:
            self.rows = rows

    def _place(self, row: ConversationRow, account_id: int) -> None:
        """Put a row that has changed where it belongs, or take it off the list."""
        if self.search and all(each.id != row.id for each in self.rows):
            self._rows_are_stale = True  # only the database knows whether it matches
            return
        wanted = matches(row, account_id, self._filter())
        rows = placed(bare(self.rows), row, wanted=wanted, has_more=self.has_more)
        if rows != bare(self.rows):
            self.rows = rows


def placed(
    rows: list[ConversationRow], row: ConversationRow, *, wanted: bool, has_more: bool
) -> list[ConversationRow]:
    """
    The list, newest first, once `row` has changed.

    A row older than all that are loaded is left to `load_more`.
    """
    others = [each for each in rows if each.id != row.id]
    if not wanted:
        return others
    index = next((i for i, each in enumerate(others) if _news(each) < _news(row)), len(others))
    if has_more and index == len(others):
        return others
    return [*others[:index], row, *others[index:]]


def bare(value: Any) -> Any:
    """The value itself, without the proxies in which Reflex hands out what a state holds."""
    value = getattr(value, "__wrapped__", value)
    if isinstance(value, list):
        return [getattr(each, "__wrapped__", each) for each in value]
    return value


def _news(row: ConversationRow) -> tuple[str, int]:
    return row.at, row.id
