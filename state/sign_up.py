"""Signing up."""

from typing import Any

import reflex as rx

from chatrigo.domain.accounts import sign_up
from state.door import AtTheDoor, Updates, typed


class SignUpState(AtTheDoor, rx.State):
    business: str = ""
    email: str = ""

    @rx.event
    async def start(self, form: dict[str, Any]) -> Updates:
        self.business = str(typed(form, "business") or "")[:200]
        self.email = str(typed(form, "email") or "")[:254]
        fields = [typed(form, name) for name in ("business", "email", "password")]
        async for update in self._working(self._start(sign_up.start, *fields)):
            yield update

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> Updates:
        async for update in self._working(self._confirm(sign_up.confirm, typed(form, "code"))):
            yield update
