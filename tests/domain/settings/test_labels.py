import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.settings import labels
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.events import SettingsChanged, recorded
from chatrigo.models.conversation import Channel, Contact, Conversation, ConversationLabel


def test_labels_are_listed_by_name(session, actor):
    labels.add_label(session, actor, "VIP", "amber")
    labels.add_label(session, actor, " grosir  besar", "teal")
    rows = labels.list_labels(session, actor)
    assert [(row.name, row.colour, row.conversations) for row in rows] == [
        ("grosir besar", "teal", 0),
        ("VIP", "amber", 0),
    ]
    assert recorded(session) == [SettingsChanged(actor.business_id, "labels")] * 2


def test_a_name_belongs_to_one_label(session, actor):
    vip = labels.add_label(session, actor, "VIP", "amber")
    other = labels.add_label(session, actor, "Grosir", "teal")
    for change in (
        lambda: labels.add_label(session, actor, "vip", "red"),
        lambda: labels.change_label(session, actor, other.id, "Vip", "red"),
    ):
        with pytest.raises(Invalid) as refused:
            change()
        assert refused.value.key == "settings.label_taken"
    assert labels.change_label(session, actor, vip.id, "vip", "red").colour == "red"


@pytest.mark.parametrize(
    ("name", "colour", "key"),
    [
        ("", "red", "settings.label_name_missing"),
        ("x" * 41, "red", "settings.label_name_long"),
        ("VIP", "magenta", "settings.colour_unknown"),
        ("VIP", None, "settings.colour_unknown"),
    ],
)
def test_a_wrong_label_names_the_field(session, actor, name, colour, key):
    with pytest.raises(Invalid) as refused:
        labels.add_label(session, actor, name, colour)
    assert refused.value.key == key


def test_deleting_a_label_takes_it_off_conversations(session, actor):
    row = labels.add_label(session, actor, "VIP", "amber")
    _put_on_a_conversation(session, actor, row.id)
    assert labels.list_labels(session, actor)[0].conversations == 1
    assert labels.delete_label(session, actor, row.id).conversations == 1
    assert labels.list_labels(session, actor) == []


def test_there_is_an_end_to_labels(session, actor, monkeypatch):
    monkeypatch.setattr(labels, "MAX_LABELS", 1)
    labels.add_label(session, actor, "VIP", "amber")
    with pytest.raises(Invalid) as refused:
        labels.add_label(session, actor, "Grosir", "teal")
    assert refused.value.key == "settings.labels_many"


def test_another_business_sees_nothing(shop, stranger):
    with db.transaction(shop) as session:
        row = labels.add_label(session, shop, "VIP", "amber")
    with db.transaction(stranger) as session:
        assert labels.list_labels(session, stranger) == []
        with pytest.raises(NotFound):
            labels.change_label(session, stranger, row.id, "curi", "red")
        with pytest.raises(NotFound):
            labels.delete_label(session, stranger, row.id)
        labels.add_label(session, stranger, "VIP", "red")
    with db.transaction(shop) as session:
        assert labels.list_labels(session, shop) == [row]


def test_agents_see_labels_and_do_not_change_them(session, actor):
    row = labels.add_label(session, actor, "VIP", "amber")
    agent = Actor(1, actor.business_id, "agent")
    assert labels.list_labels(session, agent) == [row]
    for change in (
        lambda: labels.add_label(session, agent, "Baru", "red"),
        lambda: labels.change_label(session, agent, row.id, "Baru", "red"),
        lambda: labels.delete_label(session, agent, row.id),
    ):
        with pytest.raises(Forbidden):
            change()


def _put_on_a_conversation(session, actor, label_id):
    channel = Channel(business_id=actor.business_id)
    contact = Contact(business_id=actor.business_id)
    session.add_all([channel, contact])
    session.flush()
    conversation = Conversation(
        business_id=actor.business_id, channel_id=channel.id, contact_id=contact.id
    )
    session.add(conversation)
    session.flush()
    session.add(
        ConversationLabel(
            conversation_id=conversation.id, label_id=label_id, business_id=actor.business_id
        )
    )
    session.flush()
