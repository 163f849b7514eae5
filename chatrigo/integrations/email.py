"""
Send one e-mail through the SMTP server of the settings.

`smtp://user:pass@host:587` insists on STARTTLS unless the URL ends in `?tls=none`;
`smtps://host:465` is encrypted from the first byte. Certificates are always checked.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from chatrigo.config import settings
from chatrigo.errors import Unavailable

if TYPE_CHECKING:
    from aiosmtplib import SMTP

logger = logging.getLogger(__name__)

TRY_SECONDS = 15.0
PAUSE_SECONDS = 1.0
PORTS = {"smtp": 587, "smtps": 465}


class EmailFailed(Unavailable):
    """The message was not handed to the mail server, as far as we know."""

    def __init__(self) -> None:
        super().__init__("errors.email_unavailable")


async def send(to: str, subject: str, text: str, html: str | None = None) -> None:
    """
    Hand the message over to the mail server, or raise EmailFailed.

    A second try follows a failure that the server calls temporary, or a connection that failed
    before the message was on its way: nobody is sent the same message twice.
    """
    server, message = _server(), _compose(to, subject, text, html)
    for pause in (PAUSE_SECONDS, None):
        try:
            await _hand_over(server, message)
            return
        except _Refused as refusal:
            logger.warning("e-mail failed: %s", refusal)
            if pause is None or not refusal.temporary:
                raise EmailFailed from refusal
        await asyncio.sleep(pause)


async def check() -> None:
    """Connect to the mail server and sign in, as `send` does, or raise EmailFailed."""
    import aiosmtplib

    client = _client(_server())
    try:
        async with asyncio.timeout(TRY_SECONDS):
            await client.connect()
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise EmailFailed from error
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class _Server:
    host: str
    port: int
    encrypted: bool  # from the first byte
    starttls: bool
    user: str | None
    password: str | None = field(repr=False)


class _Refused(Exception):
    """What the mail server said, without addresses or contents."""

    def __init__(self, error: Exception, temporary: bool) -> None:
        super().__init__(f"{type(error).__name__}, {'temporary' if temporary else 'for good'}")
        self.temporary = temporary


def _server() -> _Server:
    if not settings.smtp_url:
        raise EmailFailed
    try:
        return _parse(urlsplit(settings.smtp_url.get_secret_value()))
    except ValueError as error:
        logger.warning("e-mail failed: SMTP_URL is not an address of a mail server")
        raise EmailFailed from error


def _parse(url: SplitResult) -> _Server:
    if url.scheme not in PORTS or not url.hostname:
        raise ValueError("scheme or host")
    encrypted = url.scheme == "smtps"
    plain = parse_qs(url.query).get("tls") == ["none"]
    return _Server(
        host=url.hostname,
        port=url.port or PORTS[url.scheme],
        encrypted=encrypted,
        starttls=not (encrypted or plain),
        user=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
    )


def _compose(to: str, subject: str, text: str, html: str | None) -> EmailMessage:
    message = EmailMessage()
    try:
        message["To"] = Address(addr_spec=to)
        message["From"] = settings.email_from
        sender = message["From"].addresses[0]
    except (ValueError, IndexError, MessageError) as error:
        logger.warning("e-mail failed: an address is not one")
        raise EmailFailed from error
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def _client(server: _Server) -> "SMTP":
    from aiosmtplib import SMTP

    return SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.encrypted,
        start_tls=server.starttls,
        username=server.user,
        password=server.password,
        timeout=TRY_SECONDS,
    )


async def _hand_over(server: _Server, message: EmailMessage) -> None:
    import aiosmtplib

    client = _client(server)
    on_its_way = False
    try:
        async with asyncio.timeout(TRY_SECONDS):
            await client.connect()
            on_its_way = True
            await client.send_message(message)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _Refused(error, _is_temporary(error, on_its_way)) from error
    finally:
        client.close()


def _is_temporary(error: Exception, on_its_way: bool) -> bool:
    from aiosmtplib import SMTPNotSupported, SMTPRecipientsRefused, SMTPResponseException

    if isinstance(error, SMTPRecipientsRefused):
        return all(400 <= refused.code < 500 for refused in error.recipients)
    if isinstance(error, SMTPResponseException):
        return 400 <= error.code < 500
    if isinstance(error, TimeoutError | SMTPNotSupported | ValueError):
        return False  # whoever waits for this has waited long enough
    return not on_its_way
