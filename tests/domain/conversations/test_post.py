"""What the screens are told of a message is what they would read of it later."""

from typing import Any

from sqlalchemy.orm import Session

from chatrigo.domain.access import Actor
from chatrigo.domain.conversations.history import list_messages
from chatrigo.domain.conversations.listing import get_conversation
from chatrigo.domain.conversations.post import post
from chatrigo.domain.conversations.receive import Inbound, Received, receive
from chatrigo.domain.conversations.reply import send_message
from chatrigo.domain.conversations.standing import toggle_label
from chatrigo.events import ConversationChanged, MessageAdded, recorded
from chatrigo.models.account import Account, Membership
from chatrigo.models.business import Label
from chatrigo.models.conversation import Attachment, Channel, Conversation


def test_a_customers_message(session: Session, actor: Actor) -> None:
    received = _receive(session, actor, "  Halo,\n ada kopi?  ")

    told = _told(session)
    assert told[MessageAdded].message == list_messages(session, actor, received.conversation_id)[-1]
    assert told[MessageAdded].message.body == "Halo,\n ada kopi?"
    row = told[ConversationChanged].conversation
    assert row == get_conversation(session, actor, received.conversation_id)
    assert (row.unread, row.snippet, row.snippet_author) == (1, "Halo, ada kopi?", "contact")


def test_a_picture(session: Session, actor: Actor) -> None:
    picture = Attachment(
        business_id=actor.business_id, sha256="a" * 64, mime="image/png", bytes=9, width=4, height=3
    )
    session.add(picture)
    session.flush()
    conversation = session.get(Conversation, _receive(session, actor, "Halo").conversation_id)

    values = {"kind": "image", "body": "", "attachment_id": picture.id}
    row = post(session, actor, conversation, author="contact", **values)

    assert row
    assert (row.width, row.height) == (4, 3)
    assert row.picture


def test_a_persons_answer_carries_name_and_labels(session: Session, actor: Actor) -> None:
    received = _receive(session, actor, "Halo")
    person = _person(session, actor)
    for name in ("zebra", "Akrab"):
        label = Label(business_id=actor.business_id, name=name, colour="teal")
        session.add(label)
        session.flush()
        toggle_label(session, actor, received.conversation_id, label.id)

    row = send_message(session, person, received.conversation_id, "Siap, Kak", "key-of-browser")

    assert row
    assert (row.author, row.author_name) == ("human", "Sekar")
    changed = _told(session)[ConversationChanged].conversation
    assert changed == get_conversation(session, actor, received.conversation_id)
    assert [label.name for label in changed.labels] == ["Akrab", "zebra"]
    assert (changed.assignee_name, changed.unread) == ("Sekar", 0)


def test_the_same_message_again_tells_nothing(session: Session, actor: Actor) -> None:
    _receive(session, actor, "Halo")
    session.info["facts"] = []

    assert _receive(session, actor, "Halo").again
    assert recorded(session) == []


def _receive(session: Session, actor: Actor, body: str) -> Received:
    channel = session.query(Channel).first() or Channel(business_id=actor.business_id, kind="web")
    session.add(channel)
    session.flush()
    assert channel.id
    return receive(session, actor, Inbound(channel.id, "somebody", f"web:{body[:9]}", body))


def _person(session: Session, actor: Actor) -> Actor:
    account = Account(email="sekar@example.com", name="Sekar", password_hash="")
    session.add(account)
    session.flush()
    assert account.id
    session.add(Membership(business_id=actor.business_id, account_id=account.id))
    session.flush()
    return Actor(account.id, actor.business_id, "owner")


def _told(session: Session) -> dict[type, Any]:
    """The latest fact of each kind."""
    return {type(fact): fact for fact in recorded(session)}
