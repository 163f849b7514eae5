"""A forgotten password: the address, the mailed code, a new password."""

from typing import Any

import reflex as rx

from chatrigo.domain.accounts import forgot
from chatrigo.domain.accounts.forgot import Proven
from state.door import AtTheDoor, Updates, typed
from state.sign_in import SignInState


class ForgotState(AtTheDoor, rx.State):
    """`chooses` once the code was right; `asks_app` if the authenticator app's is needed too."""

    email: str = ""
    chooses: bool = False
    asks_app: bool = False

    @rx.event
    def open(self) -> None:
        """On opening the page."""
        self.busy = False
        self.problem = ""

    @rx.event
    async def start(self, form: dict[str, Any]) -> Updates:
        self.chooses = False
        self.email = str(typed(form, "email") or "")[:254]
        async for update in self._working(self._start(forgot.start, typed(form, "email"))):
            yield update

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> Updates:
        async for update in self._working(self._confirm(forgot.confirm, typed(form, "code"))):
            yield update

    @rx.event
    async def finish(self, form: dict[str, Any]) -> Updates:
        step = self._confirm(forgot.finish, typed(form, "password"), typed(form, "code"))
        async for update in self._working(step):
            yield update

    @rx.event
    def start_over(self) -> None:
        self.chooses = False
        self.go_back()

    async def _proceed(self, outcome: Any) -> rx.event.EventSpec | None:
        self.chooses = isinstance(outcome, Proven)
        self.asks_app = isinstance(outcome, Proven) and outcome.asks_app
        return await super()._proceed(outcome)

    async def _enter(self, ticket: str) -> rx.event.EventSpec:
        """The sign-in that led here is over, too."""
        (await self.get_state(SignInState)).reset()
        return await super()._enter(ticket)
