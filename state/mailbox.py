"""The demo mailbox, live."""

import reflex as rx

from chatrigo import db
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.accounts import mailbox
from chatrigo.domain.accounts.mailbox import MailRow
from chatrigo.events import hub


class MailboxState(rx.State):
    mails: list[MailRow] = []
    loaded: bool = False

    @rx.event(background=True)
    async def follow(self) -> None:
        """Started by opening the page; Reflex cancels it when the tab leaves."""
        with hub.subscribe(PUBLIC.business_id) as news:
            while True:
                mails = await db.run(mailbox.list_mails, PUBLIC)
                async with self:
                    self.mails, self.loaded = mails, True
                await news.batch()

    @rx.event
    async def refresh(self) -> None:
        self.mails = await db.run(mailbox.list_mails, PUBLIC)
