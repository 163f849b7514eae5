"""Signing in: the address, then a password or a mailed code, then in."""

from typing import Any

import reflex as rx

from chatrigo import cookies
from chatrigo.domain.accounts import sign_in
from chatrigo.domain.accounts.addresses import address
from state.door import AtTheDoor, Updates, typed


class SignInState(AtTheDoor, rx.State):
    """
    `asks_password` once the address is given; `showed_password` once it was right, so that the
    device may be trusted.
    """

    email: str = ""
    asks_password: bool = False
    showed_password: bool = False

    @rx.event
    async def give_email(self, form: dict[str, Any]) -> Updates:
        """Known or not, the next step is the same."""
        self._keep_email(form)
        async for update in self._working(self._ask_password()):
            yield update

    @rx.event
    async def start(self, form: dict[str, Any]) -> Updates:
        self._keep_email(form)
        self.showed_password = True
        device = self._cookie(cookies.DEVICE)
        step = self._start(sign_in.start, self.email, typed(form, "password"), device=device)
        async for update in self._working(step):
            yield update

    @rx.event
    async def start_without_password(self) -> Updates:
        self.showed_password = False
        async for update in self._working(self._start(sign_in.start_without_password, self.email)):
            yield update

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> Updates:
        trust = typed(form, "trust") in (True, "on", "true")
        step = self._confirm(sign_in.confirm, typed(form, "code"), trust=trust)
        async for update in self._working(step):
            yield update

    @rx.event
    def change_email(self) -> None:
        """Back to the beginning."""
        self.asks_password = False
        self.go_back()

    async def _enter(self, ticket: str) -> rx.event.EventSpec:
        self.asks_password = False
        return await super()._enter(ticket)

    def _keep_email(self, form: Any) -> None:
        if typed(form, "email") is not None:
            self.email = str(typed(form, "email"))[:254]

    async def _ask_password(self) -> None:
        self.email = address(self.email)
        self.asks_password = True
