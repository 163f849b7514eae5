"""Mailing an invitation, also after a crash; how that went is kept beside it."""

import asyncio

from dbos import DBOS

from chatrigo import db, security
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC, system
from chatrigo.domain.accounts import mailbox
from chatrigo.domain.accounts.mailbox import Mail
from chatrigo.domain.team import invitations
from chatrigo.errors import NotFound, Unavailable
from chatrigo.integrations import email

# A mail server that is away for a moment is waited for; `email.send` itself tries twice.
PAUSES_SECONDS = (5.0, 60.0)


@DBOS.workflow(name="invite")
async def invite(business_id: int, invitation_id: int, sends: int, locked: str) -> None:
    """Send an invitation; how it went stands beside it in the list."""
    actor = system(business_id)
    try:
        token = security.unlock(f"invitation {invitation_id}", locked)
        written = await db.run(invitations.letter, actor, invitation_id, sends, token)
    except NotFound:
        return  # taken back, answered or sent anew meanwhile
    except ValueError:  # the server's secret has changed since
        await db.run(invitations.note_delivery, actor, invitation_id, sends, "failed")
        return
    how = "sent" if await _deliver(written) else "failed"
    await db.run(invitations.note_delivery, actor, invitation_id, sends, how)


async def _deliver(written: Mail) -> bool:
    for pause in (*PAUSES_SECONDS, None):
        try:
            await _hand_over(written)
            return True
        except Unavailable:
            if pause is not None and (settings.smtp_url or settings.demo):
                await asyncio.sleep(pause)
    return False


async def _hand_over(written: Mail) -> None:
    """By SMTP; in demo mode without it, to the demo mailbox. Raises Unavailable."""
    if settings.smtp_url or not settings.demo:
        await email.send(written.to, written.subject, written.text)
        return
    await db.run(mailbox.keep, PUBLIC, written)
