"""What staff think of an answer, and what it should have been."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from chatrigo.domain.learning import verdicts
from chatrigo.errors import Invalid
from state.locale import spoken
from state.session import Signed

CORRECT = "correct-answer"


@dataclass(frozen=True, slots=True)
class Correction:
    """The form as it opened; `version` makes each opening a new form."""

    version: int = 0
    message_id: int = 0
    question: str = ""
    answer: str = ""


class Corrected(Signed, mixin=True):  # type: ignore[call-arg]
    correction: Correction = Correction()
    correction_question_error: str = ""
    correction_answer_error: str = ""

    @rx.event
    async def judge(self, message_id: int, verdict: str) -> rx.event.EventSpec | None:
        """An answer was good or bad; "" takes it back. After "bad" the right one is asked for."""
        await self._do(verdicts.judge, message_id, verdict)
        if verdict != "bad":
            return None
        question, answer = await self._do(verdicts.question_of, message_id)
        self.correction = Correction(self.correction.version + 1, message_id, question, answer)
        self.correction_question_error = self.correction_answer_error = ""
        return rx.call_script(f"document.getElementById('{CORRECT}')?.showModal()")

    @rx.event
    async def correct(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec]:
        form = form if isinstance(form, dict) else {}
        self.correction_question_error = self.correction_answer_error = ""
        try:
            what = await self._do(
                verdicts.correct,
                self.correction.message_id,
                form.get("question"),
                form.get("answer"),
            )
        except Invalid as refused:
            said = await spoken(self, refused.key, **refused.values)
            if refused.key.startswith("knowledge.answer"):
                self.correction_answer_error = said
            else:
                self.correction_question_error = said
            return
        yield rx.call_script(f"document.getElementById('{CORRECT}')?.close()")
        key = "corrected_taught_toast" if what == "taught" else "corrected_toast"
        yield rx.toast.success(await spoken(self, f"learning.{key}"))
