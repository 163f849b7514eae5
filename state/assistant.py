"""How the assistant is told to be: the draft, its tests and publishing it; and whether it is on."""

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.assistant import instructions, publishing, versions
from chatrigo.domain.assistant.instructions import InstructionsRow
from chatrigo.domain.assistant.publishing import Readiness
from chatrigo.domain.assistant.testing import runs
from chatrigo.domain.assistant.testing.runs import LineRow, RunRow
from chatrigo.domain.assistant.versions import Desk, VersionRow
from chatrigo.domain.model.setting import TOPIC, answering_model
from chatrigo.domain.settings import profile
from chatrigo.errors import Invalid, NotFound, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.locale import spoken
from state.session import Signed

FORM, PUBLISH = "instructions", "publish"
# Where a refusal is shown, by the beginning of its key.
FIELDS = (
    *("name", "persona", "tone", "dont", "do", "more", "language", "handover_line", "hours"),
    "topic",
)
ZONE_NAMES = dict(zip(profile.ZONES, ("WIB", "WITA", "WIT"), strict=True))
NOTHING = InstructionsRow(
    name="",
    persona="",
    tone="",
    do="",
    dont="",
    more="",
    language="customer",
    handover_line="",
    topics=[],
    hours_known=False,
    days=[],
)
NO_VERSION = VersionRow(
    number=0,
    state="",
    revision=0,
    note="",
    from_number=0,
    author="",
    created_at="",
    changed_by="",
    updated_at="",
    published_by="",
    published_at="",
    failures=0,
    reason="",
)
NO_RUN = RunRow(
    id=0,
    state="",
    draft_number=0,
    published_number=0,
    total=0,
    done=0,
    draft_failed=0,
    published_failed=0,
    stale=False,
    model="",
    created_at="",
    finished_at="",
)


