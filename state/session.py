"""Who is signed in, in this tab; and what a tab is told when something goes wrong."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

import reflex as rx
import structlog
from reflex_base.event.context import EventContext

from chatrigo import cookies, db, faults
from chatrigo.domain.access import PERMISSIONS, PUBLIC, Actor, as_id, may
from chatrigo.domain.accounts import businesses, sessions
from chatrigo.domain.accounts.businesses import WorkplaceRow
from chatrigo.domain.accounts.sessions import SignedIn
from chatrigo.domain.channels import connecting
from chatrigo.domain.operator import support
from chatrigo.errors import ChatrigoError, ConfirmItsYou, SignedOut, Suspended
from chatrigo.events import hub
from chatrigo.i18n import translate

R = TypeVar("R")

log = structlog.get_logger()

HOME = "/inbox"
ROTATE = (
    "fetch('/auth/rotate', {method: 'POST', headers: {'Content-Type': 'application/json'},"
    " body: JSON.stringify({ticket: TICKET})})"
)
# The tabs of a browser share its session, so all of them move (assets/ui.js).
MOVE = (
    "fetch('/auth/switch', {method: 'POST', headers: {'Content-Type': 'application/json'},"
    " body: JSON.stringify({business: BUSINESS})})"
    ".finally(() => window.chatrigoMoved('/inbox'))"
)
LEAVE = "fetch('/auth/leave', {method: 'POST'}).finally(() => location.assign('/sign-in'))"


class SomebodyElse(SignedOut):
    """Another account, another business or another role than this tab was loaded for."""


class SessionState(rx.State):
    """What the shell shows of the signed-in person."""

    name: str = ""
    email: str = ""
    role: str = ""
    # What the role may, for screens that leave out the rest; the domain decides all the same.
    permissions: list[str] = []
    loaded: bool = False
    business_id: int = 0
    business_name: str = ""
    business_slug: str = ""
    # One of our own team; and until when an owner lets them look at this business.
    operates: bool = False
    support_until: str = ""
    # Why the business is closed for the time being; its people then see nothing else.
    suspended: str = ""
    zone: str = "Asia/Jakarta"
    workplaces: list[WorkplaceRow] = []
    # Channels that have stopped working, for those who can mend them.
    broken_channels: list[str] = []

    # Whose screen this tab shows: account, business, role.
    _shown: tuple[int, int, str] | None = None
    # For which this tab's session was rotated: the socket still has the cookie of before.
    _rotation: str = ""

    @rx.event
    async def load(self) -> rx.event.EventSpec | None:
        """On every page behind the sign-in."""
        found = await _signed_in(self)
        self._shown = _whose(found)
        self.name = found.name or found.email.partition("@")[0]
        self.email = found.email
        self.role = found.actor.role
        self.permissions = [name for name in PERMISSIONS if may(found.actor.role, name)]
        self.business_id = found.actor.business_id
        self.business_name = found.business_name
        self.business_slug = found.business_slug
        self.operates = found.operates
        self.support_until = found.support_until.isoformat() if found.support_until else ""
        self.suspended = "" if found.support_until else found.suspended
        self.zone = found.zone
        self.workplaces = await db.run(businesses.list_workplaces, found.actor)
        await self._look_at_channels(found.actor)
        self.loaded = True
        return SessionState.wait_until_open() if self.suspended else None

    async def _look_at_channels(self, actor: Actor) -> None:
        self.broken_channels = (
            await db.run(connecting.list_broken, actor) if may(actor.role, "configure") else []
        )

    @rx.event(background=True)
    async def wait_until_open(self) -> rx.event.EventSpec:
        """The business is suspended, and nothing else listens: load anew once it is not."""
        async with self:
            found = await _signed_in(self)
        with hub.subscribe(found.actor.business_id) as news:
            while found.suspended:
                await news.batch()
                async with self:
                    found = await _signed_in(self)
        return rx.call_script("location.reload()")

    @rx.event
    async def leave_support(self) -> rx.event.EventSpec:
        """An operator comes out of the business that they were looking at."""
        actor = (await _signed_in(self)).actor
        writer = replace(actor, support_id=0)
        await db.run(support.leave_business, writer, actor.support_id)
        return await moved(self, writer, "/operator")

    @rx.event
    def switch_business(self, business_id: int) -> rx.event.EventSpec:
        """Whether the person works there is asked where it happens: `web/team.py`."""
        return rx.call_script(MOVE.replace("BUSINESS", str(as_id(business_id))))

    @rx.event
    async def sign_out(self) -> rx.event.EventSpec:
        """Also in the other tabs of this browser: they share the session."""
        token = _token(self)
        self.reset()
        await db.run(sessions.leave, PUBLIC, token)
        return rx.call_script(LEAVE)

    def _same_person(self, found: SignedIn) -> None:
        """
        Raises SomebodyElse until the page is loaded anew: a click meant for one business must
        not count in another.
        """
        if self._shown not in (None, _whose(found)):
            raise SomebodyElse
        self._shown = _whose(found)


class Signed(rx.State, mixin=True):  # type: ignore[call-arg]
    """For states that act on behalf of the signed-in person."""

    async def _current_actor(self) -> Actor:
        """
        Who acts, asked of the database anew: a session revoked elsewhere ends here as well.

        In a background event call it inside `async with self`. Raises SignedOut, Suspended.
        """
        found = await _signed_in(self)
        (await self.get_state(SessionState))._same_person(found)
        if found.suspended and not found.actor.support_id:
            raise Suspended
        return found.actor

    async def _do(self, fn: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Run a domain function as the signed-in person; what our support looks at is noted."""
        actor = await self._current_actor()
        if actor.support_id:
            writer = replace(actor, support_id=0)
            await db.run(support.note_look, writer, fn.__name__, _current_path())
        try:
            return await db.run(fn, actor, *args, **kwargs)
        except ConfirmItsYou as wanting:
            wanting.refused, wanting.arguments = _event_on_the_way(sys._getframe())
            raise

    async def _renew(self, ticket: str) -> rx.event.EventSpec:
        """
        The event that gets this browser the new token of its session, for a ticket of
        `sessions.rotate`. This tab goes on meanwhile; others connect anew.
        """
        (await self.get_state(SessionState))._rotation = ticket
        return rx.call_script(ROTATE.replace("TICKET", json.dumps(ticket)))


