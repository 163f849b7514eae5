"""The customer's own view, by the key that the browser keeps."""

import pytest
from sqlalchemy import select, update

from chatrigo import db, security
from chatrigo.domain.access import PUBLIC
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.post import post
from chatrigo.domain.conversations.reply import add_note, send_message
from chatrigo.domain.conversations.rows import WINDOW
from chatrigo.domain.conversations.standing import set_status
from chatrigo.errors import Invalid, LimitReached, NotFound
from chatrigo.models.business import Assistant
from chatrigo.models.conversation import Attachment, Channel, ContactIdentity, Conversation

KEY, OTHER = "k" * 43, "o" * 43


@pytest.fixture
def assistant_on() -> bool:
    return True


@pytest.fixture
def open_shop(session, actor, assistant_on):
    session.add(Channel(business_id=actor.business_id, kind="web"))
    session.execute(update(Assistant).values(enabled=assistant_on))
    session.flush()


def write(session, key=KEY, body="halo", id="m1", **values):
    return visitor.write(
        session, PUBLIC, "kopi-uji", key, address="", message_id=id, body=body, **values
    )


def view(session, key=KEY):
    return visitor.open_chat(session, PUBLIC, "kopi-uji", key)


def conversation(session, id):
    return session.get_one(Conversation, id)


def test_the_shop_is_shown_to_anybody_and_nothing_is_made_by_looking(session, open_shop):
    seen = view(session)
    assert seen.shop.name == "Kopi Uji"
    assert (seen.conversation_id, seen.messages, seen.has_earlier) == (0, [], False)
    assert session.scalar(select(Conversation.id)) is None


@pytest.mark.parametrize("slug", ["tidak-ada", "", None, 7, "kopi uji", "kopi-uji\x00", "\ud800"])
def test_an_unknown_shop(session, open_shop, slug):
    with pytest.raises(NotFound, match="shop_unknown"):
        visitor.open_chat(session, PUBLIC, slug, KEY)


@pytest.mark.parametrize("key", ["", None, "short", "k" * 129, "k" * 42 + "\x00", "\ud800" * 43, 5])
def test_a_key_that_no_page_of_ours_makes(session, open_shop, key):
    with pytest.raises(Invalid, match="visitor_key"):
        view(session, key)


@pytest.mark.parametrize("id", ["", None, 7, "x" * 65, "a b", "\ud800", "staff:1:abcdefgh"])
def test_a_message_s_key_that_no_page_of_ours_makes(session, open_shop, id):
    with pytest.raises(Invalid, match="message_key"):
        write(session, id=id)


@pytest.mark.parametrize("body", ["", " \n", None, {"a": 1}, ["x"], 7, "\x00", "\ud800"])
def test_nothing_written(session, open_shop, body):
    with pytest.raises(Invalid, match="message_empty"):
        write(session, body=body)


def test_the_key_is_stored_hashed(session, open_shop):
    write(session)
    stored = session.scalar(select(ContactIdentity.external_id))
    assert stored == security.digest(KEY)


def test_the_same_message_is_stored_once_and_comes_back_with_its_key(session, open_shop):
    first, second = write(session, id="m1"), write(session, id="m1")
    assert (first.message_id, second.again) == (second.message_id, True)
    (row,) = view(session).messages
    assert (row.key, row.author) == ("m1", "contact")


def test_two_visitors_may_call_their_messages_the_same(session, open_shop):
    write(session, body="satu", id="m1")
    write(session, OTHER, body="dua", id="m1")
    assert [row.body for row in view(session).messages] == ["satu"]
    assert [(row.body, row.key) for row in view(session, OTHER).messages] == [("dua", "m1")]


def test_a_visitor_sees_only_what_is_their_own(session, open_shop):
    write(session, body="rahasia")
    assert view(session, OTHER).messages == []
    assert visitor.find_conversation(session, PUBLIC, "kopi-uji", OTHER) == 0
    assert visitor.list_earlier(session, PUBLIC, "kopi-uji", OTHER, 2**40) == []


def test_the_same_key_at_another_shop_is_somebody_else(shop, stranger):
    for business in (shop, stranger):
        with db.transaction(business) as session:
            session.add(Channel(business_id=business.business_id, kind="web"))
    with db.transaction(PUBLIC) as session:
        write(session, body="rahasia")
    with db.transaction(PUBLIC) as session:
        assert visitor.open_chat(session, PUBLIC, "toko-lain", KEY).messages == []


