from datetime import UTC, datetime

import pytest

from chatrigo.domain import follow_ups
from chatrigo.domain.access import Actor
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.models.conversation import Conversation, Message
from tests.domain.conversations.conftest import assistant, channel_id, write

__all__ = ["assistant", "channel_id", "write"]

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def conversation(session, write):
    return session.get_one(Conversation, write().conversation_id)


def test_a_time_is_of_the_shops_clock(session, actor, conversation):
    row = follow_ups.book(
        session, actor, conversation.id, "Telepon", datetime(2026, 11, 24, 13, 0), now=NOW
    )
    assert (row.due_at, row.due_local) == ("2026-11-24T06:00:00+00:00", "2026-11-24 13:00")
    assert [each.id for each in follow_ups.list_open(session, actor)] == [row.id]
    events = session.query(Message).filter(Message.kind == "event").all()
    assert [event.body for event in events] == ["follow_up_booked"]


def test_ticked_off_and_put_back(session, actor, conversation):
    due = datetime(2026, 11, 25, 9, 0)
    row = follow_ups.book(session, actor, conversation.id, "Telepon", due, now=NOW)
    assert follow_ups.finish(session, actor, row.id).done
    assert follow_ups.list_open(session, actor) == []
    follow_ups.finish(session, actor, row.id, False)
    assert len(follow_ups.list_open(session, actor)) == 1


@pytest.mark.parametrize(
    ("due", "what", "key"),
    [
        (datetime(2026, 11, 24, 11, 59), "Telepon", "follow_up.past"),
        (datetime(2028, 1, 1), "Telepon", "follow_up.far"),
        ("besok", "Telepon", "follow_up.due_missing"),
        (datetime(2026, 12, 1), " ", "follow_up.what_missing"),
    ],
)
def test_what_can_not_be_is_refused(session, actor, conversation, due, what, key):
    with pytest.raises(Invalid) as refused:
        follow_ups.book(session, actor, conversation.id, what, due, now=NOW)
    assert refused.value.key == key


def test_another_business_sees_nothing(session, actor, conversation, stranger):
    due = datetime(2026, 11, 25, 9, 0)
    row = follow_ups.book(session, actor, conversation.id, "Telepon", due, now=NOW)
    with pytest.raises(NotFound):
        follow_ups.finish(session, stranger, row.id)
    with pytest.raises(NotFound):
        follow_ups.book(session, stranger, conversation.id, "x", due, now=NOW)
    assert follow_ups.list_open(session, stranger) == []
    with pytest.raises(Forbidden):
        follow_ups.finish(session, Actor(1, actor.business_id, "viewer"), row.id)
