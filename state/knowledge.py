"""What the assistant knows: the list, the form, trying a question, CSV in and out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from chatrigo import db
from chatrigo.domain import exporting
from chatrigo.domain.access import may
from chatrigo.domain.knowledge import entries, spreadsheet, trial
from chatrigo.domain.knowledge.entries import EntryCounts, EntryPage, EntryRow
from chatrigo.domain.knowledge.spreadsheet import ImportRow, Preview
from chatrigo.domain.knowledge.trial import FoundRow, Trial
from chatrigo.domain.learning import unanswered
from chatrigo.domain.model.setting import answering_model
from chatrigo.errors import ChatrigoError, Invalid, NotFound, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from chatrigo.workflows import vectors
from state.forms import text_in
from state.locale import spoken
from state.session import Signed, download

PREVIEW_ROWS = 50
FORM, DELETE, IMPORT = "entry-form", "entry-delete", "entry-import"


@dataclass(frozen=True, slots=True)
class FormRow:
    """The form as it opened. `id` is 0 for something new; `version` makes each opening a new form."""

    version: int = 0
    id: int = 0
    kind: str = "qa"
    title: str = ""
    body: str = ""


class KnowledgeState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    # Questions of customers that nobody has taught yet.
    unanswered: int = 0
    # The model that answers; empty when only approved answers are given.
    model: str = ""

    rows: list[EntryRow] = []
    counts: EntryCounts = EntryCounts()
    found: int = 0
    page: int = 1
    pages: int = 1
    view: str = "all"
    query: str = ""

    form: FormRow = FormRow()
    title_error: str = ""
    body_error: str = ""
    duplicate: str = ""
    saving: bool = False

    deleting_id: int = 0
    deleting_title: str = ""

    question: str = ""
    decision: str = ""
    evidence: list[FoundRow] = []
    trial_error: str = ""

    import_rows: list[ImportRow] = []
    import_ready: int = 0
    import_skipped: int = 0
    import_more: int = 0
    import_error: str = ""
    importing: bool = False

    _asked_for: str = ""
    _duplicate_id: int = 0
    _warned_of: str = ""
    _deleted: EntryRow | None = None
    _file: bytes = b""

    @rx.event(background=True)
    async def follow(self) -> AsyncIterator[rx.event.EventSpec]:
        """
        Keep this tab up to date. Reflex cancels it when the tab navigates or closes.

        `/knowledge?entry=7` opens that entry, as the evidence of an answer links to it.
        """
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "teach"):
            return
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
                asked_for = await self._open_asked_for()
            if asked_for:
                yield asked_for
            while True:
                facts = await inbox.batch()
                if any(_is_news(fact) for fact in facts):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    # Finding

    @rx.event
    async def show(self, view: str) -> None:
        self.view, self.page = view if view in entries.VIEWS else "all", 1
        await self._list()

    @rx.event
    async def search(self, query: str) -> None:
        self.query, self.page = str(query)[: entries.MAX_SEARCH], 1
        await self._list()

    @rx.event
    async def clear_search(self) -> None:
        self.query, self.page = "", 1
        await self._list()

    @rx.event
    async def newer(self) -> None:
        self.page -= 1
        await self._list()

    @rx.event
    async def older(self) -> None:
        self.page += 1
        await self._list()

    # Teaching

    @rx.event
    def compose(self, kind: str) -> rx.event.EventSpec:
        return self._open_form(kind=kind if kind in entries.KINDS else "qa")

    @rx.event
    async def use_example(self, name: str) -> rx.event.EventSpec:
        """Begin with one of the examples of the empty page."""
        known = name if name in ("hours", "delivery") else "hours"
        return self._open_form(
            title=await spoken(self, f"knowledge.example_{known}_question"),
            body=await spoken(self, f"knowledge.example_{known}_answer"),
        )

    @rx.event
    async def teach_question(self) -> rx.event.EventSpec:
        """Begin with the question that was just tried in vain."""
        return self._open_form(title=self.question)

    @rx.event
    async def edit(self, entry_id: int) -> rx.event.EventSpec:
        row = await self._do(entries.get_entry, entry_id)
        return self._open_form(id=row.id, kind=row.kind, title=row.title, body=row.body)

    @rx.event
    async def edit_duplicate(self) -> rx.event.EventSpec:
        """Leave the new one; open the entry that asks the same."""
        row = await self._do(entries.get_entry, self._duplicate_id)
        return self._open_form(id=row.id, kind=row.kind, title=row.title, body=row.body)

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        """A question that is there already is warned of once; saving it again means it."""
        title, body = text_in(form, "title"), text_in(form, "body")
        self.title_error = self.body_error = self.duplicate = ""
        self.saving = True
        yield None
        try:
            row = await self._store(title, body)
        except entries.Duplicate as warning:
            self.duplicate = str(warning.values["title"])
            self._duplicate_id, self._warned_of = warning.entry_id, entries.same_question(title)
            return
        except Invalid as refused:
            await self._point_at(refused)
            return
        finally:
            self.saving = False
        yield rx.call_script(f"document.getElementById('{FORM}')?.close()")
        yield rx.toast.success(await spoken(self, "knowledge.saved"))
        await self._try(row.title)

    @rx.event
    async def switch(self, entry_id: int, on: bool) -> None:
        await self._do(entries.enable_entry, entry_id, on)

    # Forgetting

    @rx.event
    async def ask_delete(self, entry_id: int) -> rx.event.EventSpec:
        row = await self._do(entries.get_entry, entry_id)
        self.deleting_id, self.deleting_title = row.id, row.title
        return rx.call_script(f"document.getElementById('{DELETE}')?.showModal()")

    @rx.event
    async def delete(self) -> rx.event.EventSpec:
        row = await self._do(entries.delete_entry, self.deleting_id)
        self._deleted, self.deleting_id, self.deleting_title = row, 0, ""
        return rx.toast.success(
            await spoken(self, "knowledge.deleted"),
            description=row.title,
            duration=10_000,
            action={"label": await spoken(self, "knowledge.undo"), "on_click": KnowledgeState.undo},
        )

    @rx.event
    async def undo(self) -> rx.event.EventSpec | None:
        """Bring back what was deleted last in this tab."""
        row, self._deleted = self._deleted, None
        if row is None:
            return None
        await self._do(entries.restore_entry, row)
        return rx.toast.success(await spoken(self, "knowledge.restored"))

    # Trying

    @rx.event
    async def try_question(self, form: dict[str, Any]) -> None:
        await self._try(text_in(form, "question"))

    @rx.event
    def clear_trial(self) -> None:
        self._forget_trial()

    # CSV

    @rx.event
    async def export(self) -> rx.event.EventSpec:
        """Ask first, so that a refusal is shown here; the file itself comes over HTTP."""
        await self._do(exporting.require_export, "teach")
        return download("/export/knowledge.csv")

    @rx.event
    async def read_file(self, files: list[rx.UploadFile]) -> None:
        """Show what the file would bring before anything is saved."""
        self._forget_file()
        if not isinstance(files, list) or not files or not hasattr(files[0], "read"):
            return
        content = await files[0].read(spreadsheet.MAX_BYTES + 1)
        try:
            seen: Preview = await self._do(spreadsheet.preview_import, content)
        except Invalid as refused:
            self.import_error = await spoken(self, refused.key, **refused.values)
            return
        self._file = content
        # What needs a look comes first.
        rows = sorted(seen.rows, key=lambda row: (not row.problem, row.line))
        self.import_rows, self.import_more = rows[:PREVIEW_ROWS], max(0, len(rows) - PREVIEW_ROWS)
        self.import_ready, self.import_skipped = seen.ready, seen.skipped

    @rx.event
    async def refuse_file(self, _rejected: Any = None) -> None:
        """The browser itself found the file too big or of another kind."""
        self._forget_file()
        limit = spreadsheet.MAX_BYTES // 1_000_000
        self.import_error = await spoken(self, "knowledge.csv_rejected", limit=limit)

    @rx.event(background=True)
    async def save_import(self) -> AsyncIterator[rx.event.EventSpec]:
        async with self:
            if self.importing or not self._file:
                return
            content, self.importing = self._file, True
            actor = await self._current_actor()
        try:
            count = await db.run(spreadsheet.import_entries, actor, content)
        except Invalid as refused:
            async with self:
                self.import_error = await spoken(self, refused.key, **refused.values)
            return
        finally:
            async with self:
                self.importing = False
        async with self:
            self._forget_file()
            said = await spoken(self, "knowledge.imported", count=count)
        yield rx.call_script(f"document.getElementById('{IMPORT}')?.close()")
        yield rx.toast.success(said)

    @rx.event
    def drop_file(self) -> None:
        self._forget_file()

    def _forget_trial(self) -> None:
        self.question = self.decision = self.trial_error = ""
        self.evidence = []

    def _forget_file(self) -> None:
        self._file = b""
        self.import_rows, self.import_error = [], ""
        self.import_ready = self.import_skipped = self.import_more = 0

    async def _load(self) -> None:
        try:
            await self._list()
            if self.question:
                await self._try(self.question)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.unanswered = await self._do(unanswered.count_open)
        self.model = await self._do(answering_model)
        self.loaded, self.failed = True, False

    async def _open_asked_for(self) -> rx.event.EventSpec | None:
        """Once: a tab that connects anew does not open the form again."""
        asked = self.router.url.query_parameters.get("entry", "")
        if not asked or asked == self._asked_for:
            return None
        self._asked_for = asked
        try:
            row = await self._do(entries.get_entry, asked)
        except NotFound:
            return rx.toast.warning(await spoken(self, "knowledge.gone"))
        return self._open_form(id=row.id, kind=row.kind, title=row.title, body=row.body)

    async def _list(self) -> None:
        seen: EntryPage = await self._do(entries.list_entries, self.view, self.query, self.page)
        self.rows, self.found, self.counts = seen.rows, seen.found, seen.counts
        self.page, self.pages = seen.page, seen.pages

    async def _try(self, question: str) -> None:
        try:
            actor = await self._current_actor()
            seen: Trial = await vectors.run(trial.try_question, actor, question)
        except Invalid as refused:
            self._forget_trial()
            self.trial_error = await spoken(self, refused.key, **refused.values)
            return
        self.question, self.decision, self.evidence = seen.question, seen.decision, seen.found
        self.trial_error = ""

    async def _store(self, title: str, body: str) -> EntryRow:
        meant = bool(self._warned_of) and entries.same_question(title) == self._warned_of
        if self.form.id:
            return await self._do(
                entries.change_entry, self.form.id, title, body, duplicate_ok=meant
            )
        return await self._do(entries.add_entry, self.form.kind, title, body, duplicate_ok=meant)

    async def _point_at(self, refused: ChatrigoError) -> None:
        """Show a refusal at the field that it names."""
        said = await spoken(self, refused.key, **refused.values)
        if refused.key.startswith(("knowledge.answer", "knowledge.text")):
            self.body_error = said
        else:
            self.title_error = said

    def _open_form(
        self, id: int = 0, kind: str = "qa", title: str = "", body: str = ""
    ) -> rx.event.EventSpec:
        self.form = FormRow(self.form.version + 1, id, kind, title, body)
        self.title_error = self.body_error = self.duplicate = self._warned_of = ""
        return rx.call_script(
            f"const d = document.getElementById('{FORM}'); d && !d.open && d.showModal()"
        )


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what in ("knowledge", unanswered.TOPIC)
    )
