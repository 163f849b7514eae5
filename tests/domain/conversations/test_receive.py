from datetime import timedelta

import pytest
from sqlalchemy import select

from chatrigo.domain.conversations.listing import get_conversation
from chatrigo.errors import Invalid
from chatrigo.events import MessageAdded, recorded
from chatrigo.models.columns import now
from chatrigo.models.conversation import Conversation, Message


def test_a_first_message_opens_a_conversation(session, actor, write):
    received = write("budi", "brp kak?")
    row = get_conversation(session, actor, received.conversation_id)
    assert (row.contact_name, row.snippet, row.unread) == ("Budi", "brp kak?", 1)
    assert row.status == "open"


def test_a_message_is_stored_once_however_often_it_comes(session, actor, write):
    first, second = write(key="web:1", body="halo"), write(key="web:1", body="halo")
    assert second.again
    assert (first.message_id, first.conversation_id) == (second.message_id, second.conversation_id)
    assert len(session.execute(select(Message)).all()) == 1
    assert get_conversation(session, actor, first.conversation_id).unread == 1
    assert sum(isinstance(fact, MessageAdded) for fact in recorded(session)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "🙏",
        "مرحبا",
        "<b>halo</b>",
        "'; DROP TABLE message; --",
        "x" * 4000,
        "a\x00b",
        "\ud83d halo",
    ],
)
def test_odd_texts_are_stored_as_texts(session, actor, write, body):
    id = write(body=body).message_id
    stored = session.execute(select(Message.body).where(Message.id == id)).scalar_one()
    assert stored == body.replace("\x00", "").encode("utf-8", "ignore").decode().strip()


@pytest.mark.parametrize("body", ["", "  \n ", "\x00", "x" * 4001])
def test_no_text_and_too_much_text_are_refused(write, body):
    with pytest.raises(Invalid):
        write(body=body)


@pytest.mark.parametrize("key", ["x" * 129])
def test_a_key_has_a_length(write, key):
    with pytest.raises(Invalid):
        write(key=key)


def test_somebody_elses_picture_is_refused(write):
    with pytest.raises(Invalid):
        write(attachment_id=12345)


def test_who_comes_back_soon_goes_on_with_the_same_conversation(session, actor, write):
    first = write("budi")
    row = session.get_one(Conversation, first.conversation_id)
    row.status, row.resolved_at = "resolved", now()
    session.flush()
    assert write("budi", "satu lagi").conversation_id == first.conversation_id
    assert get_conversation(session, actor, first.conversation_id).status == "open"


def test_who_comes_back_late_starts_anew(session, actor, write):
    first = write("budi")
    row = session.get_one(Conversation, first.conversation_id)
    row.status, row.resolved_at = "resolved", now() - timedelta(days=30)
    session.flush()
    assert write("budi", "halo lagi").conversation_id != first.conversation_id


def test_a_late_repeat_does_not_wake_what_is_done(session, actor, write):
    first = write("budi", key="web:1")
    row = session.get_one(Conversation, first.conversation_id)
    row.status, row.resolved_at = "resolved", now()
    session.flush()
    assert write("budi", key="web:1").again
    session.refresh(row)
    assert row.status == "resolved"


def test_two_customers_have_two_conversations(write):
    assert write("budi").conversation_id != write("wati").conversation_id
