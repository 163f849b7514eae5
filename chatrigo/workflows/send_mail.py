"""Sending a promised mail; again, with growing pauses, while its server refuses."""

import logging

from dbos import DBOS

from chatrigo import db
from chatrigo.domain import post
from chatrigo.domain.access import PUBLIC
from chatrigo.errors import Unavailable
from chatrigo.integrations import sending
from chatrigo.models.columns import now

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 600.0


@DBOS.workflow(name="send_mail")
async def send_mail(mail_id: int) -> None:
    """
    Send it while it is worth sending.

    A crash between handing it over and forgetting it sends it a second time: rather that than
    never.
    """
    pause = FIRST_PAUSE_SECONDS
    while found := await db.run(post.waiting, PUBLIC, mail_id):
        mail, until = found
        try:
            await sending.send(mail.channel, mail.to, mail.subject, mail.text)
            break
        except Unavailable:
            left = (until - now()).total_seconds()
            log.warning("Mail %s is not sent yet", mail_id)
        await DBOS.sleep_async(max(0.0, min(pause, left)))
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
    await db.run(post.done, PUBLIC, mail_id)
