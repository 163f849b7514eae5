"""Mails for which nobody waits: told once the change is committed, also after a crash."""

import asyncio
import logging

from dbos import DBOS

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import mailbox
from chatrigo.domain.accounts.challenges import Mail
from chatrigo.errors import Unavailable
from chatrigo.integrations import email

log = logging.getLogger(__name__)

# A mail server that is away for a moment is waited for; `email.send` itself tries twice.
PAUSES_SECONDS = (5.0, 60.0)


@DBOS.workflow(name="notify")
async def notify(to: str, subject: str, text: str) -> None:
    """Send one mail; a mail server that stays away ends in the log."""
    for pause in (*PAUSES_SECONDS, None):
        try:
            return await _send(Mail(to, subject, text))
        except Unavailable:
            if pause is not None:
                await asyncio.sleep(pause)
    log.error("a notice could not be mailed")
    return None


async def _send(mail: Mail) -> None:
    if settings.smtp_url:
        await email.send(mail.to, mail.subject, mail.text)
    elif settings.demo:
        await db.run(mailbox.keep, PUBLIC, mail)
