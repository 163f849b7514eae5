import pytest
from sqlalchemy import select

from chatrigo import db
from chatrigo.domain.access import Actor
from chatrigo.domain.assistant.answer import store_answer
from chatrigo.domain.conversations import visitor
from chatrigo.domain.conversations.history import list_messages
from chatrigo.domain.knowledge.entries import list_entries
from chatrigo.domain.knowledge.proposals import list_proposals
from chatrigo.domain.learning import verdicts
from chatrigo.errors import Forbidden, Invalid, NotFound
from chatrigo.events import MessageChanged, recorded
from chatrigo.models.conversation import Channel, Message
from chatrigo.retrieval.search import search


@pytest.fixture
def answered(shop):
    """An answer of the assistant to two bubbles of a customer: its id, its conversation's."""
    with db.transaction(shop) as session:
        session.add(Channel(business_id=shop.business_id, kind="web"))
    for number, body in enumerate(("halo kak", "brp ongkir ke bali?")):
        with db.transaction(db.PUBLIC) as session:
            visitor.write(
                session,
                db.PUBLIC,
                "kopi-uji",
                "k" * 32,
                address="",
                message_id=f"m{number}",
                body=body,
            )
    with db.transaction(shop) as session:
        asked = session.execute(select(Message).order_by(Message.id.desc())).scalars().first()
        row = store_answer(
            session, shop, asked.conversation_id, asked.id, "Rp20.000 kak.", mode="approved"
        )
        return row.id, row.conversation_id


def test_the_last_word_counts_and_every_inbox_hears_it(shop, answered):
    message_id, conversation_id = answered
    for verdict in ("good", "bad", ""):
        with db.transaction(shop) as session:
            row = verdicts.judge(session, shop, message_id, verdict)
            (fact,) = [f for f in recorded(session) if isinstance(f, MessageChanged)]
        assert row.verdict == fact.message.verdict == verdict
        with db.transaction(shop) as session:
            shown = [m.verdict for m in list_messages(session, shop, conversation_id)]
        assert shown == ["", "", verdict]


def test_only_answers_are_judged_and_only_in_known_words(shop, answered):
    message_id, _ = answered
    with pytest.raises(Invalid), db.transaction(shop) as session:
        verdicts.judge(session, shop, message_id, "terrible")
    with pytest.raises(NotFound), db.transaction(shop) as session:
        verdicts.judge(session, shop, message_id - 1, "good")


def test_a_viewer_and_another_business_judge_nothing(shop, stranger, answered):
    message_id, _ = answered
    viewer = Actor(1, shop.business_id, "viewer")
    with pytest.raises(Forbidden), db.transaction(viewer) as session:
        verdicts.judge(session, viewer, message_id, "bad")
    with pytest.raises(NotFound), db.transaction(stranger) as session:
        verdicts.judge(session, stranger, message_id, "bad")


def test_what_was_asked_is_told_with_the_answer(shop, answered):
    message_id, _ = answered
    with db.transaction(shop) as session:
        assert verdicts.question_of(session, shop, message_id) == (
            "halo kak brp ongkir ke bali?",
            "Rp20.000 kak.",
        )


def test_who_may_teach_corrects_at_once_and_again(shop, answered):
    message_id, conversation_id = answered
    for right in ("Rp25.000 kak.", "Rp27.000 kak."):
        with db.transaction(shop) as session:
            assert verdicts.correct(session, shop, message_id, "Ongkir ke Bali?", right) == "taught"
        with db.transaction(shop) as session:
            assert search(session, shop.business_id, "brp ongkir bali")[0].body == right
            assert list_entries(session, shop).found == 1
            assert list_messages(session, shop, conversation_id)[-1].verdict == "bad"


def test_an_agent_proposes(shop, answered):
    message_id, _ = answered
    agent = Actor(None, shop.business_id, "agent")
    with db.transaction(agent) as session:
        said = verdicts.correct(session, agent, message_id, "Ongkir ke Bali?", "Rp25.000")
    assert said == "proposed"
    with db.transaction(shop) as session:
        assert list_entries(session, shop).found == 0
        (row,) = list_proposals(session, shop).rows
    assert (row.origin_kind, row.origin, row.answer) == ("thumb", str(message_id), "Rp25.000")


def test_an_empty_correction_is_refused_and_nothing_is_kept(shop, answered):
    message_id, conversation_id = answered
    with pytest.raises(Invalid), db.transaction(shop) as session:
        verdicts.correct(session, shop, message_id, "Ongkir ke Bali?", "  ")
    with db.transaction(shop) as session:
        assert list_messages(session, shop, conversation_id)[-1].verdict == ""
