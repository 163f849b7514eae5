import pytest

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.answer import store_answer
from chatrigo.domain.assistant.handover import hand_over
from chatrigo.domain.assistant.prompt import Evidence
from chatrigo.domain.assistant.testing.proposal import propose_case
from chatrigo.domain.conversations.receive import Inbound, receive
from chatrigo.errors import Forbidden, NotFound
from chatrigo.models.conversation import Channel

EVIDENCE = [Evidence(1, "Ongkir", "Sampai 5 km Rp10.000, 5–10 km Rp18.000.")]


@pytest.fixture
def channel(session, actor):
    row = Channel(business_id=actor.business_id)
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def say(session, actor, channel):
    numbers = iter(range(1, 100))

    def said(body):
        inbound = Inbound(
            channel_id=channel, external_id="budi", message_id=f"m{next(numbers)}", body=body
        )
        return receive(session, actor, inbound)

    return said


def test_the_customers_turns_and_the_facts_of_the_answer(session, actor, say):
    say("halo kak")
    first = say("ongkir 7 km brp?")
    answer = store_answer(
        session,
        actor,
        first.conversation_id,
        first.message_id,
        "Ongkirnya Rp18.000, sampai dalam 45 menit.",
        mode="model",
        evidence=EVIDENCE,
    )
    later = say("oke makasih")
    case = propose_case(session, actor, later.conversation_id, answer.id)
    assert case.turns == ["halo kak ongkir 7 km brp?"]  # two bubbles in a row are one turn
    assert case.facts == ["Rp18.000"]  # 45 stands nowhere in the evidence
    assert (case.id, case.expected, case.enabled) == (0, "answer", True)
    whole = propose_case(session, actor, later.conversation_id)
    assert whole.turns[-1] == "oke makasih"
    by_question = propose_case(session, actor, first.conversation_id, first.message_id)
    assert by_question.facts == ["Rp18.000"]


def test_a_handover_is_expected_again(session, actor, say):
    asked = say("mau ngomong sama admin")
    row = hand_over(session, actor, asked.conversation_id, asked.message_id, "asked_for_person")
    case = propose_case(session, actor, asked.conversation_id, row.id)
    assert (case.expected, case.facts) == ("handover", [])


def test_a_conversation_without_words_is_an_empty_proposal(session, actor, say):
    asked = say("halo")
    case = propose_case(session, actor, asked.conversation_id)
    assert (case.turns, case.expected) == (["halo"], "any")


@pytest.mark.parametrize("nonsense", [None, "x", 0, -1, 2**70, [], {}])
def test_what_is_not_there(session, actor, nonsense):
    with pytest.raises(NotFound):
        propose_case(session, actor, nonsense)


def test_only_for_whom_it_is(shop, stranger):
    with db.transaction(shop) as session:
        channel = Channel(business_id=shop.business_id)
        session.add(channel)
        session.flush()
        inbound = Inbound(channel_id=channel.id, external_id="b", message_id="1", body="halo")
        conversation_id = receive(session, shop, inbound).conversation_id
        with pytest.raises(Forbidden):
            propose_case(session, Actor(1, shop.business_id, "agent"), conversation_id)
    with db.transaction(stranger) as session, pytest.raises(NotFound):
        propose_case(session, stranger, conversation_id)
