"""The owner's own tests: the set, the form of one, running them, CSV in and out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.assistant.testing import cases, proposal, runs, spreadsheet
from chatrigo.domain.assistant.testing.cases import CaseRow
from chatrigo.domain.assistant.testing.runs import LineRow, ResultRow, RunRow
from chatrigo.domain.csv_text import MAX_BYTES
from chatrigo.domain.model.setting import answering_model
from chatrigo.domain.settings import profile
from chatrigo.errors import Invalid, NotFound, SignedOut
from chatrigo.events import Missed, SettingsChanged, hub
from state.assistant import NO_RUN
from state.locale import spoken
from state.session import Signed

FORM, RESULT, DELETE, IMPORT = "case-form", "case-result", "case-delete", "cases-import"
FIELDS = ("name", "turns", "facts", "forbidden", "expected")
PREVIEW_ROWS = 50
# Many results in one moment are shown together.
BREATH_SECONDS = 0.3
NO_LINE = LineRow(0, "", ResultRow(), ResultRow())


@dataclass(frozen=True, slots=True)
class SetLine:
    """A case and how its two sides did in the latest run."""

    id: int
    name: str
    question: str
    more_turns: int
    expected: str
    enabled: bool
    draft: ResultRow
    published: ResultRow


@dataclass(frozen=True, slots=True)
class CaseForm:
    """The form as it opened; `version` makes each opening a new form. `id` 0 is a new case."""

    version: int = 0
    id: int = 0
    name: str = ""
    turns: str = ""
    facts: str = ""
    forbidden: str = ""
    expected: str = "answer"
    from_conversation: bool = False


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A row of the file with what is wrong with it, in words."""

    line: int
    name: str
    turns: str
    problem: str = ""


