"""WhatsApp templates: the screen in the settings, and sending one from a conversation."""

from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.channels import templates
from chatrigo.domain.channels.templates import NumberRow, TemplateRow
from chatrigo.errors import Invalid, SignedOut, Unavailable
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from chatrigo.security import token
from chatrigo.workflows import templates as at_meta
from state.locale import spoken
from state.session import Signed

NEW, SEND = "template-new", "template-send"


class TemplatesState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    busy: bool = False
    numbers: list[NumberRow] = []
    number: int = 0
    rows: list[TemplateRow] = []
    version: int = 0
    error: str = ""
    error_field: str = ""

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "configure"):
            return
        with hub.subscribe(actor.business_id) as news:
            async with self:
                await self._load()
            while True:
                facts = await news.batch()
                if any(_is_news(fact) for fact in facts):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    async def choose_number(self, number: Any) -> None:
        self.rows = await self._do(templates.list_templates, number)
        self.number = int(number)

    @rx.event(background=True)
    async def refresh(self) -> rx.event.EventSpec | None:
        """Ask Meta, which may take its time."""
        async with self:
            if self.busy:
                return None
            actor, number, self.busy = await self._current_actor(), self.number, True
        try:
            count = await at_meta.read_all(actor, number)
        except (Unavailable, Invalid) as refused:
            async with self:
                return rx.toast.error(await spoken(self, refused.key, **refused.values))
        finally:
            async with self:
                self.busy = False
        async with self:
            return rx.toast.success(await spoken(self, "templates.refreshed", count=count))

    @rx.event
    def compose(self) -> rx.event.EventSpec:
        self.error = self.error_field = ""
        self.version += 1
        return _open(NEW)

    @rx.event(background=True)
    async def create(self, form: dict[str, Any]) -> list[rx.event.EventSpec]:
        async with self:
            if self.busy:
                return []
            actor, number, self.busy = await self._current_actor(), self.number, True
            self.error = self.error_field = ""
        try:
            await at_meta.create(actor, number, form)
        except (Unavailable, Invalid) as refused:
            async with self:
                self.error = await spoken(self, refused.key, **refused.values)
                area, _, word = refused.key.partition(".")
                self.error_field = word.partition("_")[0] if area == "templates" else "form"
            return []
        finally:
            async with self:
                self.busy = False
        async with self:
            said = await spoken(self, "templates.submitted")
        return [_close(NEW), rx.toast.success(said)]

    async def _load(self) -> None:
        try:
            self.numbers = await self._do(templates.list_numbers)
            if self.number not in [each.id for each in self.numbers]:
                self.number = self.numbers[0].id if self.numbers else 0
            if self.number:
                self.rows = await self._do(templates.list_templates, self.number)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False


class SendTemplateState(Signed, rx.State):
    """The dialog in a conversation whose window is closed."""

    conversation_id: int = 0
    rows: list[TemplateRow] = []
    shown: TemplateRow = TemplateRow(0, 0, "", "", "", "")
    values: dict[str, str] = {}
    error: str = ""
    key: str = ""

    @rx.event
    async def open_for(self, conversation_id: int) -> rx.event.EventSpec:
        self.rows = await self._do(templates.list_sendable, conversation_id)
        self.conversation_id = conversation_id
        self.error, self.key = "", f"template-{token()[:32]}"
        if self.rows:
            await self._show(self.rows[0].id, {})
        return _open(SEND)

    @rx.event
    async def choose(self, template_id: Any) -> None:
        self.error = ""
        await self._show(template_id, {})

    @rx.event
    async def fill(self, name: str, text: str) -> None:
        await self._show(self.shown.id, {**self.values, str(name)[:40]: str(text)[:2000]})

    @rx.event
    async def send(self, form: dict[str, Any]) -> list[rx.event.EventSpec]:
        form = form if isinstance(form, dict) else {}
        # The key is made when the dialog opens: pressed twice, it is one message.
        given = {variable.name: form.get(variable.name) for variable in self.shown.variables}
        key = form.get("key") or f"template-{self.router.session.client_token[:20]}"
        try:
            await self._do(templates.send_template, self.conversation_id, self.shown.id, given, key)
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            return []
        return [_close(SEND), rx.toast.success(await spoken(self, "templates.sent"))]

    async def _show(self, template_id: Any, values: dict[str, str]) -> None:
        self.shown = await self._do(templates.preview, template_id, values)
        self.values = values


def _is_news(fact: Fact) -> bool:
    topics = (templates.TOPIC, "channels")
    return isinstance(fact, Missed) or (isinstance(fact, SettingsChanged) and fact.what in topics)


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.showModal()")


def _close(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.close()")
