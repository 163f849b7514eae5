"""Duties kept for real: DBOS on the test's own database, the model a server of ours."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from chatrigo import db
from chatrigo.config import settings
from chatrigo.domain.access import PUBLIC, Actor, system
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.receive import Received
from chatrigo.integrations import llm
from chatrigo.models.business import Assistant, Business
from chatrigo.models.conversation import Channel, Conversation, Message
from chatrigo.models.instructions import InstructionVersion
from chatrigo.models.knowledge import KnowledgeEntry
from chatrigo.retrieval.search import index
from chatrigo.workflows import answer, queue
from tests.support.fake_llm import fake_llm

__all__ = ["answer", "fake_llm"]
KEY = "a-visitor-key-of-the-tests"


@pytest.fixture
async def duties(database_url: str, shop: Actor) -> AsyncIterator[None]:
    """Workflows are run, as in the served application."""
    forget_workflows(database_url)
    await queue.launch(database_url)
    yield
    await queue.stop(0)
    await llm.close()


@pytest.fixture
def front_desk(shop: Actor) -> "FrontDesk":
    """A shop with a chat page that knows two things."""
    return FrontDesk(shop)


@pytest.fixture
def model(fake_llm: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A model is set, and it is `fake_llm`."""
    monkeypatch.setitem(settings.__dict__, "chatrigo_model", "fake-model")
    return fake_llm


class FrontDesk:
    def __init__(self, shop: Actor) -> None:
        self.shop = shop
        with db.transaction(shop) as session:
            session.add(Channel(business_id=shop.business_id, kind="web"))
            for title, body in (
                ("Jam buka jam berapa?", "Kami buka tiap hari jam 08.00 sampai 22.00, kak."),
                ("Berapa ongkir ke Bandung?", "Ongkir dalam kota Bandung Rp10.000, kak."),
            ):
                entry = KnowledgeEntry(business_id=shop.business_id, title=title, body=body)
                session.add(entry)
                session.flush()
                index(session, entry)

    def teach(self, title: str, body: str) -> None:
        with db.transaction(self.shop) as session:
            index(
                session,
                KnowledgeEntry(business_id=self.shop.business_id, title=title, body=body),
            )

    async def write(self, body: str, id: str = "m1", key: str = KEY) -> Received:
        return await db.run(
            visitor.write, PUBLIC, "kopi-uji", key, address="", message_id=id, body=body
        )

    def change(self, **values: Any) -> None:
        with db.transaction(self.shop) as session:
            if not session.query(InstructionVersion).count():
                told = InstructionVersion(business_id=self.shop.business_id, state="published")
                session.add(told)
                session.flush()
            for name, value in values.items():
                for model in (Assistant, InstructionVersion, Business, Conversation):
                    if hasattr(model, name):
                        for row in session.query(model).all():
                            setattr(row, name, value)
                        break

    def messages(self, *authors: str) -> list[Message]:
        with db.transaction(system(self.shop.business_id)) as session:
            query = session.query(Message).order_by(Message.id)
            return [m for m in query.all() if not authors or m.author in authors]

    def conversation(self) -> Conversation:
        with db.transaction(self.shop) as session:
            return session.query(Conversation).one()


def forget_workflows(url: str) -> None:
    owner = create_engine(db.driver_url(url), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("TRUNCATE dbos.workflow_status CASCADE"))
    owner.dispose()
