"""One's own security: how one signs in, with what else one proves it, and where one is signed in."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from chatrigo import cookies
from chatrigo.domain.accounts import (
    challenges,
    changes,
    open_sessions,
    passkeys,
    recovery,
    sessions,
    standing,
    step_up,
    totp,
    trusted,
)
from chatrigo.domain.accounts.changes import ReachRow
from chatrigo.domain.accounts.devices import browser_of, is_handheld, system_of
from chatrigo.domain.accounts.open_sessions import SessionRow
from chatrigo.domain.accounts.passkeys import PasskeyRow
from chatrigo.domain.accounts.trusted import DeviceRow
from chatrigo.domain.settings import qr
from chatrigo.errors import Invalid, LimitReached, SignedOut, Unavailable
from state.locale import LocaleState, spoken
from state.mail import check_mail
from state.session import SessionState, Signed
from state.step_up import passkey_trouble

PASSWORD, EMAIL, PHONE, APP, APP_OFF, CODES = (
    "password-form",
    "email-form",
    "phone-form",
    "app-form",
    "app-off",
    "codes",
)
PASSKEY, PASSKEY_DELETE, OTHERS = "passkey-form", "passkey-delete", "other-sessions"
MAKE_PASSKEY = (
    "chatrigoPasskey.create(OPTIONS)"
    ".then((answer) => ({answer}), (error) => ({error: error.message}))"
)
# Once the dialog shows what is wrong with a code: empty the six boxes.
EMPTY_BOXES = """setTimeout(() => {
  const wrong = document.querySelector("dialog[open] .otp > input[aria-invalid='true']");
  if (!wrong) return;
  wrong.value = "";
  wrong.dispatchEvent(new Event("input", {bubbles: true}));
  wrong.focus();
}, 100)"""


@dataclass(frozen=True, slots=True)
class TrustedRow:
    """A trusted device in words."""

    id: int
    browser: str
    system: str
    handheld: bool
    address: str
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyFormRow:
    """The form of a passkey's name as it opened; `fresh` for one that was just made."""

    version: int = 0
    id: int = 0
    name: str = ""
    fresh: bool = False


