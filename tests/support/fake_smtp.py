"""
A mail server on loopback that keeps what it is sent, and refuses or stalls when asked.

    fake_smtp.messages[-1]["Subject"]
    fake_smtp.will("451 Later", "550 Never")     # answers to the next messages
    fake_smtp.stall = 5                          # seconds before each answer to DATA

`fake_smtp` speaks without encryption; `make_fake_smtp(tls="starttls", user=..., password=...)`
makes any other, with a certificate of a test authority of its own that is trusted meanwhile.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Tls = Literal["none", "starttls", "always"]
MakeFakeSmtp = Callable[..., "FakeMailServer"]


class _OnAnyPort(Controller):
    """aiosmtpd's thread, on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class FakeMailServer:
    """Everything public may be used from another thread."""

    def __init__(
        self, tls: Tls = "none", user: str | None = None, password: str | None = None
    ) -> None:
        self.messages: list[EmailMessage] = []
        self.envelopes: list[tuple[str | None, list[str]]] = []
        self.tries = 0
        self.stall = 0.0
        self._answers: deque[str] = deque()
        self._tls, self._user, self._password = tls, user, password
        self._controller = _OnAnyPort(self, "127.0.0.1", 0, **self._options())

    @property
    def port(self) -> int:
        return self._controller.port

    @property
    def url(self) -> str:
        scheme = "smtps" if self._tls == "always" else "smtp"
        login = f"{self._user}:{self._password}@" if self._user else ""
        return f"{scheme}://{login}127.0.0.1:{self.port}" + "?tls=none" * (self._tls == "none")

    def will(self, *answers: str) -> None:
        """The next messages are answered so ("451 Later"), one after the other."""
        self._answers.extend(answers)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.tries += 1
        await asyncio.sleep(self.stall)
        if self._answers:
            return self._answers.popleft()
        self.messages.append(message_from_bytes(envelope.content, policy=modern))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 Kept"

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"ready_timeout": 5}
        if self._tls == "starttls":
            options |= {"tls_context": _server_context(), "require_starttls": True}
        if self._tls == "always":
            options |= {"ssl_context": _server_context()}
        if self._user:
            options |= {"authenticator": self._check, "auth_required": True}
            options |= {"auth_require_tls": self._tls == "starttls"}
        return options

    def _check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _method: str, data: Any
    ):
        assert self._user
        assert self._password
        known = LoginPassword(self._user.encode(), self._password.encode())
        return AuthResult(success=data == known, handled=False)


@cache
def _authority() -> Any:
    import trustme

    return trustme.CA()


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def make_fake_smtp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[MakeFakeSmtp]:
    """Makes mail servers and points the settings at the latest."""
    from pydantic import SecretStr

    from chatrigo.config import settings

    with ExitStack() as running:

        def make(**options: Any) -> FakeMailServer:
            if options.get("tls", "none") != "none":
                _authority().cert_pem.write_to_path(tmp_path / "ca.pem")
                monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
            fake = FakeMailServer(**options)
            fake.start()
            running.callback(fake.stop)
            monkeypatch.setitem(settings.__dict__, "smtp_url", SecretStr(fake.url))
            return fake

        yield make


@pytest.fixture
def fake_smtp(make_fake_smtp: MakeFakeSmtp) -> FakeMailServer:
    return make_fake_smtp()
