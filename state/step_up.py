"""
Proving again who one is: the dialog that every signed-in page has.

Whichever handler is refused with ConfirmItsYou, the tab is asked for proof, and then the same
event runs again. The event and its arguments are the ones that the tab itself had sent.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import reflex as rx
from reflex_base.event import Event

from chatrigo import cookies
from chatrigo.domain.accounts import challenges, passkeys, proofs
from chatrigo.domain.accounts.challenges import Issued
from chatrigo.errors import ChatrigoError, ConfirmItsYou, SignedOut
from state import session
from state.locale import LocaleState, spoken
from state.mail import check_mail
from state.session import Signed

DIALOG = "step-up"
WAYS = ("passkey", "app", "recovery", "code")
OPEN = f"document.getElementById('{DIALOG}')?.showModal()"
CLOSE = f"document.getElementById('{DIALOG}')?.close()"
# Once the dialog shows what is wrong: empty the six boxes, and put the cursor where to mend it.
TRY_AGAIN = f"""setTimeout(() => {{
  const wrong = document.querySelector("#{DIALOG} [aria-invalid='true']");
  if (wrong?.matches(".otp > input")) {{
    wrong.value = "";
    wrong.dispatchEvent(new Event("input", {{bubbles: true}}));
  }}
  wrong?.focus();
}}, 100)"""
ASK_PASSKEY = (
    "chatrigoPasskey.get(OPTIONS).then((answer) => ({answer}), (error) => ({error: error.message}))"
)


class StepUpState(Signed, rx.State):
    """
    `way` is the one of `ways` that shows. `sent_to` is where a code is waiting to be read.

    `codes` counts the codes that were sent, so that the dialog starts its clock anew with each.
    """

    ways: list[str] = []
    way: str = "code"
    password_too: bool = False
    email: str = ""
    sent_to: str = ""
    codes: int = 0
    busy: bool = False
    error: str = ""

    _refused: str = ""
    _payload: dict[str, Any] = {}
    _challenge_id: int = 0

    @rx.event
    async def ask(self, refused: str, payload: dict[str, Any]) -> rx.event.EventSpec:
        """Open the dialog; `refused` is the event that runs again once there is proof."""
        ways = await self._do(proofs.list_ways)
        self._refused = refused if isinstance(refused, str) else ""
        self._payload = payload if isinstance(payload, dict) else {}
        self.ways, self.way = ways.names, ways.names[0]
        self.password_too, self.email = ways.password_too, ways.email
        self.error = self.sent_to = ""
        self.busy = False
        return rx.call_script(OPEN)

    @rx.event
    def choose(self, way: str) -> None:
        self.way = way if way in WAYS else "code"
        self.error = ""

    @rx.event
    def give_up(self) -> None:
        """The dialog was closed: what was refused stays undone."""
        self._refused, self._payload = "", {}
        self.error = self.sent_to = ""
        self.busy = False

    @rx.event
    async def ask_passkey(self) -> rx.event.EventSpec | None:
        return await self._try(self._begin_passkey())

    @rx.event
    async def show_passkey(self, shown: dict[str, Any]) -> list[rx.event.EventType[()]] | None:
        """What the browser's own dialog ended in."""
        answer = shown.get("answer") if isinstance(shown, dict) else None
        if answer is None:
            self.error = await spoken(self, passkey_trouble(shown))
            return None
        return await self._try(self._confirm(proofs.confirm_passkey, answer))

    @rx.event
    async def show_app_code(self, form: dict[str, Any]) -> Any:
        return await self._try(self._confirm(proofs.confirm_app, _typed(form, "app_code")))

    @rx.event
    async def show_recovery_code(self, form: dict[str, Any]) -> Any:
        locale = (await self.get_state(LocaleState)).locale
        code = _typed(form, "recovery_code")
        return await self._try(self._confirm(proofs.confirm_recovery, code, locale=locale))

    @rx.event
    async def send_code(self, form: dict[str, Any]) -> None:
        await self._try(self._send_code(_typed(form, "own_password")))

    @rx.event
    async def resend(self) -> None:
        await self._try(self._resend())

    @rx.event
    async def show_code(self, form: dict[str, Any]) -> Any:
        code = _typed(form, "mailed_code")
        step = self._confirm(proofs.confirm_code, self._challenge_id, code, address=self._address())
        return await self._try(step)

    async def _begin_passkey(self) -> rx.event.EventSpec:
        options = await self._do(passkeys.begin_proof, browser=self._browser())
        script = ASK_PASSKEY.replace("OPTIONS", json.dumps(options))
        return rx.call_script(script, callback=StepUpState.show_passkey)

    async def _send_code(self, password: Any) -> None:
        check_mail()
        locale = (await self.get_state(LocaleState)).locale
        self._take(
            await self._do(
                proofs.send_code,
                password,
                browser=self._browser(),
                address=self._address(),
                locale=locale,
            )
        )

    async def _resend(self) -> None:
        self._take(
            await self._do(
                challenges.resend, self._challenge_id, self._browser(), address=self._address()
            )
        )

    def _take(self, issued: Issued) -> None:
        self._challenge_id = issued.challenge_id
        self.sent_to = issued.email
        self.codes += 1

    async def _confirm(self, confirm: Callable[..., str], *shown: Any, **more: Any) -> list[Any]:
        """With proof: a new token for this browser, and what was refused runs again."""
        ticket = await self._do(confirm, *shown, browser=self._browser(), **more)
        renew = await self._renew(ticket)
        again = (
            Event(name=self._refused, payload=self._payload)
            if self._refused
            else rx.toast.info(await spoken(self, "security.press_again"))
        )
        self.give_up()
        return [rx.call_script(CLOSE), renew, again]

    async def _try(self, step: Coroutine[Any, Any, Any]) -> Any:
        """Take a step; what it refuses is shown in the dialog."""
        self.error = ""
        try:
            return await step
        except SignedOut:
            raise
        except ChatrigoError as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            return rx.call_script(TRY_AGAIN)

    def _browser(self) -> str:
        return cookies.read(self.router.headers.cookie, cookies.BROWSER)

    def _address(self) -> str:
        return self.router.session.client_ip


def show_error(exception: Exception) -> rx.event.EventSpec:
    """What a tab hears of an exception; one that wants proof opens the dialog that asks for it."""
    if isinstance(exception, ConfirmItsYou):
        return StepUpState.ask(exception.refused, exception.arguments)  # type: ignore[call-arg, func-returns-value]
    return session.show_error(exception)


def passkey_trouble(shown: Any) -> str:
    """The catalogue key of what assets/passkeys.js says went wrong."""
    said = shown.get("error") if isinstance(shown, dict) else None
    return {
        "cancelled": "security.passkey_cancelled",
        "not supported": "security.passkey_unsupported",
        "already here": "security.passkey_known",
    }.get(said if isinstance(said, str) else "", "security.passkey_wrong")


def _typed(form: Any, name: str) -> Any:
    return form.get(name) if isinstance(form, dict) else None
