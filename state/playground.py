"""Trying the assistant: a conversation of this tab alone, kept nowhere."""

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from chatrigo.domain.assistant.prompt import Evidence
from chatrigo.domain.conversations.rows import EvidenceRow
from chatrigo.errors import Invalid
from chatrigo.workflows.rehearse import Rehearsed, rehearse
from state.locale import LocaleState, spoken
from state.session import Signed

MOST_TURNS = 40
TO_THE_END = (
    "requestAnimationFrame(() => { const l = document.getElementById('playground-log');"
    " l && l.scrollTo({top: l.scrollHeight}); })"
)


@dataclass(frozen=True, slots=True)
class TurnRow:
    """
    `author` is "customer" or "ai". Of the assistant's turns: `act` (small_talk, approved, model,
    handover), why it was handed over, what it stood on, and what it took.
    """

    number: int
    author: str
    text: str
    act: str = ""
    reason: str = ""
    evidence: list[EvidenceRow] = field(default_factory=list)
    milliseconds: int = 0
    tokens: int = 0


class PlaygroundState(Signed, rx.State):
    turns: list[TurnRow] = []
    draft: str = ""
    asking: bool = False
    error: str = ""

    # Raised by every new beginning; an answer to an earlier one is dropped.
    _round: int = 0

    @rx.event(background=True)
    async def ask(self, form: dict[str, Any]) -> Any:
        question = form.get("question") if isinstance(form, dict) else None
        async with self:
            if self.asking:
                return
            actor = await self._current_actor()
            locale = (await self.get_state(LocaleState)).locale
            history = [
                ("user" if turn.author == "customer" else "assistant", turn.text)
                for turn in self.turns
            ]
            here = self._round
            self.asking, self.error, self.draft = True, "", ""
        try:
            async with aclosing(rehearse(actor, question, history, locale)) as steps:
                async for step in steps:
                    async with self:
                        if self._round != here:
                            return
                        first = self._take(question, step)
                    if first or step.act != "writing":
                        yield rx.call_script(TO_THE_END)
        except Invalid as refused:
            async with self:
                self.error = await spoken(self, refused.key, **refused.values)
        finally:
            async with self:
                if self._round == here:
                    self.asking, self.draft = False, ""

    @rx.event
    def start_over(self) -> None:
        self._round += 1
        self.turns, self.draft, self.error, self.asking = [], "", "", False

    def _take(self, question: Any, step: Rehearsed) -> bool:
        """Show how far the answer has come; whether the question has just appeared."""
        number = self.turns[-1].number + 1 if self.turns else 1
        new = not self.turns or self.turns[-1].author == "ai"
        if new:
            self.turns = [*self.turns, TurnRow(number, "customer", str(question).strip())]
            number += 1
        if step.act == "writing":
            self.draft = step.text
        else:
            self.draft = ""
            self.turns = [*self.turns, _answered(number, step)][-MOST_TURNS:]
        return new


def _answered(number: int, step: Rehearsed) -> TurnRow:
    return TurnRow(
        number,
        "ai",
        step.text,
        act=step.act,
        reason=step.reason,
        evidence=[_evidence(piece) for piece in step.evidence],
        milliseconds=step.milliseconds,
        tokens=step.input_tokens + step.output_tokens,
    )


def _evidence(piece: Evidence) -> EvidenceRow:
    return EvidenceRow(piece.entry_id, piece.title, piece.body, piece.kind)
