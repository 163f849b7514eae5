from datetime import timedelta

import pytest
from sqlalchemy import select

from chatrigo import db
from chatrigo.domain.access import PUBLIC, system
from chatrigo.domain.assistant import policy
from chatrigo.domain.conversations import visitor
from chatrigo.domain.operator import suspension
from chatrigo.errors import Invalid
from chatrigo.events import Missed, recorded
from chatrigo.models.business import Business
from chatrigo.models.conversation import Channel, Conversation, Message
from tests.domain.operator.conftest import audit_of, do, who

KEY = "the-key-of-a-customer-of-the-shop"
RULES = policy.Rules(timedelta(0), timedelta(0), 20)


@pytest.fixture
def open_shop(shop):
    with db.transaction(shop) as session:
        session.add(Channel(business_id=shop.business_id, kind="web"))
    return shop


def write(id="m1"):
    return do(visitor.write, PUBLIC, "kopi-uji", KEY, address="", message_id=id, body="Masih buka?")


def test_a_suspended_business_and_its_way_back(open_shop, owner, operator, signed_in):
    owner, token = signed_in(owner)
    do(suspension.suspend, operator[0], open_shop.business_id, "Tagihan belum dibayar.")
    assert who(token).suspended == "Tagihan belum dibayar."
    assert do(visitor.open_chat, PUBLIC, "kopi-uji", KEY).shop.closed
    do(suspension.free, operator[0], open_shop.business_id)
    assert who(token).suspended == ""
    assert not do(visitor.open_chat, PUBLIC, "kopi-uji", KEY).shop.closed
    assert audit_of(open_shop.business_id) == [
        ("tim@chatrigo.example", "business.suspended"),
        ("tim@chatrigo.example", "business.unsuspended"),
    ]


def test_what_customers_write_meanwhile_is_kept_and_waits_for_a_person(open_shop, operator):
    do(suspension.suspend, operator[0], open_shop.business_id, "Pemeriksaan.")
    got = write()
    plan = do(policy.settle, open_shop, got.conversation_id, got.message_id, RULES)
    assert plan == policy.DONE
    with db.transaction(system(open_shop.business_id)) as session:
        conversation = session.execute(select(Conversation)).scalar_one()
        assert (conversation.handler, conversation.needs_person) == ("human", "suspended")
        assert conversation.unread == 1
        said = session.execute(select(Message.author).where(Message.kind == "text")).scalars()
        assert list(said) == ["contact"]


def test_every_tab_of_the_business_looks_again(open_shop, operator):
    with db.transaction(operator[0]) as session:
        suspension.suspend(session, operator[0], open_shop.business_id, "Pemeriksaan.")
        assert recorded(session) == [Missed(open_shop.business_id)]
        suspension.suspend(session, operator[0], open_shop.business_id, "Lagi.")
        assert len(recorded(session)) == 1
    with db.transaction(PUBLIC) as session:
        kept = select(Business.suspension_reason).where(Business.id == open_shop.business_id)
        assert session.execute(kept).scalar() == "Pemeriksaan."


@pytest.mark.parametrize("reason", ["", "  ", None, 7, "\x00", "x" * 501])
def test_a_reason_is_needed(open_shop, operator, reason):
    with pytest.raises(Invalid):
        do(suspension.suspend, operator[0], open_shop.business_id, reason)
