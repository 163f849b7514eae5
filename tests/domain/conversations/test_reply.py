import pytest
from sqlalchemy import select

from chatrigo.domain.conversations.listing import get_conversation
from chatrigo.domain.conversations.reply import add_note, send_message
from chatrigo.errors import Forbidden, Invalid, NotFound, SignedOut
from chatrigo.models.conversation import Conversation, Message

KEY = "0123456789abcdef"


def bodies(session):
    return list(session.execute(select(Message.body).order_by(Message.id)).scalars())


def test_a_reply_takes_the_conversation_over_and_counts_as_read(session, sari, write):
    id = write().conversation_id
    session.get_one(Conversation, id).handler = "ai"
    session.flush()
    row = send_message(session, sari, id, " Siap, kak! ", KEY)
    assert row
    assert (row.author, row.author_name, row.body) == ("human", "Sari", "Siap, kak!")
    now = get_conversation(session, sari, id)
    assert (now.handler, now.assignee_name, now.unread) == ("human", "Sari", 0)
    assert (now.snippet, now.snippet_author) == ("Siap, kak!", "human")
    assert "took_over" in bodies(session)


def test_sending_twice_with_one_key_stores_once(session, sari, write):
    id = write().conversation_id
    assert send_message(session, sari, id, "ya", KEY)
    assert send_message(session, sari, id, "ya", KEY) is None
    assert bodies(session).count("ya") == 1


def test_two_people_may_have_made_the_same_key(session, sari, dimas, write):
    id = write().conversation_id
    assert send_message(session, sari, id, "dari sari", KEY)
    assert send_message(session, dimas, id, "dari dimas", KEY)


def test_a_note_neither_moves_nor_takes_over(session, sari, write):
    id = write(body="halo").conversation_id
    session.get_one(Conversation, id).handler = "ai"
    session.flush()
    row = add_note(session, sari, id, "pelanggan lama", KEY)
    assert row
    assert row.kind == "note"
    now = get_conversation(session, sari, id)
    assert (now.handler, now.snippet, now.unread) == ("ai", "halo", 1)
    assert add_note(session, sari, id, "pelanggan lama", KEY) is None


@pytest.mark.parametrize("act", [send_message, add_note])
@pytest.mark.parametrize("body", ["", "   ", None, "x" * 4001])
def test_no_text_and_too_much_text_are_refused(session, sari, write, act, body):
    with pytest.raises(Invalid):
        act(session, sari, write().conversation_id, body, KEY)


@pytest.mark.parametrize("act", [send_message, add_note])
@pytest.mark.parametrize("key", ["", None, "short", "x" * 65, 7])
def test_a_reply_needs_a_key(session, sari, write, act, key):
    with pytest.raises(Invalid):
        act(session, sari, write().conversation_id, "ya", key)


@pytest.mark.parametrize("act", [send_message, add_note])
@pytest.mark.parametrize("id", ["abc", "", None, -1, 0, 2**70, [], {}, True, 1.5])
def test_nonsense_names_no_conversation(session, sari, write, act, id):
    write()
    with pytest.raises(NotFound):
        act(session, sari, id, "ya", KEY)


@pytest.mark.parametrize("act", [send_message, add_note])
def test_only_those_who_may_write_do(session, viewer, stranger, write, act):
    from chatrigo.domain.access import PUBLIC

    id = write().conversation_id
    with pytest.raises(Forbidden):
        act(session, viewer, id, "ya", KEY)
    with pytest.raises(NotFound):
        act(session, stranger, id, "ya", KEY)
    with pytest.raises(SignedOut):
        act(session, PUBLIC, id, "ya", KEY)
