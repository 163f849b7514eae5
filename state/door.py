"""What signing in and signing up share: details, then the code that was mailed, then in."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeAlias

import reflex as rx

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import challenges, sessions
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.errors import ChatrigoError
from state.locale import LocaleState
from state.mail import check_mail
from state.session import SessionState, local_path

Updates: TypeAlias = AsyncIterator[rx.event.EventSpec | None]

# Once the screen shows what is wrong: empty the six boxes, and put the cursor where to mend it.
TRY_AGAIN = """setTimeout(() => {
  const wrong = document.querySelector("form [aria-invalid='true']");
  if (wrong?.matches(".otp > input")) {
    wrong.value = "";
    wrong.dispatchEvent(new Event("input", {bubbles: true}));
  }
  wrong?.focus();
}, 100)"""
ENTER = (
    "fetch('/auth/enter', {method: 'POST', headers: {'Content-Type': 'application/json'},"
    " body: JSON.stringify({ticket: TICKET})})"
    ".then((entered) => entered.ok, () => false)"
    ".then((inside) => location.assign(inside ? NEXT : '/sign-in?late=1'))"
)


class AtTheDoor(rx.State, mixin=True):  # type: ignore[call-arg]
    """
    Both steps of one form. While `sent_to` is empty the first one shows.

    `problem` is the catalogue key of what is wrong, `number` the number in that text. `codes`
    counts the codes that were sent, so that the page starts its clock anew with each.
    """

    busy: bool = False
    problem: str = ""
    number: int = 0
    sent_to: str = ""
    codes: int = 0

    _challenge_id: int = 0

    @rx.event
    async def arrive(self) -> rx.event.EventSpec | None:
        """On opening the page: whoever is signed in already need not be here."""
        self._begin_anew()
        self.busy = False
        self.problem = "auth.ticket_gone" if self.router.url.query_parameters.get("late") else ""
        found = await db.run(sessions.find, PUBLIC, self._cookie(cookies.SESSION))
        return rx.redirect(self._next()) if found else None

    @rx.event
    async def resend(self) -> Updates:
        async for update in self._working(self._resend()):
            yield update

    @rx.event
    def go_back(self) -> None:
        """To the first step, for another address perhaps."""
        self.problem = self.sent_to = ""

    def _begin_anew(self) -> None:
        """What a page that is opened again shows anew; a code that is on its way stays asked for."""

    async def _working(self, step: Coroutine[Any, Any, rx.event.EventSpec | None]) -> Updates:
        """Take a step with the button busy; what it refuses is shown beside the form."""
        self.problem = ""
        self.busy = True
        yield None
        try:
            yield await step
        except ChatrigoError as error:
            self.problem = error.key
            self.number = next((n for n in error.values.values() if isinstance(n, int)), 0)
            yield rx.call_script(TRY_AGAIN)
        finally:
            self.busy = False

    async def _start(self, start: Callable[..., Any], *typed: Any, **how: Any) -> Any:
        check_mail()
        how["locale"] = (await self.get_state(LocaleState)).locale
        here = self._browser_and_address()
        return await self._proceed(await db.run(start, PUBLIC, *typed, **here, **how))

    async def _resend(self) -> None:
        here = self._browser_and_address()
        await self._proceed(await db.run(challenges.resend, PUBLIC, self._challenge_id, **here))

    async def _confirm(self, confirm: Callable[..., Any], *typed: Any, **how: Any) -> Any:
        here = self._browser_and_address()
        outcome = await db.run(confirm, PUBLIC, self._challenge_id, *typed, **here, **how)
        return await self._proceed(outcome)

    async def _proceed(self, outcome: Any) -> rx.event.EventSpec | None:
        """Show the step that follows: a code was mailed, or the door opens for a ticket."""
        if isinstance(outcome, str):
            return await self._enter(outcome)
        self._challenge_id = outcome.challenge_id
        if isinstance(outcome, Issued):
            self.sent_to = outcome.email
            self.codes += 1
        return None

    async def _enter(self, ticket: str) -> rx.event.EventSpec:
        """The page exchanges the ticket for its cookie."""
        (await self.get_state(SessionState)).reset()
        self.go_back()
        enter = ENTER.replace("TICKET", json.dumps(ticket))
        return rx.call_script(enter.replace("NEXT", json.dumps(self._next())))

    def _browser_and_address(self) -> dict[str, str]:
        return {
            "browser": self._cookie(cookies.BROWSER),
            "address": self.router.session.client_ip,
        }

    def _cookie(self, name: str) -> str:
        return cookies.read(self.router.headers.cookie, name)

    def _next(self) -> str:
        return local_path(self.router.url.query_parameters.get("next", ""))


def typed(form: Any, name: str) -> Any:
    """What stands in a field; anybody may send a form of any shape."""
    return form.get(name) if isinstance(form, dict) else None
