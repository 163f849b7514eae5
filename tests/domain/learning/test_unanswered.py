import pytest
from sqlalchemy import select

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.handover import hand_over
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.reply import send_message
from chatrigo.domain.knowledge.entries import Duplicate, add_entry, list_entries
from chatrigo.domain.learning import unanswered
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.models.conversation import Channel, Message
from chatrigo.retrieval.search import search


@pytest.fixture
def customers(shop):
    """Customers of the shop, each with a key of their own, who ask something."""
    with db.transaction(shop) as session:
        session.add(Channel(business_id=shop.business_id, kind="web"))

    def ask(visitor_key: str, *bubbles: str, reason: str = "no_evidence") -> int:
        for number, body in enumerate(bubbles):
            with db.transaction(db.PUBLIC) as session:
                visitor.write(
                    session,
                    db.PUBLIC,
                    "kopi-uji",
                    visitor_key * 32,
                    address="",
                    message_id=f"{visitor_key}-{number}",
                    body=body,
                )
        with db.transaction(shop) as session:
            message = session.execute(select(Message).order_by(Message.id.desc())).scalars().first()
            hand_over(session, shop, message.conversation_id, message.id, reason)
            return message.conversation_id

    return ask


def listed(shop: Actor, state: str = "open") -> unanswered.Unanswered:
    with db.transaction(shop) as session:
        return unanswered.list_unanswered(session, shop, state)


def test_the_most_asked_comes_first_with_every_wording(shop, customers):
    customers("a", "ada kopi decaf ga?")
    customers("b", "halo kak", "brp ongkir ke surabaya?")
    customers("c", "ongkirnya surabaya berapa ya")
    found = listed(shop)
    assert [(g.count, g.question) for g in found.groups] == [
        (2, "ongkirnya surabaya berapa ya"),
        (1, "ada kopi decaf ga?"),
    ]
    assert [each.question for each in found.groups[0].asked][
        1
    ] == "halo kak brp ongkir ke surabaya?"
    assert found.open == 3


@pytest.mark.parametrize("reason", ["asked_for_person", "attachment", "turn_cap", "model_failed"])
def test_other_handovers_teach_nothing(shop, customers, reason):
    customers("a", "mau ngomong sama admin", reason=reason)
    assert listed(shop).groups == []


def test_the_teams_own_reply_is_a_start_for_teaching(shop, customers):
    conversation_id = customers("a", "ada kopi decaf ga?")
    with db.transaction(shop) as session:
        send_message(session, shop, conversation_id, "Ada kak, decaf Gayo Rp28.000.", "reply-key-1")
    (group,) = listed(shop).groups
    assert group.reply == "Ada kak, decaf Gayo Rp28.000."


def test_taught_in_one_go_it_is_found_and_settled(shop, customers):
    customers("a", "ada kopi decaf ga?")
    (group,) = listed(shop).groups
    with db.transaction(shop) as session:
        unanswered.teach(session, shop, group.ids, "Ada kopi decaf?", "Ada, decaf Gayo.")
    with db.transaction(shop) as session:
        assert search(session, shop.business_id, "jual decaf kak?")[0].body == "Ada, decaf Gayo."
    assert listed(shop).groups == []
    assert [g.question for g in listed(shop, "taught").groups] == ["ada kopi decaf ga?"]


def test_a_question_that_is_taught_already_is_told_and_nothing_is_settled(shop, customers):
    customers("a", "ada kopi decaf ga?")
    (group,) = listed(shop).groups
    with db.transaction(shop) as session:
        known = add_entry(session, shop, "qa", "Ada kopi decaf?", "Ada.")
    with pytest.raises(Duplicate), db.transaction(shop) as session:
        unanswered.teach(session, shop, group.ids, "ada kopi decaf", "Ada kok.")
    assert listed(shop).open == 1
    with db.transaction(shop) as session:
        unanswered.settle_with(session, shop, group.ids, known.id)
        assert list_entries(session, shop).found == 1
    assert listed(shop).open == 0


def test_dismissed_and_brought_back(shop, customers):
    customers("a", "jual mobil?")
    (group,) = listed(shop).groups
    with db.transaction(shop) as session:
        unanswered.dismiss(session, shop, group.ids)
    assert (listed(shop).open, listed(shop).dismissed) == (0, 1)
    with db.transaction(shop) as session:
        unanswered.reopen(session, shop, group.ids)
    assert listed(shop).open == 1


def test_another_business_settles_nothing(shop, stranger, customers):
    customers("a", "ada kopi decaf ga?")
    (group,) = listed(shop).groups
    for act in (unanswered.dismiss, unanswered.reopen):
        with pytest.raises(NotFound), db.transaction(stranger) as session:
            act(session, stranger, group.ids)
    with pytest.raises(NotFound), db.transaction(stranger) as session:
        unanswered.teach(session, stranger, group.ids, "Decaf?", "Ada")
    with db.transaction(stranger) as session:
        assert list_entries(session, stranger).found == 0


@pytest.mark.parametrize("ids", [None, [], "1", {"a": 1}, list(range(1, 600))])
def test_what_is_no_choice_is_refused(shop, ids):
    with pytest.raises(Invalid), db.transaction(shop) as session:
        unanswered.dismiss(session, shop, ids)


def test_agents_do_not_teach(shop):
    agent = Actor(1, shop.business_id, "agent")
    with pytest.raises(Forbidden), db.transaction(agent) as session:
        unanswered.list_unanswered(session, agent)
