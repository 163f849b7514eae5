"""The page behind the link of an invitation."""

import json
from typing import Any

import reflex as rx

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import sessions
from chatrigo.domain.team import joining
from chatrigo.domain.team.joining import InvitationView
from chatrigo.errors import Invalid
from state.door import AtTheDoor, Updates, typed
from state.session import HOME, LEAVE, MOVE, Signed

# The token stays in the fragment and in the tab: no server, log or referrer sees it. Signing in
# on the way leaves the page, so the tab keeps it until the invitation is answered.
KEY = "chatrigo_invitation"
TOKEN = (
    f"(() => {{ const given = location.hash.slice(1);"
    f" if (given) sessionStorage.setItem('{KEY}', given);"
    f" return given || sessionStorage.getItem('{KEY}') || ''; }})()"
)
FORGET = f"sessionStorage.removeItem('{KEY}');"
NOTHING = InvitationView("", "", "", "", "")


class InviteState(Signed, AtTheDoor, rx.State):
    """
    `standing` is that of the InvitationView, or "gone" (not good any more), "none" (the page was
    opened without a link), or empty while it is asked.
    """

    standing: str = ""
    row: InvitationView = NOTHING
    mine: str = ""
    name: str = ""

    _invitation: str = ""

    @rx.event
    def arrive(self) -> rx.event.EventSpec:
        """On opening the page: ask the tab for the token."""
        self.standing, self.sent_to, self.problem, self.busy = "", "", "", False
        return rx.call_script(TOKEN, callback=InviteState.show)

    @rx.event
    async def show(self, token: str) -> None:
        self._invitation = token if isinstance(token, str) else ""
        if not self._invitation:
            self.standing = "none"
            return
        found = await db.run(sessions.find, PUBLIC, self._cookie(cookies.SESSION))
        actor, self.mine = (found.actor, found.email) if found else (PUBLIC, "")
        try:
            self.row = await db.run(joining.look, actor, self._invitation)
        except Invalid:
            self.standing, self.row = "gone", NOTHING
            return
        self.standing = self.row.standing

    @rx.event
    async def accept(self) -> Updates:
        async for update in self._working(self._accept()):
            yield update

    @rx.event
    async def start(self, form: dict[str, Any]) -> Updates:
        self.name = str(typed(form, "name") or "")[:200]
        chosen = (typed(form, "name"), typed(form, "password"))
        step = self._start(joining.start, self._invitation, *chosen)
        async for update in self._working(step):
            yield update

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> Updates:
        async for update in self._working(self._confirm(joining.confirm, typed(form, "code"))):
            yield update

    @rx.event
    async def sign_out(self) -> rx.event.EventSpec:
        """Leave the account of somebody else, and come back to the invitation."""
        await db.run(sessions.leave, PUBLIC, self._cookie(cookies.SESSION))
        return rx.call_script(LEAVE.replace("location.assign('/sign-in')", "location.reload()"))

    async def _accept(self) -> rx.event.EventSpec:
        business_id = await db.run(joining.accept, await self._current_actor(), self._invitation)
        self._invitation = ""
        return rx.call_script(FORGET + MOVE.replace("BUSINESS", json.dumps(business_id)))

    def _next(self) -> str:
        return HOME
