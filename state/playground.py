"""Trying the assistant: a conversation of this tab alone with draft and published, kept nowhere."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.assistant import stage
from chatrigo.domain.assistant.stage import ContactChoice, SideRow
from chatrigo.domain.model.setting import answering_model
from chatrigo.errors import Invalid, NotFound, SignedOut
from chatrigo.events import Missed, SettingsChanged, hub
from chatrigo.workflows.rehearse import Rehearsed, Trying, rehearse_side_by_side
from state.locale import LocaleState, spoken
from state.session import Signed

MOST_TURNS = 40


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece of evidence and how well it was found: `percent` of the question, `score` by words."""

    entry_id: int
    title: str
    body: str
    score: str
    percent: int
    likeness: int
    kind: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call of a tool; `arguments` as JSON. `state` dry: it was only shown."""

    name: str
    arguments: str
    state: str
    result: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class PromptTurn:
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnRow:
    """
    `author` is "customer" or "ai". Of the assistant's turns: `act` (small_talk, declined,
    approved, model, handover), why it was handed over, what it stood on, and what it took.
    `cost` is in words: empty where no model was asked, "?" where prices are not known.
    """

    number: int
    author: str
    text: str
    act: str = ""
    reason: str = ""
    evidence: list[PieceRow] = field(default_factory=list)
    calls: list[CallLine] = field(default_factory=list)
    prompt: list[PromptTurn] = field(default_factory=list)
    milliseconds: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    model: str = ""
    cost: str = ""


class PlaygroundState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    sides: list[SideRow] = []
    channels: list[str] = []
    contacts: list[ContactChoice] = []
    model: str = ""

    channel: str = "web"
    contact_id: int = 0
    # Which side a phone shows.
    shown: str = "draft"

    # By side: what was said, and what is being written this moment.
    draft_turns: list[TurnRow] = []
    published_turns: list[TurnRow] = []
    draft_writing: str = ""
    published_writing: str = ""
    # The sides that have not answered yet.
    waiting: list[str] = []
    asking: bool = False
    error: str = ""

    # Raised by every new beginning; an answer to an earlier one is dropped.
    _round: int = 0

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep the versions up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "configure"):
            return
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
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
    def show(self, side: str) -> None:
        self.shown = side if side in stage.SIDES else "draft"

    @rx.event
    def choose_channel(self, kind: str) -> None:
        self.channel = kind if kind in self.channels else "web"
        self._start_over()

    @rx.event
    def choose_contact(self, contact_id: str) -> None:
        """0 is somebody new."""
        known = {str(contact.id): contact.id for contact in self.contacts}
        self.contact_id = known.get(str(contact_id), 0)
        self._start_over()

    @rx.event
    def start_over(self) -> None:
        self._start_over()

    @rx.event(background=True)
    async def ask(self, form: dict[str, Any]) -> AsyncIterator[None]:
        question = form.get("question") if isinstance(form, dict) else None
        async with self:
            if self.asking:
                return
            actor = await self._current_actor()
            if not self.loaded:
                await self._load()
            locale = (await self.get_state(LocaleState)).locale
            sides = {row.side: self._trying(row, locale) for row in self.sides}
            here = self._round
            self.asking, self.error = True, ""
        try:
            answers = rehearse_side_by_side(actor, question, sides)
            async with aclosing(answers) as steps:
                async for side, step in steps:
                    async with self:
                        if self._round != here:
                            return
                        self._take(side, question, step)
                    yield
        except (Invalid, NotFound) as refused:
            async with self:
                self.error = await spoken(self, refused.key, **refused.values)
        finally:
            async with self:
                if self._round == here:
                    self._over()

    def _trying(self, row: SideRow, locale: str) -> Trying:
        history = [
            ("user" if turn.author == "customer" else "assistant", turn.text)
            for turn in self._turns(row.side)
        ]
        return Trying(row.version_id, history, self.contact_id, locale)

    def _take(self, side: str, question: Any, step: Rehearsed) -> None:
        """Show how far a side has come."""
        turns = self._turns(side)
        number = turns[-1].number + 1 if turns else 1
        if not turns or turns[-1].author == "ai":
            turns = [*turns, TurnRow(number, "customer", str(question).strip())]
            number += 1
            self._say(side, turns)
            self.waiting = [*self.waiting, side]
        if step.act == "writing":
            setattr(self, f"{side}_writing", step.text)
            return
        setattr(self, f"{side}_writing", "")
        self.waiting = [each for each in self.waiting if each != side]
        self._say(side, [*turns, _answered(number, step)][-MOST_TURNS:])

    def _turns(self, side: str) -> list[TurnRow]:
        return list(getattr(self, f"{side}_turns"))

    def _say(self, side: str, turns: list[TurnRow]) -> None:
        setattr(self, f"{side}_turns", turns)

    def _start_over(self) -> None:
        self._round += 1
        self.draft_turns, self.published_turns, self.error = [], [], ""
        self._over()

    def _over(self) -> None:
        self.asking, self.waiting = False, []
        self.draft_writing = self.published_writing = ""

    async def _load(self) -> None:
        try:
            found = await self._do(stage.get_stage)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        if [row.version_id for row in self.sides] != [row.version_id for row in found.sides]:
            self._start_over()
        self.sides, self.channels, self.contacts = found.sides, found.channels, found.contacts
        if not any(row.side == self.shown for row in found.sides):
            self.shown = found.sides[0].side
        self.model = await self._do(answering_model)
        self.loaded, self.failed = True, False


def _answered(number: int, step: Rehearsed) -> TurnRow:
    return TurnRow(
        number,
        "ai",
        step.text,
        act=step.act,
        reason=step.reason,
        evidence=[
            PieceRow(
                piece.entry_id,
                piece.title,
                piece.body,
                f"{piece.score:.1f}",
                round(piece.coverage * 100),
                round(piece.likeness * 100),
                piece.kind,
            )
            for piece in step.evidence
        ],
        calls=[
            CallLine(
                call.name,
                json.dumps(call.arguments, ensure_ascii=False),
                call.state,
                call.result,
                call.milliseconds,
            )
            for call in step.calls
        ],
        prompt=[PromptTurn(role, text) for role, text in step.prompt],
        milliseconds=step.milliseconds,
        input_tokens=step.input_tokens,
        output_tokens=step.output_tokens,
        model=step.model,
        cost=_cost(step),
    )


def _cost(step: Rehearsed) -> str:
    if not step.model:
        return ""
    if step.cost is None:
        return "?"
    whole = round(step.cost)
    return f"Rp{whole:,}".replace(",", ".") if whole else "< Rp1"
