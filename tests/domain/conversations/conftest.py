from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.conversations.receive import Inbound, Received, receive
from chatrigo.models.account import Account, Membership
from chatrigo.models.business import Assistant
from chatrigo.models.conversation import Channel


@pytest.fixture
def channel_id(session: Session, actor: Actor) -> int:
    channel = Channel(business_id=actor.business_id, name="Chat web")
    session.add(channel)
    session.flush()
    assert channel.id
    return channel.id


@pytest.fixture
def assistant(session: Session, actor: Actor) -> Assistant:
    """Off unless a test wants it: then nothing waits to be answered."""
    row = session.get_one(Assistant, actor.business_id)
    row.enabled = False
    session.flush()
    return row


@pytest.fixture
def write(
    session: Session, actor: Actor, channel_id: int, assistant: Assistant
) -> Callable[..., Received]:
    """A customer writes: `write("budi", "halo")`."""
    written = iter(range(1, 10_000))

    def customer_writes(who: str = "budi", body: str = "halo", key: str = "", **values) -> Received:
        inbound = Inbound(
            channel_id=channel_id,
            external_id=who,
            message_id=key or f"web:{next(written)}",
            body=body,
            contact_name=who.capitalize(),
            **values,
        )
        return receive(session, actor, inbound)

    return customer_writes


@pytest.fixture
def sari(session: Session, actor: Actor) -> Actor:
    return employ(session, actor, "Sari")


@pytest.fixture
def dimas(session: Session, actor: Actor) -> Actor:
    return employ(session, actor, "Dimas")


@pytest.fixture
def viewer(session: Session, actor: Actor) -> Actor:
    return employ(session, actor, "Rudi", "viewer")


def employ(session: Session, actor: Actor, name: str, role: str = "owner") -> Actor:
    account = Account(email=f"{name.lower()}@example.com", name=name, password_hash="-")
    session.add(account)
    session.flush()
    session.add(Membership(business_id=actor.business_id, account_id=account.id, role=role))
    session.flush()
    return Actor(account.id, actor.business_id, role)
