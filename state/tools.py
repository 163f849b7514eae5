"""The assistant's tools: our own, and the owner's."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import reflex as rx

from chatrigo import db
from chatrigo.domain.tools import servers
from chatrigo.domain.tools.servers import (
    MAX_ARGUMENTS,
    MAX_HEADERS,
    HttpToolRow,
    Made,
)
from chatrigo.errors import Invalid, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from chatrigo.workflows.http_tool import send
from state.locale import spoken
from state.session import Signed

FORM, DELETE, SECRET, TRIAL = "tool-form", "tool-delete", "tool-secret", "tool-trial"
WISHES = ("name", "description", "method", "url", "effect", "seconds")


NOTHING = HttpToolRow(0, "", "", "GET", "", "reads", 5, False, True)


@dataclass(frozen=True, slots=True)
class ArgumentFields:
    """An argument as the form opened with it; `key` names its fields in the form."""

    key: str
    name: str = ""
    kind: str = "string"
    description: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """A secret header: its value never comes here, only whether it has one."""

    key: str
    name: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class ToolForm:
    """The form as it opened. `id` is 0 for something new; `version` makes each opening a new form."""

    version: int = 0
    id: int = 0
    name: str = ""
    description: str = ""
    method: str = "GET"
    url: str = ""
    effect: str = "reads"
    seconds: int = 5
    verified_only: bool = False
    arguments: list[ArgumentFields] = field(default_factory=list)
    headers: list[HeaderFields] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What the owner's server answered to a trial."""

    state: str = ""
    status: int = 0
    text: str = ""
    milliseconds: int = 0


class ToolsState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    rows: list[HttpToolRow] = []

    form: ToolForm = ToolForm()
    error: str = ""
    error_field: str = ""
    saving: bool = False

    named: str = ""
    # Shown once, and gone with the dialog.
    secret: str = ""

    tried: HttpToolRow = NOTHING
    trial: TrialRow = TrialRow()
    trial_error: str = ""
    trying: bool = False

    _at: int = 0

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
    def compose(self) -> rx.event.EventSpec:
        return self._open_form(ToolForm(arguments=[ArgumentFields("1")]))

    @rx.event
    async def edit(self, tool_id: int) -> rx.event.EventSpec:
        return self._open_form(_form_of(await self._do(servers.get_tool, tool_id)))

    @rx.event
    def add_argument(self) -> None:
        kept = self.form.arguments
        if len(kept) < MAX_ARGUMENTS:
            self.form = replace(self.form, arguments=[*kept, ArgumentFields(_next(kept))])

    @rx.event
    def drop_argument(self, key: str) -> None:
        kept = [each for each in self.form.arguments if each.key != key]
        self.form = replace(self.form, arguments=kept)

    @rx.event
    def add_header(self) -> None:
        kept = self.form.headers
        if len(kept) < MAX_HEADERS:
            self.form = replace(self.form, headers=[*kept, HeaderFields(_next(kept))])

    @rx.event
    def drop_header(self, key: str) -> None:
        kept = [each for each in self.form.headers if each.key != key]
        self.form = replace(self.form, headers=kept)

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[rx.event.EventSpec | None]:
        written = form if isinstance(form, dict) else {}
        self.error = self.error_field = ""
        self.saving = True
        yield None
        wishes = {name: written.get(name) for name in WISHES}
        wishes["verified_only"] = written.get("verified_only", False)
        arguments = [
            {
                name: written.get(f"a{each.key}_{name}")
                for name in ("name", "kind", "description", "required")
            }
            for each in self.form.arguments
        ]
        headers = [
            {
                "name": each.name if each.kept else written.get(f"h{each.key}_name"),
                "value": written.get(f"h{each.key}_value"),
            }
            for each in self.form.headers
        ]
        made: Made | None = None
        try:
            if self.form.id:
                await self._do(servers.change_tool, self.form.id, wishes, arguments, headers)
            else:
                made = await self._do(servers.add_tool, wishes, arguments, headers)
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            self.error_field = refused.key.partition(".")[2].partition("_")[0]
            return
        finally:
            self.saving = False
        yield rx.call_script(f"document.getElementById('{FORM}')?.close()")
        if made:
            yield self._show_secret(made)
        else:
            yield rx.toast.success(await spoken(self, "tools.saved"))

    @rx.event
    async def switch(self, tool_id: int, on: bool) -> None:
        await self._do(servers.switch_tool, tool_id, on)

    @rx.event
    async def ask_delete(self, tool_id: int) -> rx.event.EventSpec:
        row = await self._do(servers.get_tool, tool_id)
        self._at, self.named = row.id, row.name
        return _open(DELETE)

    @rx.event
    async def delete(self) -> rx.event.EventSpec:
        row = await self._do(servers.delete_tool, self._at)
        return rx.toast.success(await spoken(self, "tools.deleted"), description=row.name)

    @rx.event
    async def renew_secret(self, tool_id: int) -> rx.event.EventSpec:
        return self._show_secret(await self._do(servers.renew_secret, tool_id))

    @rx.event
    def forget_secret(self) -> None:
        self.secret = ""

    # Trying

    @rx.event
    async def open_trial(self, tool_id: int) -> rx.event.EventSpec:
        self.tried = await self._do(servers.get_tool, tool_id)
        self.trial, self.trial_error = TrialRow(), ""
        return _open(TRIAL)

    @rx.event(background=True)
    async def try_it(self, form: dict[str, Any]) -> None:
        """Send the request for real, as the owner asked."""
        samples = form if isinstance(form, dict) else {}
        async with self:
            if self.trying or not self.tried.id:
                return
            tool, actor = self.tried, await self._current_actor()
            self.trying, self.trial, self.trial_error = True, TrialRow(), ""
        try:
            ready = await db.run(servers.try_tool, actor, tool.id, samples)
            answer = await send(ready, changes=False)
            async with self:
                self.trial = TrialRow(answer.state, answer.status, answer.text, answer.milliseconds)
        except Invalid as refused:
            async with self:
                self.trial_error = await spoken(self, refused.key, **refused.values)
        finally:
            async with self:
                self.trying = False

    async def _load(self) -> None:
        try:
            self.rows = await self._do(servers.list_tools)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    def _show_secret(self, made: Made) -> rx.event.EventSpec:
        self.secret, self.named = made.secret, made.row.name
        return _open(SECRET)

    def _open_form(self, form: ToolForm) -> rx.event.EventSpec:
        self.form = replace(form, version=self.form.version + 1)
        self.error = self.error_field = ""
        return _open(FORM)


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(
        f"const d = document.getElementById('{dialog}'); d && !d.open && d.showModal()"
    )


def _next(kept: list[Any]) -> str:
    used = [0]
    for each in kept:
        with suppress(ValueError):
            used.append(int(each.key))
    return str(max(used) + 1)


def _form_of(row: HttpToolRow) -> ToolForm:
    return ToolForm(
        id=row.id,
        name=row.name,
        description=row.description,
        method=row.method,
        url=row.url,
        effect=row.effect,
        seconds=row.seconds,
        verified_only=row.verified_only,
        arguments=[
            ArgumentFields(str(at), each.name, each.kind, each.description, each.required)
            for at, each in enumerate(row.arguments, 1)
        ],
        headers=[HeaderFields(str(at), name, True) for at, name in enumerate(row.header_names, 1)],
    )


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (
        isinstance(fact, SettingsChanged) and fact.what == servers.TOPIC
    )
