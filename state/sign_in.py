"""Signing in: the address, then a password, a mailed code or an app's code, or a passkey."""

import json
from typing import Any

import reflex as rx

from chatrigo import cookies, db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import passkeys, sign_in
from chatrigo.domain.accounts.addresses import address
from chatrigo.domain.accounts.second_step import AppAsked
from state.door import AtTheDoor, Updates, typed

ASK_PASSKEY = (
    "chatrigoPasskey.get(OPTIONS).then((answer) => ({answer}), (error) => ({error: error.message}))"
)
# What assets/passkeys.js says when there is no answer; who closed the dialog knows that they did.
TROUBLE = {"cancelled": "", "not supported": "auth.passkey_unsupported"}


class SignInState(AtTheDoor, rx.State):
    """
    `asks_password` once the address is given; `showed_password` once it was right, so that the
    device may be trusted; `asks_app` while the authenticator app is asked for, or with
    `uses_recovery` a recovery code.
    """

    email: str = ""
    asks_password: bool = False
    showed_password: bool = False
    asks_app: bool = False
    uses_recovery: bool = False

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
    async def confirm_app(self, form: dict[str, Any]) -> Updates:
        trust = typed(form, "trust") in (True, "on", "true")
        step = self._confirm(sign_in.confirm_app, typed(form, "code"), trust=trust)
        async for update in self._working(step):
            yield update

    @rx.event
    def use_recovery(self) -> None:
        self.uses_recovery, self.problem = True, ""

    @rx.event
    def use_app(self) -> None:
        self.uses_recovery, self.problem = False, ""

    @rx.event
    async def ask_passkey(self) -> Updates:
        async for update in self._working(self._ask_passkey()):
            yield update

    @rx.event
    async def show_passkey(self, shown: dict[str, Any]) -> Updates:
        """What the browser's own dialog ended in."""
        async for update in self._working(self._show_passkey(shown)):
            yield update

    @rx.event
    def change_email(self) -> None:
        """Back to the beginning."""
        self.asks_password = self.asks_app = self.uses_recovery = False
        self.go_back()

    def _begin_anew(self) -> None:
        self.asks_password = self.asks_app = self.uses_recovery = False

    async def _proceed(self, outcome: Any) -> rx.event.EventSpec | None:
        self.asks_app = isinstance(outcome, AppAsked)
        return await super()._proceed(outcome)

    async def _enter(self, ticket: str) -> rx.event.EventSpec:
        self.asks_password = self.uses_recovery = False
        return await super()._enter(ticket)

    async def _ask_passkey(self) -> rx.event.EventSpec:
        options = await db.run(passkeys.begin_sign_in, PUBLIC, **self._browser_and_address())
        script = ASK_PASSKEY.replace("OPTIONS", json.dumps(options))
        return rx.call_script(script, callback=SignInState.show_passkey)

    async def _show_passkey(self, shown: Any) -> rx.event.EventSpec | None:
        answer = typed(shown, "answer")
        if answer is None:
            self.problem = TROUBLE.get(str(typed(shown, "error")), "auth.passkey_failed")
            return None
        here = self._browser_and_address()
        return await self._enter(await db.run(passkeys.finish_sign_in, PUBLIC, answer, **here))

    def _keep_email(self, form: Any) -> None:
        if typed(form, "email") is not None:
            self.email = str(typed(form, "email"))[:254]

    async def _ask_password(self) -> None:
        self.email = address(self.email)
        self.asks_password = True
