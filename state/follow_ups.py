"""What people have promised customers: the list, and ticking off."""

import reflex as rx

from chatrigo.domain import follow_ups
from chatrigo.domain.follow_ups import FollowUpRow
from chatrigo.errors import SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.locale import spoken
from state.session import Signed


class FollowUpsState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    rows: list[FollowUpRow] = []

    _finished: int = 0

    @rx.var
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)

    @rx.var
    def promised(self) -> list[int]:
        """The conversations in which something is still to be done."""
        return sorted({row.conversation_id for row in self.rows})

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
    async def finish(self, follow_up_id: int) -> rx.event.EventSpec:
        row = await self._do(follow_ups.finish, follow_up_id)
        self._finished = row.id
        return rx.toast.success(
            await spoken(self, "follow_up.finished"),
            description=row.what,
            action={
                "label": await spoken(self, "follow_up.undo"),
                "on_click": FollowUpsState.undo,
            },
        )

    @rx.event
    async def undo(self) -> None:
        """Put back what was ticked off last in this tab."""
        finished, self._finished = self._finished, 0
        if finished:
            await self._do(follow_ups.finish, finished, False)

    async def _load(self) -> None:
        try:
            self.rows = await self._do(follow_ups.list_open)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what == follow_ups.TOPIC
    )