class AssistantState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    enabled: bool = True
    row: InstructionsRow = NOTHING
    # `number` is 0 where there is none.
    draft: VersionRow = NO_VERSION
    published: VersionRow = NO_VERSION
    # Each version of the form is a new one, filled with `row`.
    version: int = 0
    changed_elsewhere: bool = False
    # Somebody saved the draft first: who, and in which fields the two differ.
    conflict: str = ""
    conflict_fields: list[str] = []
    saving: bool = False
    error: str = ""
    error_field: str = ""
    # The model that answers; empty when only approved answers are given.
    model: str = ""
    zone: str = "Asia/Jakarta"
    zone_name: str = "WIB"

    # Publishing: untested, failing, proven or empty; and the run that shows it.
    readiness: str = ""
    cases: int = 0
    run: RunRow = NO_RUN
    failing: list[LineRow] = []
    publishing: bool = False
    publish_error: str = ""

    # The revision of the draft that the form was filled from.
    _revision: int = 0
    _their_revision: int = 0
    # And the one that somebody wants to publish.
    _looked_at: int = 0

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "configure"):
            return
        with hub.subscribe(actor.business_id) as inbox:
            async with self:
                await self._load()
            while True:
                facts = await inbox.batch()
                async with self:
                    if any(_is_news(fact, "assistant", TOPIC) for fact in facts):
                        await self._compare()
                    if self.readiness and any(_is_news(fact, "own_tests") for fact in facts):
                        await self._look()

    @rx.event
    async def load(self) -> None:
        """Take what is stored, and give up what was not saved."""
        await self._load()

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        self._forget_refusals()
        self.saving = True
        yield None
        try:
            desk = await self._do(versions.save_draft, form, self._revision)
        except versions.ChangedByOther as other:
            self.conflict = await spoken(self, other.key, **other.values)
            self.conflict_fields, self._their_revision = other.fields, other.revision
            return
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            self.error_field = _field_of(refused.key)
            yield rx.call_script(f"document.getElementById('{self.error_field}')?.focus()")
            return
        finally:
            self.saving = False
        self._take(desk)
        yield rx.call_script(f"window.chatrigoForms?.saved('{FORM}')")
        yield rx.toast.success(await spoken(self, "assistant.saved"))

    @rx.event
    def keep_mine(self) -> rx.event.EventSpec:
        """Save over what somebody else saved, after having been told."""
        self._revision = self._their_revision
        return rx.call_script(f"document.getElementById('{FORM}')?.requestSubmit()")

    @rx.event
    async def discard(self) -> rx.event.EventSpec:
        """Give the draft up."""
        self._take(await self._do(versions.discard_draft))
        self.version += 1
        return rx.toast.success(await spoken(self, "assistant.discarded"))

    @rx.event
    async def switch(self, on: bool) -> rx.event.EventSpec:
        self.enabled = await self._do(instructions.switch_assistant, on)
        said = "assistant.now_on" if self.enabled else "assistant.now_off"
        return rx.toast.success(await spoken(self, said))

    # Publishing

    @rx.event
    async def begin_publishing(self) -> AsyncIterator[rx.event.EventSpec | None]:
        """The tests run first, if they have not run over the draft as it is."""
        self.publish_error = ""
        ready: Readiness = await self._do(publishing.readiness)
        self._looked_at = self.draft.revision
        if ready.state == "untested":
            await self._do(runs.start_run, await self._do(answering_model))
        await self._look()
        yield rx.call_script(
            f"const d = document.getElementById('{PUBLISH}'); d && !d.open && d.showModal()"
        )

    @rx.event
    def end_publishing(self) -> None:
        """The dialog was closed; the tests run on."""
        self.readiness = ""

    @rx.event
    async def publish(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        wishes = form if isinstance(form, dict) else {}
        self.publish_error, self.publishing = "", True
        yield None
        try:
            live = await self._do(
                publishing.publish,
                self._looked_at,
                note=wishes.get("note"),
                reason=wishes.get("reason"),
            )
        except (Invalid, NotFound) as refused:
            self.publish_error = await spoken(self, refused.key, **refused.values)
            return
        finally:
            self.publishing = False
        self.readiness = ""
        await self._load()
        yield rx.call_script(f"document.getElementById('{PUBLISH}')?.close()")
        yield rx.toast.success(await spoken(self, "assistant.published", number=live.number))

    async def _look(self) -> None:
        """How far the tests of the draft are, while somebody wants to publish it."""
        try:
            ready: Readiness = await self._do(publishing.readiness)
        except NotFound:
            self.readiness = ""
            return
        view = await self._do(runs.latest_run)
        self.readiness, self.cases = ready.state, ready.cases
        self.run = ready.proof or (view.run if view else NO_RUN)
        lines = view.lines if view and ready.state == "failing" else []
        self.failing = [line for line in lines if line.draft.state == "failed"]

    async def _load(self) -> None:
        try:
            self._take(await self._do(versions.get_desk))
            self.enabled = await self._do(instructions.is_enabled)
            self.zone = (await self._do(profile.get_profile)).zone
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.zone_name = ZONE_NAMES.get(self.zone, "WIB")
        self.model = await self._do(answering_model)
        self.version += 1
        self._forget_refusals()
        self.loaded, self.failed = True, False

    async def _compare(self) -> None:
        """Somebody saved: the switch follows at once, the form only when its owner says so."""
        desk: Desk = await self._do(versions.get_desk)
        self.changed_elsewhere = self.changed_elsewhere or desk.row != self.row
        self.draft, self.published = desk.draft or NO_VERSION, desk.published or NO_VERSION
        self.enabled = await self._do(instructions.is_enabled)
        self.model = await self._do(answering_model)

    def _take(self, desk: Desk) -> None:
        self.row = desk.row
        self.draft, self.published = desk.draft or NO_VERSION, desk.published or NO_VERSION
        self._revision = desk.revision
        self.changed_elsewhere = False

    def _forget_refusals(self) -> None:
        self.error = self.error_field = self.conflict = ""
        self.conflict_fields = []


def _is_news(fact: Fact, *what: str) -> bool:
    return isinstance(fact, Missed) or (isinstance(fact, SettingsChanged) and fact.what in what)


def _field_of(key: str) -> str:
    name = key.partition(".")[2]
    return next((field for field in FIELDS if name.startswith(field)), "")
