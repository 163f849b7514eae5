import pytest

from chatrigo.domain.conversations.history import list_messages
from chatrigo.domain.conversations.listing import get_conversation
from chatrigo.domain.conversations.turn import assign, give_back, take_over
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.models.conversation import Conversation


@pytest.fixture
def id(session, write):
    id = write().conversation_id
    session.get_one(Conversation, id).handler = "ai"
    session.flush()
    return id


def events(session, actor, id):
    return [m for m in list_messages(session, actor, id) if m.kind == "event"]


def test_taking_over(session, sari, id):
    take_over(session, sari, id)
    row = get_conversation(session, sari, id)
    assert (row.handler, row.assignee_id) == ("human", sari.account_id)
    take_over(session, sari, id)
    assert [e.body for e in events(session, sari, id)] == ["took_over"]


def test_taking_over_what_a_colleague_has_leaves_it_to_them(session, sari, dimas, id):
    take_over(session, sari, id)
    take_over(session, dimas, id)
    assert get_conversation(session, sari, id).assignee_name == "Sari"


def test_giving_back(session, sari, id, assistant):
    take_over(session, sari, id)
    assistant.enabled = True
    session.flush()
    give_back(session, sari, id)
    row = get_conversation(session, sari, id)
    assert (row.handler, row.needs_person, row.assignee_id) == ("ai", "", 0)
    give_back(session, sari, id)
    assert [e.body for e in events(session, sari, id)] == ["took_over", "gave_back"]


def test_nothing_is_given_to_an_assistant_that_is_off(session, sari, id):
    take_over(session, sari, id)
    with pytest.raises(Invalid):
        give_back(session, sari, id)


def test_assigning_says_to_whom(session, sari, dimas, id):
    assign(session, sari, id, dimas.account_id)
    assert get_conversation(session, sari, id).assignee_name == "Dimas"
    (said,) = events(session, sari, id)
    assert (said.body, said.author_name, said.detail) == ("assigned", "Sari", "Dimas")
    assign(session, sari, id, str(dimas.account_id))
    assign(session, sari, id, 0)
    assert get_conversation(session, sari, id).assignee_id == 0
    assert [e.body for e in events(session, sari, id)] == ["assigned", "unassigned"]


@pytest.mark.parametrize("account", ["abc", -1, 2**70, [], {"id": 1}, 99999999, True])
def test_only_a_colleague_can_be_given_a_conversation(session, sari, id, account):
    with pytest.raises(NotFound):
        assign(session, sari, id, account)
    assert get_conversation(session, sari, id).assignee_id == 0


@pytest.mark.parametrize("act", [take_over, give_back, lambda s, a, i: assign(s, a, i, 0)])
def test_it_is_not_for_everybody(session, viewer, stranger, id, act):
    with pytest.raises(Forbidden):
        act(session, viewer, id)
    with pytest.raises(NotFound):
        act(session, stranger, id)
    assert get_conversation(session, viewer, id).handler == "ai"
