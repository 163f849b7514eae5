"""Signing in."""

from typing import Any

import reflex as rx

from chatrigo.domain.accounts import sign_in
from state.door import AtTheDoor, Updates, typed


class SignInState(AtTheDoor, rx.State):
    email: str = ""

    @rx.event
    async def start(self, form: dict[str, Any]) -> Updates:
        self.email = str(typed(form, "email") or "")[:254]
        step = self._start(sign_in.start, typed(form, "email"), typed(form, "password"))
        async for update in self._working(step):
            yield update

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> Updates:
        async for update in self._working(self._confirm(sign_in.confirm, typed(form, "code"))):
            yield update
