"""The operator console in one tab: businesses, one of them, how much is used, whether all is well."""

import asyncio
import platform
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import reflex as rx

from chatrigo import db, faults
from chatrigo.config import settings
from chatrigo.domain.operator import businesses, health, support, suspension
from chatrigo.domain.operator.businesses import BusinessRow, DayRow, Totals
from chatrigo.domain.operator.health import Health
from chatrigo.errors import ConfirmItsYou, Forbidden, Invalid, NotFound, SignedOut
from chatrigo.events import hub
from chatrigo.integrations import model_check
from state.locale import spoken
from state.session import Signed, moved

SUSPEND = "suspend-form"
NONE = BusinessRow(0, "", "", "", "", "", 0, 0, 0, 0, 0, "", "", "", "")
PACKAGES = ("reflex", "dbos", "sqlalchemy", "uvicorn")


@dataclass(frozen=True, slots=True)
class FaultRow:
    id: str
    where: str
    kind: str
    at: str


@dataclass(frozen=True, slots=True)
class Machine:
    """
    This process and its disk. `model` is none, ok, refused or silent; `newest` the migration that
    this code knows as the last.
    """

    model: str = "none"
    model_name: str = ""
    newest: str = ""
    disk_free_gigabytes: int = 0
    disk_low: bool = False
    screens: int = 0
    process: str = ""
    versions: str = ""


class OperatorState(Signed, rx.State):
    """
    standing  loading, open, unknown (no operator, or no such business), factor (neither app nor
              passkey), confirm (the proof of who they are is too old) or failed
    """

    standing: str = "loading"
    query: str = ""
    page: int = 1
    totals: Totals = Totals()
    rows: list[BusinessRow] = []
    days: list[DayRow] = []

    business: BusinessRow = NONE
    error: str = ""

    health: Health = Health()
    machine: Machine = Machine()
    faults: list[FaultRow] = []

    @rx.var
    def pages(self) -> int:
        return max(1, -(-self.totals.found // businesses.PAGE))

    @rx.var
    def no_messages(self) -> bool:
        return not any(day.messages for day in self.days)

    @rx.var
    def no_tokens(self) -> bool:
        return not any(day.tokens for day in self.days)

    @rx.event
    async def load_list(self) -> None:
        await self._show(self._list)

    @rx.event
    async def search(self, query: str) -> None:
        self.query, self.page = str(query)[:100], 1
        await self._show(self._list)

    @rx.event
    async def clear_search(self) -> None:
        self.query, self.page = "", 1
        await self._show(self._list)

    @rx.event
    async def turn(self, by: int) -> None:
        """To the next page, or the one before."""
        step = by if by in (1, -1) else 0
        self.page = min(max(1, self.page + step), self.pages)
        await self._show(self._list)

    @rx.event
    async def load_usage(self) -> None:
        await self._show(self._usage)

    @rx.event
    async def load_business(self) -> None:
        await self._show(self._business)

    @rx.event
    async def load_health(self) -> None:
        await self._show(self._health)

    @rx.event
    def ask_suspend(self) -> rx.event.EventSpec:
        self.error = ""
        return rx.call_script(f"document.getElementById('{SUSPEND}')?.showModal()")

    @rx.event
    async def suspend(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        self.error = ""
        reason = form.get("reason") if isinstance(form, dict) else ""
        try:
            await self._do(suspension.suspend, self.business.id, reason)
        except Invalid as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            return None
        await self._business()
        return [
            rx.call_script(f"document.getElementById('{SUSPEND}')?.close()"),
            rx.toast.success(await spoken(self, "operator.suspended_now")),
        ]

    @rx.event
    async def free(self) -> rx.event.EventSpec:
        await self._do(suspension.free, self.business.id)
        await self._business()
        return rx.toast.success(await spoken(self, "operator.freed_now"))

    @rx.event
    async def look_inside(self) -> rx.event.EventSpec:
        """Go into the business as its owner allowed; its screens load anew."""
        actor = await self._current_actor()
        await db.run(support.open_business, actor, self.business.id)
        return await moved(self, actor, "/inbox")

    async def _show(self, load: Callable[[], Awaitable[None]]) -> None:
        try:
            await load()
        except (ConfirmItsYou, NotFound, Forbidden) as refused:
            self.standing = _standing_of(refused)
            if isinstance(refused, ConfirmItsYou):
                raise
        except SignedOut:
            raise
        except Exception:
            self.standing = "failed"
            raise
        else:
            self.standing = "open"

    async def _list(self) -> None:
        self.totals, self.rows = await self._do(
            businesses.list_businesses, self.query, int(self.page)
        )

    async def _usage(self) -> None:
        self.days = await self._do(businesses.list_usage)

    async def _business(self) -> None:
        asked = str(getattr(self, "shop_id", ""))
        if str(self.business.id) != asked:
            self.business, self.days = NONE, []
        self.business = await self._do(businesses.get_business, asked)
        self.days = await self._do(businesses.list_usage, asked)

    async def _health(self) -> None:
        self.health = await self._do(health.get_health)
        self.machine = await _machine()
        self.faults = [
            FaultRow(fault.id, fault.where, fault.kind, businesses.clock(fault.at))
            for fault in faults.latest()
        ]


def _standing_of(refused: Exception) -> str:
    if isinstance(refused, ConfirmItsYou):
        return "confirm"
    return "unknown" if isinstance(refused, NotFound) else "factor"


async def _machine() -> Machine:
    free = await asyncio.to_thread(lambda: shutil.disk_usage(settings.data_dir).free)
    newest = await asyncio.to_thread(db.revisions)
    return Machine(
        model=await model_check.check(),
        model_name=settings.chatrigo_model or "",
        newest=newest[0],
        disk_free_gigabytes=round(free / 1e9),
        disk_low=free < 2e9,
        screens=hub.listening(),
        process=settings.process_name,
        versions=", ".join(
            [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in PACKAGES)]
        ),
    )
