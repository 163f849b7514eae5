"""The screen of channels: how each is, and connecting one with a live check."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import reflex as rx

from chatrigo import security
from chatrigo.domain.access import may
from chatrigo.domain.channels import api_keys, connecting
from chatrigo.domain.channels.api_keys import KeyRow
from chatrigo.domain.channels.connecting import ChannelRow
from chatrigo.domain.channels.trouble import TOPIC
from chatrigo.errors import Invalid
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from chatrigo.i18n import translate
from chatrigo.integrations.channels import port, registry
from chatrigo.integrations.channels.port import Health, Outgoing, SendFailed
from state.locale import LocaleState, spoken
from state.session import Signed

# What the page offers, and what each asks for.
Field = port.Field
kinds = registry.kinds
CONNECT, TEST = "channel-connect", "channel-test"
DISCONNECT, REVOKE = "channel-disconnect", "channel-key-revoke"


def asked_by(kind: str) -> port.Connecting:
    """How an account of this kind is connected."""
    return registry.adapter_of(kind).connecting


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing that was checked; `problem` is empty when it is well."""

    name: str
    problem: str
    problem_en: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Something to copy into the vendor's screen."""

    name: str
    value: str


class ChannelsState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    busy: bool = False
    rows: list[ChannelRow] = []
    keys: list[KeyRow] = []
    # What the forms and dialogs are about.
    kind: str = ""
    chosen: int = 0
    error: str = ""
    # Of the channel that was checked or looked into last.
    checked: int = 0
    steps: list[StepRow] = []
    shown: list[Shown] = []
    new_key: str = ""

    @rx.var
    def api_channel(self) -> int:
        """Where a new key belongs; 0 while no other system is connected."""
        return next((row.id for row in self.rows if row.kind == api_keys.KIND), 0)

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
                if any(map(_is_news, facts)):
                    async with self:
                        await self._load()

    @rx.event
    async def load(self) -> None:
        """Try again after a failure."""
        await self._load()

    @rx.event
    def choose_kind(self, kind: str) -> rx.event.EventSpec:
        self.kind = kind if kind in registry.kinds() else ""
        self.error = ""
        return _open(CONNECT)

    @rx.event
    async def connect_channel(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        """Keep the account, then ask the vendor about it."""
        form = form if isinstance(form, dict) else {}
        self.error = ""
        adapter = registry.adapter_of(self.kind)
        try:
            id = await self._do(connecting.connect, self.kind, adapter.connecting.fields, form)
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            return None
        return [_close(CONNECT), *(await self._check(id))]

    @rx.event
    async def check(self, channel_id: int) -> list[rx.event.EventSpec]:
        return await self._check(channel_id)

    @rx.event
    async def pause(self, channel_id: int) -> rx.event.EventSpec:
        await self._do(connecting.pause, channel_id)
        return rx.toast.success(await spoken(self, "channels.paused"))

    @rx.event
    async def resume(self, channel_id: int) -> rx.event.EventSpec:
        await self._do(connecting.resume, channel_id)
        return rx.toast.success(await spoken(self, "channels.resumed"))

    @rx.event
    def ask_disconnect(self, channel_id: int) -> rx.event.EventSpec:
        self.chosen = _number(channel_id)
        return _open(DISCONNECT)

    @rx.event
    async def disconnect_channel(self) -> rx.event.EventSpec:
        opened = await self._do(connecting.open_for_check, self.chosen)
        await self._do(connecting.disconnect, self.chosen)
        # If the vendor can't be told: nothing of ours answers at the address any more.
        with suppress(SendFailed):
            await registry.adapter_of(opened.kind).subscribe(registry.account_of(opened), "")
        return rx.toast.success(await spoken(self, "channels.disconnected"))

    @rx.event
    async def reveal(self, channel_id: int) -> None:
        """What we made to be copied, a verify token say."""
        kind = next((row.kind for row in self.rows if row.id == channel_id), "")
        fields = registry.adapter_of(kind).connecting.fields
        names = [each.name for each in fields if each.shown]
        found = await self._do(connecting.reveal, channel_id, names)
        self.checked, self.steps = _number(channel_id), []
        self.shown = [Shown(name, value) for name, value in found.items()]

    @rx.event
    def ask_test(self, channel_id: int) -> rx.event.EventSpec:
        self.chosen, self.error = _number(channel_id), ""
        return _open(TEST)

    @rx.event
    async def send_test(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        """A message to somebody of the owner's choice, past the outbox: its fate is seen at once."""
        to = str(form.get("to") or "").strip()[:128] if isinstance(form, dict) else ""
        opened = await self._do(connecting.open_for_check, self.chosen)
        locale = (await self.get_state(LocaleState)).locale
        outgoing = Outgoing(
            key=f"test:{security.token()[:16]}",
            to=to,
            body=translate("channels.test_body", locale),
            by_person=True,
        )
        try:
            await registry.adapter_of(opened.kind).send(registry.account_of(opened), outgoing)
        except SendFailed as failure:
            self.error = await spoken(self, failure.key)
            return None
        return [_close(TEST), rx.toast.success(await spoken(self, "channels.test_sent"))]

    @rx.event
    async def make_key(self, form: dict[str, Any]) -> None:
        form = form if isinstance(form, dict) else {}
        self.error, self.new_key = "", ""
        try:
            self.new_key = await self._do(
                api_keys.make_key, form.get("channel"), form.get("key_name")
            )
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            return
        await self._load()

    @rx.event
    def ask_revoke_key(self, key_id: int) -> rx.event.EventSpec:
        self.chosen = _number(key_id)
        return _open(REVOKE)

    @rx.event
    async def revoke_key(self) -> rx.event.EventSpec:
        await self._do(api_keys.revoke_key, self.chosen)
        await self._load()
        return rx.toast.success(await spoken(self, "channels.key_revoked"))

    async def _check(self, channel_id: int) -> list[rx.event.EventSpec]:
        """Tell the vendor our address, ask how the account is, and show each step."""
        opened = await self._do(connecting.open_for_check, channel_id)
        adapter, account = registry.adapter_of(opened.kind), registry.account_of(opened)
        refused = ""
        try:
            await adapter.subscribe(account, connecting.address_of(opened.kind, opened.hook))
        except SendFailed as failure:
            refused = failure.key
        health = await adapter.check(account)
        if refused and health.well:
            health = Health({**health.steps, "connect": refused}, health.about)
        well = await self._do(
            connecting.note_check, channel_id, dict(health.steps), dict(health.about)
        )
        self.checked, self.shown = opened.id, []
        self.steps = [_step(name, key) for name, key in health.steps.items()]
        if well:
            return [rx.toast.success(await spoken(self, "channels.checked_well"))]
        return [rx.toast.warning(await spoken(self, "channels.checked_ill"))]

    async def _load(self) -> None:
        try:
            self.rows = await self._do(connecting.list_channels)
            self.keys = await self._do(api_keys.list_keys)
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False


def _step(name: str, key: str) -> StepRow:
    return StepRow(name, translate(key, "id") if key else "", translate(key, "en") if key else "")


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (isinstance(fact, SettingsChanged) and fact.what == TOPIC)


def _number(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < 2**63 else 0


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.showModal()")


def _close(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.close()")
