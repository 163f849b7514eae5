import asyncio

import pytest

from chatrigo import db
from chatrigo.domain.team import invitations
from chatrigo.integrations import email
from chatrigo.models.team import Invitation
from chatrigo.workflows import invite as inviting
from tests.support.browser import join


@pytest.fixture
def sent(monkeypatch):
    posted = []

    async def send(to, subject, text):
        posted.append((to, text))

    monkeypatch.setattr(email, "send", send)
    return posted


def invite(shop):
    owner = join(shop.business_id, "owner")
    with db.transaction(owner) as session:
        invitations.invite(session, owner, "rina@kopi.example", "agent")


async def delivery(shop):
    """What stands beside the invitation once its duty is done."""
    async with asyncio.timeout(15):
        while True:
            with db.transaction(shop) as session:
                row = session.query(Invitation).one()
            if row.delivery != "waiting":
                return row.delivery
            await asyncio.sleep(0.05)


async def test_an_invitation_is_mailed_and_says_so(shop, duties, sent):
    await asyncio.to_thread(invite, shop)
    assert await delivery(shop) == "sent"
    ((to, text),) = sent
    assert to == "rina@kopi.example"
    assert "/invite#" in text


async def test_a_mail_that_fails_is_visible_beside_its_invitation(shop, duties, monkeypatch):
    monkeypatch.setattr(inviting, "PAUSES_SECONDS", (0.0,))
    await asyncio.to_thread(invite, shop)  # there is no mail server in tests
    assert await delivery(shop) == "failed"