def test_notes_and_what_staff_alone_may_know_stay_with_staff(session, actor, open_shop, sari):
    received = write(session)
    add_note(session, sari, received.conversation_id, "pelanggan rewel", "note-key-1")
    send_message(session, sari, received.conversation_id, "Halo kak", "reply-key-1")
    post(
        session,
        actor,
        conversation(session, received.conversation_id),
        author="ai",
        body="Jawaban",
        evidence=[{"entry_id": 7, "title": "Jam", "body": "rahasia dapur"}],
        generation={"mode": "model", "model": "gpt", "input_tokens": 5, "output_tokens": 5},
    )
    rows = view(session).messages
    assert [row.body for row in rows] == ["halo", "Halo kak", "Jawaban"]
    reply, answer = rows[1:]
    assert (reply.author_name, reply.key) == ("Sari", "")
    assert (answer.evidence, answer.mode, answer.model, answer.tokens) == ([], "", "", 0)


def test_earlier_messages_come_by_the_window(session, actor, open_shop):
    received = write(session, body="0", id="m0")
    for number in range(1, 2 * WINDOW + 5):
        post(
            session,
            actor,
            conversation(session, received.conversation_id),
            author="contact",
            body=str(number),
            provider_message_id=f"web:m{number}",
        )
    seen = view(session)
    assert (len(seen.messages), seen.has_earlier) == (WINDOW, True)
    above = visitor.list_earlier(session, PUBLIC, "kopi-uji", KEY, seen.messages[0].id)
    assert len(above) == WINDOW + 1
    assert int(above[-1].body) == int(seen.messages[0].body) - 1


def test_a_person_is_called_and_the_view_says_so(session, open_shop):
    write(session)
    assert view(session).handler == "ai"
    visitor.ask_for_person(session, PUBLIC, "kopi-uji", KEY)
    seen = view(session)
    assert (seen.handler, seen.waiting) == ("human", True)
    visitor.ask_for_person(session, PUBLIC, "kopi-uji", KEY)
    assert len(view(session).messages) == len(seen.messages)


def test_once_it_is_done_the_assistant_is_there_again(session, open_shop, sari):
    received = write(session)
    send_message(session, sari, received.conversation_id, "Halo kak", "reply-key-1")
    assert (view(session).handler, view(session).waiting) == ("human", False)
    set_status(session, sari, received.conversation_id, "resolved")
    assert view(session).handler == "ai"
    with pytest.raises(Invalid, match="write_first"):
        visitor.ask_for_person(session, PUBLIC, "kopi-uji", KEY)


def test_before_anything_was_written_nobody_can_be_called(session, open_shop):
    with pytest.raises(Invalid, match="write_first"):
        visitor.ask_for_person(session, PUBLIC, "kopi-uji", KEY)


@pytest.mark.parametrize("assistant_on", [False])
def test_without_an_assistant_people_answer(session, open_shop):
    assert view(session).handler == "human"


def test_too_many_messages_are_refused_with_the_time_to_wait(session, open_shop):
    with pytest.raises(LimitReached) as refusal:
        for number in range(50):
            write(session, id=f"m{number}")
    assert 1 <= refusal.value.retry_after <= 10
    assert len(view(session).messages) == 20
    write(session, OTHER, id="theirs")


def test_a_picture_is_sent_by_its_uploader_alone(session, actor, open_shop):
    row = Attachment(business_id=actor.business_id, sha256="0" * 64, mime="image/png", bytes=1)
    session.add(row)
    session.flush()
    uploader = visitor.identify(session, "kopi-uji", KEY)
    ticket = visitor.ticket_for(uploader, row.id)
    for forged in (
        row.id,
        str(row.id),
        f"{row.id}.",
        ticket.replace(f"{row.id}.", f"{row.id + 1}."),
        "x",
        {},
    ):
        if forged:
            with pytest.raises(Invalid, match="attachment_unknown"):
                write(session, body="lihat", id="forged", ticket=forged)
    with pytest.raises(Invalid, match="attachment_unknown"):
        write(session, OTHER, body="", id="stolen", ticket=ticket)
    write(session, body="", id="own", ticket=ticket)
    assert view(session).messages[-1].picture.startswith("/files/")
