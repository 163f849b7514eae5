"""Sending the mail for which a person waits."""

import structlog

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import mailbox
from chatrigo.domain.accounts.challenges import Mail
from chatrigo.errors import Unavailable
from chatrigo.integrations import email

log = structlog.get_logger()


def check_mail() -> None:
    """Raises Unavailable if nothing could be sent anyway."""
    if not (settings.smtp_url or settings.demo):
        raise Unavailable("auth.mail_not_set_up")


async def deliver(mail: Mail) -> None:
    """
    By the SMTP server of the settings; with none, in demo mode, to the demo mailbox and the log.

    Raises Unavailable.
    """
    check_mail()
    if settings.smtp_url:
        await email.send(mail.to, mail.subject, mail.text)
        return
    log.info("demo mail", to=mail.to, subject=mail.subject)
    await db.run(mailbox.keep, PUBLIC, mail)