class SecurityState(Signed, rx.State):
    loaded: bool = False
    failed: bool = False
    error: str = ""

    reach: ReachRow = ReachRow("", "")
    has_app: bool = False
    codes_left: int = 0
    passkeys: list[PasskeyRow] = []
    sessions: list[SessionRow] = []
    trusted: list[TrustedRow] = []

    # A form is drawn anew each time it opens.
    version: int = 0
    without_old: bool = False
    sent_to: str = ""
    app_key: str = ""
    app_picture: str = ""
    codes: list[str] = []
    passkey_form: PasskeyFormRow = PasskeyFormRow()

    _challenge_id: int = 0

    @rx.event
    async def load(self) -> None:
        """On opening the page, and to try again after a failure."""
        try:
            found = await self._do(standing.get_standing)
            devices = await self._do(trusted.list_devices)
        except SignedOut:
            raise
        except Exception:
            self.failed = True
            raise
        self.reach, self.has_app, self.codes_left = found.reach, found.has_app, found.codes_left
        self.passkeys, self.sessions = found.passkeys, found.sessions
        self.trusted = [_trusted(device) for device in devices]
        self.loaded, self.failed = True, False

    # Password

    @rx.event
    def open_password(self) -> rx.event.EventSpec:
        return self._open(PASSWORD, without_old=False)

    @rx.event
    async def forget_old_password(self) -> None:
        """Without the old password, fresh proof is asked for, and does as well."""
        await self._do(step_up.require_recent)
        self.error = ""
        self.without_old = True

    @rx.event
    async def change_password(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        old = None if self.without_old else (_typed(form, "old_password") or "")
        ended = await self._try(changes.change_password, old, _typed(form, "new_password"))
        if ended is None:
            return None
        # Whoever has a copy of this browser's cookie goes with the other sessions.
        ticket = await self._do(sessions.rotate, browser=self._browser())
        renewed = await self._renew(ticket)
        await self.load()
        return [_close(PASSWORD), renewed, await self._said("security.password_changed")]

    # E-mail

    @rx.event
    async def open_email(self) -> rx.event.EventSpec:
        await self._do(step_up.require_recent)
        self.sent_to = ""
        return self._open(EMAIL)

    @rx.event
    async def start_email(self, form: dict[str, Any]) -> None:
        check_mail()
        issued = await self._try(
            changes.start_email, _typed(form, "new_email"), **self._browser_and_address()
        )
        if issued is not None:
            self._challenge_id, self.sent_to = issued.challenge_id, issued.email

    @rx.event
    async def resend_email(self) -> rx.event.EventSpec | None:
        sent = await self._try_plain(
            challenges.resend, self._challenge_id, self._browser(), address=self._address()
        )
        return await self._said("security.code_resent") if sent else None

    @rx.event
    async def confirm_email(self, form: dict[str, Any]) -> list[rx.event.EventSpec]:
        reach = await self._try(
            changes.confirm_email,
            self._challenge_id,
            _typed(form, "email_code"),
            **self._browser_and_address(),
        )
        if reach is None:
            return [rx.call_script(EMPTY_BOXES)]
        self.reach = reach
        (await self.get_state(SessionState)).email = reach.email
        return [_close(EMAIL), await self._said("security.email_changed")]

    # Phone

    @rx.event
    async def open_phone(self) -> rx.event.EventSpec:
        await self._do(step_up.require_recent)
        return self._open(PHONE)

    @rx.event
    async def save_phone(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        reach = await self._try(changes.change_phone, _typed(form, "phone") or "")
        if reach is None:
            return None
        self.reach = reach
        return [_close(PHONE), await self._said("security.saved")]

    # Passkeys

    @rx.event
    async def add_passkey(self) -> rx.event.EventSpec | None:
        options = await self._try_plain(passkeys.begin_registration, browser=self._browser())
        if options is None:
            return rx.toast.error(self.error)
        script = MAKE_PASSKEY.replace("OPTIONS", json.dumps(options))
        return rx.call_script(script, callback=SecurityState.keep_passkey)

    @rx.event
    async def keep_passkey(self, made: dict[str, Any]) -> rx.event.EventSpec | None:
        """What the browser's own dialog ended in; then the passkey can be given a better name."""
        answer = made.get("answer") if isinstance(made, dict) else None
        if answer is None:
            return rx.toast.error(await spoken(self, passkey_trouble(made)))
        name = await self._device_here()
        row = await self._try(passkeys.finish_registration, answer, name, browser=self._browser())
        if row is None:
            return rx.toast.error(self.error)
        await self.load()
        return self._open_passkey(row, fresh=True)

    @rx.event
    def rename_passkey(self, passkey_id: int) -> rx.event.EventSpec | None:
        row = next((row for row in self.passkeys if row.id == passkey_id), None)
        return self._open_passkey(row) if row else None

    @rx.event
    async def save_passkey(self, form: dict[str, Any]) -> list[rx.event.EventSpec] | None:
        row = await self._try_plain(
            passkeys.rename, self.passkey_form.id, _typed(form, "passkey_name")
        )
        if row is None:
            return None
        await self.load()
        return [_close(PASSKEY), await self._said("security.saved")]

    @rx.event
    def ask_delete_passkey(self, passkey_id: int) -> rx.event.EventSpec | None:
        row = next((row for row in self.passkeys if row.id == passkey_id), None)
        if row is None:
            return None
        self.passkey_form = PasskeyFormRow(self.passkey_form.version + 1, row.id, row.name)
        return self._open(PASSKEY_DELETE)

    @rx.event
    async def delete_passkey(self) -> rx.event.EventSpec:
        await self._told(passkeys.delete_passkey, self.passkey_form.id)
        await self.load()
        return await self._said("security.passkey_gone_now")

    # Authenticator app and recovery codes

    @rx.event
    async def begin_app(self) -> rx.event.EventSpec | None:
        enrolment = await self._try_plain(totp.begin)
        if enrolment is None:
            return rx.toast.error(self.error)
        picture = await asyncio.to_thread(qr.picture, enrolment.uri, pixels_a_square=6)
        self.app_key = enrolment.key
        self.app_picture = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        return self._open(APP)

    @rx.event
    async def confirm_app(self, form: dict[str, Any]) -> list[rx.event.EventSpec]:
        codes = await self._try(totp.confirm, _typed(form, "enrol_code"))
        if codes is None:
            return [rx.call_script(EMPTY_BOXES)]
        self.codes = codes
        await self.load()
        return [_close(APP), self._open(CODES)]

    @rx.event
    def forget_app_key(self) -> None:
        """The dialog was closed: what it showed is nobody's business any more."""
        self.app_key = self.app_picture = ""

    @rx.event
    async def renew_codes(self) -> rx.event.EventSpec | None:
        codes = await self._try(recovery.regenerate)
        if codes is None:
            return rx.toast.error(self.error)
        self.codes = codes
        await self.load()
        return self._open(CODES)

    @rx.event
    def download_codes(self) -> rx.event.EventSpec | None:
        if not self.codes:
            return None
        text = f"Chatrigo · {self.reach.email}\n\n" + "\n".join(self.codes) + "\n"
        return rx.download(data=text, filename="chatrigo-recovery-codes.txt")

    @rx.event
    def forget_codes(self) -> None:
        """They are shown once."""
        self.codes = []

    @rx.event
    async def disable_app(self) -> rx.event.EventSpec:
        await self._told(totp.disable)
        await self.load()
        return await self._said("security.app_off_now")

    # Sessions and trusted devices

    @rx.event
    async def revoke_session(self, session_id: int) -> rx.event.EventSpec:
        await self._told(open_sessions.revoke, session_id)
        await self.load()
        return await self._said("security.session_ended")

    @rx.event
    async def revoke_others(self) -> rx.event.EventSpec:
        await self._told(open_sessions.revoke_others)
        await self.load()
        return await self._said("security.sessions_ended")

    @rx.event
    async def revoke_device(self, device_id: int) -> rx.event.EventSpec:
        await self._told(trusted.revoke, device_id)
        await self.load()
        return await self._said("security.device_forgotten")

    async def _told(self, change: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """A change of which a mail tells, in the language of this tab."""
        locale = (await self.get_state(LocaleState)).locale
        return await self._do(change, *args, locale=locale, **more)

    async def _try(self, change: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """As `_told`; None, and the reason in the dialog, when it is refused."""
        locale = (await self.get_state(LocaleState)).locale
        return await self._try_plain(change, *args, locale=locale, **more)

    async def _try_plain(self, change: Callable[..., Any], *args: Any, **more: Any) -> Any:
        self.error = ""
        try:
            return await self._do(change, *args, **more)
        except (Invalid, LimitReached, Unavailable) as refused:
            self.error = await spoken(self, refused.key, **refused.values)
            return None

    async def _said(self, key: str) -> rx.event.EventSpec:
        return rx.toast.success(await spoken(self, key))

    def _open(self, dialog: str, *, without_old: bool = False) -> rx.event.EventSpec:
        self.error = ""
        self.without_old = without_old
        self.version += 1
        script = f"document.getElementById('{dialog}')"
        return rx.call_script(f"if (!{script}?.open) {script}?.showModal()")

    def _open_passkey(self, row: PasskeyRow, *, fresh: bool = False) -> rx.event.EventSpec:
        self.passkey_form = PasskeyFormRow(
            self.passkey_form.version + 1, row.id, row.name, fresh=fresh
        )
        return self._open(PASSKEY)

    async def _device_here(self) -> str:
        agent = self.router.headers.user_agent
        browser, system = browser_of(agent), system_of(agent)
        if browser and system:
            return await spoken(self, "security.device", browser=browser, system=system)
        return browser or system or "Passkey"

    def _browser_and_address(self) -> dict[str, str]:
        return {"browser": self._browser(), "address": self._address()}

    def _browser(self) -> str:
        return cookies.read(self.router.headers.cookie, cookies.BROWSER)

    def _address(self) -> str:
        return self.router.session.client_ip


def _trusted(device: DeviceRow) -> TrustedRow:
    return TrustedRow(
        id=device.id,
        browser=browser_of(device.user_agent),
        system=system_of(device.user_agent),
        handheld=is_handheld(device.user_agent),
        address=device.address,
        last_used_at=device.last_used_at,
        expires_at=device.expires_at,
    )


def _close(dialog: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{dialog}')?.close()")


def _typed(form: Any, name: str) -> Any:
    return form.get(name) if isinstance(form, dict) else None