class OwnTestsState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    rows: list[SetLine] = []
    enabled: int = 0
    run: RunRow = NO_RUN
    zone: str = "Asia/Jakarta"
    # The model that answers; empty when only approved answers are given.
    model: str = ""

    form: CaseForm = CaseForm()
    error: str = ""
    error_field: str = ""
    saving: bool = False

    opened: LineRow = NO_LINE
    deleting_id: int = 0
    deleting_name: str = ""

    import_rows: list[ImportLine] = []
    import_ready: int = 0
    import_skipped: int = 0
    import_more: int = 0
    import_error: str = ""

    _file: bytes = b""
    _deleted: CaseRow | None = None
    _asked_for: str = ""

    @rx.event(background=True)
    async def follow(self) -> AsyncIterator[rx.event.EventSpec]:
        """
        Keep this tab up to date. Reflex cancels it when the tab navigates or closes.

        `/assistant/tests?conversation=7&message=9` proposes a test made of that conversation.
        """
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "configure"):
            return
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
                proposed = await self._propose_asked_for()
            if proposed:
                yield proposed
            while True:
                facts = await inbox.batch()
                news = [each for each in facts if isinstance(each, SettingsChanged | Missed)]
                if any(
                    isinstance(fact, Missed) or fact.what in ("own_tests", "assistant")
                    for fact in news
                ):
                    async with self:
                        await self._list()
                    await asyncio.sleep(BREATH_SECONDS)

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    # The set

    @rx.event
    def compose(self) -> rx.event.EventSpec:
        return self._open_form(CaseForm())

    @rx.event
    async def edit(self, case_id: int) -> rx.event.EventSpec:
        return self._open_form(_form_of(await self._do(cases.get_case, case_id)))

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        self.error = self.error_field = ""
        self.saving = True
        yield None
        try:
            if self.form.id:
                await self._do(cases.change_case, self.form.id, form)
            else:
                await self._do(cases.add_case, form)
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            name = refused.key.partition(".")[2]
            self.error_field = next((f for f in FIELDS if name.startswith(f)), "name")
            return
        finally:
            self.saving = False
        yield _close(FORM)
        yield rx.toast.success(await spoken(self, "own_tests.saved"))

    @rx.event
    async def switch(self, case_id: int, on: bool) -> None:
        await self._do(cases.enable_case, case_id, on)

    @rx.event
    async def ask_delete(self, case_id: int) -> rx.event.EventSpec:
        row = await self._do(cases.get_case, case_id)
        self.deleting_id, self.deleting_name = row.id, row.name
        return _open(DELETE)

    @rx.event
    async def delete(self) -> rx.event.EventSpec:
        self._deleted = await self._do(cases.delete_case, self.deleting_id)
        return rx.toast.success(
            await spoken(self, "own_tests.deleted"),
            description=self._deleted.name,
            duration=10_000,
            action={"label": await spoken(self, "own_tests.undo"), "on_click": OwnTestsState.undo},
        )

    @rx.event
    async def undo(self) -> None:
        """Bring back what was deleted last in this tab."""
        row, self._deleted = self._deleted, None
        if row is not None:
            await self._do(cases.restore_case, row)

    # Running

    @rx.event
    async def start(self) -> rx.event.EventSpec | None:
        try:
            self.run = await self._do(runs.start_run, await self._do(answering_model))
        except Invalid as refused:
            return rx.toast.warning(await spoken(self, refused.key, **refused.values))
        return None

    @rx.event
    async def cancel(self) -> None:
        if self.run.id:
            self.run = await self._do(runs.cancel_run, self.run.id)

    @rx.event
    async def open_result(self, case_id: int) -> rx.event.EventSpec:
        """What both sides answered, and why it failed."""
        self.opened = await self._do(runs.get_line, self.run.id, case_id)
        return _open(RESULT)

    # CSV

    @rx.event
    async def export(self) -> rx.event.EventSpec:
        content = await self._do(spreadsheet.export_cases)
        return rx.download(
            data=content.encode(), filename=await spoken(self, "own_tests.export_name")
        )

    @rx.event
    async def read_file(self, files: list[rx.UploadFile]) -> None:
        """Show what the file would bring before anything is saved."""
        self._forget_file()
        if not isinstance(files, list) or not files or not hasattr(files[0], "read"):
            return
        content = await files[0].read(MAX_BYTES + 1)
        try:
            seen: spreadsheet.Preview = await self._do(spreadsheet.preview_import, content)
        except Invalid as refused:
            self.import_error = await spoken(self, refused.key, **refused.values)
            return
        self._file = content
        rows = sorted(seen.rows, key=lambda row: (not row.problem, row.line))
        self.import_rows = [
            ImportLine(
                row.line,
                row.name,
                row.turns,
                await spoken(self, row.problem, **row.values) if row.problem else "",
            )
            for row in rows[:PREVIEW_ROWS]
        ]
        self.import_more = max(0, len(rows) - PREVIEW_ROWS)
        self.import_ready, self.import_skipped = seen.ready, seen.skipped

    @rx.event
    async def refuse_file(self, _rejected: Any = None) -> None:
        """The browser itself found the file too big or of another kind."""
        self._forget_file()
        self.import_error = await spoken(self, "errors.csv_big", limit=MAX_BYTES // 1_000_000)

    @rx.event
    async def save_import(self) -> list[rx.event.EventSpec]:
        if not self._file:
            return []
        try:
            count = await self._do(spreadsheet.import_cases, self._file)
        except Invalid as refused:
            self.import_error = await spoken(self, refused.key, **refused.values)
            return []
        self._forget_file()
        said = await spoken(self, "own_tests.imported", count=count)
        return [_close(IMPORT), rx.toast.success(said)]

    @rx.event
    def drop_file(self) -> None:
        self._forget_file()

    def _forget_file(self) -> None:
        self._file = b""
        self.import_rows, self.import_error = [], ""
        self.import_ready = self.import_skipped = self.import_more = 0

    def _open_form(self, form: CaseForm) -> rx.event.EventSpec:
        self.form = replace(form, version=self.form.version + 1)
        self.error = self.error_field = ""
        return _open(FORM)

    async def _propose_asked_for(self) -> rx.event.EventSpec | None:
        """Once: a tab that connects anew does not open the form again."""
        asked = self.router.url.query_parameters
        conversation, message = asked.get("conversation", ""), asked.get("message", "")
        if not conversation or self._asked_for == f"{conversation} {message}":
            return None
        self._asked_for = f"{conversation} {message}"
        try:
            row = await self._do(proposal.propose_case, conversation, message)
        except NotFound:
            return rx.toast.warning(await spoken(self, "own_tests.conversation_gone"))
        return self._open_form(_form_of(row, from_conversation=True))

    async def _load(self) -> None:
        try:
            await self._list()
            self.zone = (await self._do(profile.get_profile)).zone
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.model = await self._do(answering_model)
        self.loaded, self.failed = True, False

    async def _list(self) -> None:
        rows = await self._do(cases.list_cases)
        view = await self._do(runs.latest_run)
        lines = {line.case_id: line for line in view.lines} if view else {}
        self.rows = [_line(row, lines.get(row.id, NO_LINE)) for row in rows]
        self.enabled = sum(row.enabled for row in rows)
        self.run = view.run if view else NO_RUN


def _line(row: CaseRow, line: LineRow) -> SetLine:
    return SetLine(
        id=row.id,
        name=row.name,
        question=row.turns[-1],
        more_turns=len(row.turns) - 1,
        expected=row.expected,
        enabled=row.enabled,
        draft=line.draft,
        published=line.published,
    )


def _form_of(row: CaseRow, *, from_conversation: bool = False) -> CaseForm:
    return CaseForm(
        id=row.id,
        name=row.name,
        turns="\n".join(row.turns),
        facts="\n".join(row.facts),
        forbidden="\n".join(row.forbidden),
        expected=row.expected,
        from_conversation=from_conversation,
    )


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(
        f"const d = document.getElementById('{dialog}'); d && !d.open && d.showModal()"
    )


def _close(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.close()")
