"""Question-answer pairs that wait for approval."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from chatrigo.domain.knowledge import proposals
from chatrigo.domain.knowledge.entries import Duplicate, same_question
from chatrigo.domain.knowledge.proposals import Approved, ProposalRow
from chatrigo.errors import Invalid, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.forms import text_in
from state.locale import spoken
from state.session import Signed

FORM, REJECT = "proposal-form", "proposal-reject"


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """`version` makes each opening a new form."""

    version: int = 0
    id: int = 0
    question: str = ""
    answer: str = ""


class ProposalsState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    rows: list[ProposalRow] = []
    found: int = 0
    chosen: list[int] = []

    form: ProposalForm = ProposalForm()
    title_error: str = ""
    body_error: str = ""
    duplicate: str = ""

    _warned_of: str = ""

    @rx.event(background=True)
    async def follow(self) -> AsyncIterator[rx.event.EventSpec]:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
            while True:
                if any(_is_news(fact) for fact in await inbox.batch()):
                    async with self:
                        await self._load()
        yield  # type: ignore[unreachable]

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    def choose(self, proposal_id: int, on: bool) -> None:
        others = [id for id in self.chosen if id != proposal_id]
        known = any(row.id == proposal_id for row in self.rows)
        self.chosen = [*others, proposal_id] if on is True and known else others

    @rx.event
    def choose_all(self, on: bool) -> None:
        """All that are shown, except what is taught already."""
        self.chosen = [row.id for row in self.rows if not row.known] if on is True else []

    @rx.event
    async def approve(self, proposal_id: int) -> rx.event.EventSpec:
        return await self._approve([proposal_id])

    @rx.event
    async def approve_chosen(self) -> rx.event.EventSpec:
        return await self._approve(self.chosen)

    @rx.event
    async def reject(self, proposal_id: int) -> rx.event.EventSpec:
        await self._do(proposals.reject_all, [proposal_id])
        return rx.toast.success(await spoken(self, "sources.rejected"))

    @rx.event
    async def reject_chosen(self) -> rx.event.EventSpec:
        await self._do(proposals.reject_all, list(self.chosen))
        return rx.toast.success(await spoken(self, "sources.rejected"))

    @rx.event
    async def edit(self, proposal_id: int) -> rx.event.EventSpec:
        row = await self._do(proposals.get_proposal, proposal_id)
        self.form = ProposalForm(self.form.version + 1, row.id, row.question, row.answer)
        self.title_error = self.body_error = self.duplicate = self._warned_of = ""
        return rx.call_script(
            f"const d = document.getElementById('{FORM}'); d && !d.open && d.showModal()"
        )

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec]:
        """A question that is taught already is warned of once; saving it again means it."""
        question, answer = text_in(form, "title"), text_in(form, "body")
        self.title_error = self.body_error = self.duplicate = ""
        meant = bool(self._warned_of) and same_question(question) == self._warned_of
        try:
            await self._do(proposals.approve, self.form.id, question, answer, duplicate_ok=meant)
        except Duplicate as warning:
            self.duplicate = str(warning.values["title"])
            self._warned_of = same_question(question)
            return
        except Invalid as refused:
            said = await spoken(self, refused.key, **refused.values)
            if refused.key.startswith("knowledge.answer"):
                self.body_error = said
            else:
                self.title_error = said
            return
        yield rx.call_script(f"document.getElementById('{FORM}')?.close()")
        yield rx.toast.success(await spoken(self, "sources.approved", count=1))

    async def _approve(self, ids: list[int]) -> rx.event.EventSpec:
        done: Approved = await self._do(proposals.approve_all, list(ids))
        key = "sources.approved_left" if done.left else "sources.approved"
        return rx.toast.success(await spoken(self, key, count=done.taught, left=done.left))

    async def _load(self) -> None:
        try:
            seen = await self._do(proposals.list_proposals)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.rows, self.found = seen.rows, seen.found
        there = {row.id for row in seen.rows}
        self.chosen = [id for id in self.chosen if id in there]
        self.loaded, self.failed = True, False


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what in ("proposals", "knowledge")
    )
