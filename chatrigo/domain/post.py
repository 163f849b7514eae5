"""
Mails to people, promised in the transaction that causes them and sent after its commit.

Nobody waits for a mail server: how long an answer takes tells nothing of whether there was
anything to send, and a crash loses nothing. What waits here is encrypted, since it may be a code.
"""

import json
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session

from chatrigo import security
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.domain.accounts import mailbox
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.duties import enqueue
from chatrigo.models.account import OutgoingMail
from chatrigo.models.columns import now as this_moment

WORKFLOW = "send_mail"
QUEUE = "mails"
# Long enough for a mail server to come back.
GOOD_FOR = timedelta(hours=24)

log = structlog.get_logger()


def send(
    session: Session,
    mail: Mail,
    *,
    good_for: timedelta = GOOD_FOR,
    now: datetime | None = None,
) -> None:
    """
    Promise the mail. It is thrown away if it could not be sent within `good_for`.

    A demo without a mail server puts it into the mailbox that everybody sees, and names it in
    the log.
    """
    if settings.demo and not settings.smtp_url:
        log.info("demo mail", to=mail.to, subject=mail.subject)
        if good_for > timedelta(0):
            mailbox.keep(session, PUBLIC, mail)
        return
    now = now or this_moment()
    words = json.dumps([mail.to, mail.subject, mail.text])
    row = OutgoingMail(
        channel=mail.channel,
        locked=security.lock(_purpose(mail.channel), words),
        created_at=now,
        expires_at=now + good_for,
    )
    session.add(row)
    session.flush()
    assert row.id
    enqueue(session, WORKFLOW, row.id, key=f"mail:{row.id}", queue=QUEUE, partition=str(row.id))


def waiting(
    session: Session, actor: Actor, id: int, now: datetime | None = None
) -> tuple[Mail, datetime] | None:
    """A promised mail and until when it is worth sending; None if it is sent, or too late."""
    row = session.get(OutgoingMail, id)
    if row is None or row.expires_at <= (now or this_moment()):
        return None
    to, subject, text = json.loads(security.unlock(_purpose(row.channel), row.locked))
    return Mail(to, subject, text, row.channel), row.expires_at


def done(session: Session, actor: Actor, id: Any) -> None:
    """It is sent, or never will be: forget what it said."""
    session.execute(delete(OutgoingMail).where(OutgoingMail.id == id))


def _purpose(channel: str) -> str:
    return f"mail by {channel}"