async def moved(state: rx.State, actor: Actor, path: str) -> rx.event.EventSpec:
    """Load `path` with a new token, for the session may do other things now than before."""
    browser = cookies.read(state.router.headers.cookie, cookies.BROWSER)
    ticket = await db.run(sessions.rotate, actor, browser=browser)
    renew = ROTATE.replace("TICKET", json.dumps(ticket))
    return rx.call_script(f"{renew}.finally(() => location.assign({json.dumps(path)}))")


def show_error(exception: Exception) -> rx.event.EventSpec:
    """What a tab hears of an exception: a way to sign in, the reason, or an id to mention."""
    if isinstance(exception, SomebodyElse):
        return rx.call_script("sessionStorage.clear(); location.reload()")
    if isinstance(exception, SignedOut):
        # A full load: the socket may be older than the cookie that the browser has by now.
        path = f"/sign-in?next={quote(_current_path(), safe='/')}"
        return rx.call_script(f"location.assign({json.dumps(path)})")
    if isinstance(exception, Suspended):
        return SessionState.load()  # which then shows nothing but why
    if isinstance(exception, ChatrigoError):
        return _toast(exception.key, **exception.values)
    id = faults.note(_current_path(), exception)
    log.error("an event failed", id=id, exc_info=exception)
    return _toast("errors.unexpected", id=id)


def download(path: str) -> rx.event.EventSpec:
    """Fetch a file from a route of ours; the page stays, unsaved words and all."""
    return rx.call_script(
        "Object.assign(document.createElement('a'),"
        f" {{href: {json.dumps(path)}, download: ''}}).click()"
    )


def _event_on_the_way(frame: FrameType | None) -> tuple[str, dict[str, Any]]:
    """The event that is being handled here, and its arguments: the outermost handler's."""
    found: tuple[str, dict[str, Any]] = ("", {})
    while frame is not None:
        code, state = frame.f_code, frame.f_locals.get("self")
        if isinstance(state, rx.State) and code.co_name in state.event_handlers:
            names = code.co_varnames[1 : code.co_argcount]
            arguments = {name: frame.f_locals[name] for name in names}
            found = f"{state.get_full_name()}.{code.co_name}", arguments
        frame = frame.f_back
    return found


def local_path(next: str) -> str:
    """`next` if it is a page of ours, else the first page: nobody is led to another site."""
    path = unquote(next)
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not parts.scheme and not parts.netloc
    is_plain = path.isprintable() and "\\" not in path and not path.startswith("//")
    return path if is_ours and is_plain and not path.startswith("/sign-") else HOME


async def _signed_in(state: rx.State) -> SignedIn:
    found = await db.run(sessions.find, PUBLIC, _token(state))
    if found is None:
        ticket = (await state.get_state(SessionState))._rotation
        found = await db.run(sessions.find_rotated, PUBLIC, ticket) if ticket else None
    if found is None:
        raise SignedOut
    return found


def _whose(found: SignedIn) -> tuple[int, int, str]:
    return found.actor.account_id or 0, found.actor.business_id, found.actor.role


def _token(state: rx.State) -> str:
    """The cookie that this tab's socket brought along when it connected."""
    return cookies.read(state.router.headers.cookie, cookies.SESSION)


def _current_path() -> str:
    return str(EventContext.get().router_data.get("asPath", ""))


def _toast(key: str, **values: Any) -> rx.event.EventSpec:
    """Both languages go to the tab, which knows its own; the server need not ask for it."""
    english, indonesian = (json.dumps(translate(key, locale, **values)) for locale in ("en", "id"))
    speaks_english = "localStorage.getItem('chatrigo_locale') === 'en'"
    return rx.toast.error(rx.Var(f"({speaks_english} ? {english} : {indonesian})").to(str))
