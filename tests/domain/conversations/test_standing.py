import pytest

from chatrigo.domain.conversations.listing import get_conversation
from chatrigo.domain.conversations.standing import (
    mark_read,
    mark_unread,
    set_status,
    toggle_label,
)
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.events import ConversationChanged, recorded
from chatrigo.models.business import Label
from chatrigo.models.columns import now
from chatrigo.models.conversation import Conversation


@pytest.fixture
def id(write):
    return write().conversation_id


@pytest.fixture
def label(session, actor):
    label = Label(business_id=actor.business_id, name="Grosir", colour="amber")
    session.add(label)
    session.flush()
    return label


def test_resolving_settles_all_that_waited(session, sari, id):
    session.get_one(Conversation, id).needs_person = "no_evidence"
    set_status(session, sari, id, "resolved")
    row = get_conversation(session, sari, id)
    assert (row.status, row.needs_person, row.unread) == ("resolved", "", 0)
    set_status(session, sari, id, "open")
    assert get_conversation(session, sari, id).status == "open"


def test_pending_and_back(session, sari, id):
    set_status(session, sari, id, "pending")
    assert get_conversation(session, sari, id).status == "pending"
    set_status(session, sari, id, "pending")


@pytest.mark.parametrize("status", ["", "closed", None, 7, "OPEN", [], {}])
def test_an_unknown_status_is_refused(session, sari, id, status):
    with pytest.raises(Invalid):
        set_status(session, sari, id, status)


def test_an_old_conversation_is_not_opened_beside_a_newer_one(session, sari, write, id):
    set_status(session, sari, id, "resolved")
    session.get_one(Conversation, id).resolved_at = now().replace(year=2020)
    session.flush()
    write()
    with pytest.raises(Invalid):
        set_status(session, sari, id, "open")


def test_read_and_unread(session, sari, id):
    mark_read(session, sari, id)
    assert get_conversation(session, sari, id).unread == 0
    told = len([f for f in recorded(session) if isinstance(f, ConversationChanged)])
    mark_read(session, sari, id)
    assert len([f for f in recorded(session) if isinstance(f, ConversationChanged)]) == told
    mark_unread(session, sari, id)
    assert get_conversation(session, sari, id).unread == 1


def test_a_viewer_may_read_and_nothing_else(session, viewer, id, label):
    mark_read(session, viewer, id)
    for act in (
        lambda: set_status(session, viewer, id, "resolved"),
        lambda: mark_unread(session, viewer, id),
        lambda: toggle_label(session, viewer, id, label.id),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_label_goes_on_and_off(session, sari, id, label):
    toggle_label(session, sari, id, label.id)
    assert [each.name for each in get_conversation(session, sari, id).labels] == ["Grosir"]
    toggle_label(session, sari, id, label.id)
    assert get_conversation(session, sari, id).labels == []


@pytest.mark.parametrize("label_id", [0, "x", None, 2**70, 424242])
def test_an_unknown_label_is_refused(session, sari, id, label_id):
    with pytest.raises(NotFound):
        toggle_label(session, sari, id, label_id)


def test_another_business_reaches_nothing(session, stranger, id, label):
    for act in (
        lambda: set_status(session, stranger, id, "resolved"),
        lambda: mark_read(session, stranger, id),
        lambda: mark_unread(session, stranger, id),
        lambda: toggle_label(session, stranger, id, label.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_whoever_only_looks_on_leaves_the_news_for_those_who_answer(session, viewer, id):
    before = session.get_one(Conversation, id).unread
    mark_read(session, viewer, id)
    assert session.get_one(Conversation, id).unread == before > 0
