"""The team screen: members, roles, invitations."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from chatrigo.domain.access import may
from chatrigo.domain.team import invitations, members, ownership
from chatrigo.domain.team.invitations import InvitationRow
from chatrigo.domain.team.members import MemberRow
from chatrigo.errors import Invalid, LimitReached, SignedOut
from chatrigo.events import Fact, Missed, SettingsChanged, hub
from state.locale import LocaleState, spoken
from state.session import Signed

INVITE, ROLE = "team-invite", "team-role"
REMOVE, TRANSFER, REVOKE = "team-remove", "team-transfer", "team-revoke"


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """Whom an open dialog is about; `version` makes each opening a new form."""

    version: int = 0
    id: int = 0
    name: str = ""
    role: str = ""
    assigned: int = 0


class TeamState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    busy: bool = False
    members: list[MemberRow] = []
    invitations: list[InvitationRow] = []
    chosen: ChosenRow = ChosenRow()
    error: str = ""
    error_field: str = ""

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep this tab up to date. Reflex cancels it when the tab navigates or closes."""
        async with self:
            actor = await self._current_actor()
        if not may(actor.role, "team"):
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

    # Members

    @rx.event
    def ask_role(self, account_id: int) -> rx.event.EventSpec | None:
        return self._choose(account_id, ROLE)

    @rx.event
    async def change_role(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        role = form.get("role") if isinstance(form, dict) else None
        if not await self._try(members.change_role, self.chosen.id, role):
            return None
        return [_close(ROLE), await self._said("team.role_changed", name=self.chosen.name)]

    @rx.event
    def ask_remove(self, account_id: int) -> rx.event.EventSpec | None:
        return self._choose(account_id, REMOVE)

    @rx.event
    async def remove(self) -> rx.event.EventSpec:
        name = await self._do(members.remove_member, self.chosen.id)
        return await self._said("team.removed", name=name)

    @rx.event
    def ask_transfer(self, account_id: int) -> rx.event.EventSpec | None:
        return self._choose(account_id, TRANSFER)

    @rx.event
    async def transfer(self) -> rx.event.EventSpec:
        """The tab reloads by itself: its person has another role now."""
        locale = (await self.get_state(LocaleState)).locale
        name = await self._do(ownership.transfer_ownership, self.chosen.id, locale)
        return await self._said("team.transferred", name=name)

    # Invitations

    @rx.event
    def compose(self) -> rx.event.EventSpec:
        self._forgive()
        self.chosen = ChosenRow(self.chosen.version + 1)
        return _open(INVITE)

    @rx.event
    async def invite(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        form = form if isinstance(form, dict) else {}
        locale = (await self.get_state(LocaleState)).locale
        if not await self._try(invitations.invite, form.get("email"), form.get("role"), locale):
            return None
        return [_close(INVITE), await self._said("team.invited")]

    @rx.event
    async def send_again(self, invitation_id: int) -> rx.event.EventSpec:
        await self._do(invitations.send_again, invitation_id)
        return await self._said("team.sent_again")

    @rx.event
    def ask_revoke(self, invitation_id: int) -> rx.event.EventSpec | None:
        row = next((row for row in self.invitations if row.id == invitation_id), None)
        if row is None:
            return None
        self.chosen = ChosenRow(self.chosen.version + 1, row.id, row.email, row.role)
        return _open(REVOKE)

    @rx.event
    async def revoke(self) -> rx.event.EventSpec:
        await self._do(invitations.take_back, self.chosen.id)
        return await self._said("team.revoked")

    async def _load(self) -> None:
        try:
            self.members = await self._do(members.list_members)
            self.invitations = await self._do(invitations.list_invitations)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.loaded, self.failed = True, False

    async def _try(self, change: Any, *args: Any) -> bool:
        """Whether it went through; if not, the reason stands beside the field."""
        self._forgive()
        try:
            await self._do(change, *args)
        except (Invalid, LimitReached) as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            self.error_field = refused.key.partition(".")[2].partition("_")[0]
            return False
        return True

    def _choose(self, account_id: Any, dialog: str) -> rx.event.EventSpec | None:
        row = next((row for row in self.members if row.account_id == account_id), None)
        if row is None:
            return None
        self._forgive()
        version = self.chosen.version + 1
        self.chosen = ChosenRow(version, row.account_id, row.name, row.role, row.assigned)
        return _open(dialog)

    async def _said(self, key: str, **values: Any) -> rx.event.EventSpec:
        return rx.toast.success(await spoken(self, key, **values))

    def _forgive(self) -> None:
        self.error = self.error_field = ""


class LeaveState(Signed, rx.State):
    """Leaving the business, from one's own settings."""

    @rx.event
    async def leave(self) -> rx.event.EventSpec:
        """To another business of theirs, or out."""
        await self._do(members.leave_business)
        return rx.call_script("window.chatrigoMoved('/inbox')")


def _is_news(fact: Fact) -> bool:
    return isinstance(fact, Missed) or (isinstance(fact, SettingsChanged) and fact.what == "team")


def _open(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.showModal()")


def _close(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.close()")
