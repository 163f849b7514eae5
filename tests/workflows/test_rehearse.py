import pytest
from sqlalchemy import text

from chatrigo import db
from chatrigo.domain.access import PUBLIC, Actor
from chatrigo.errors import Forbidden, Invalid, SignedOut
from chatrigo.i18n import translate
from chatrigo.models.business import Assistant
from chatrigo.workflows.rehearse import rehearse
from tests.support.fake_llm import Behaviour

OPENING = "Kami buka tiap hari jam 08.00 sampai 22.00, kak."


async def steps(actor, question, history=(), locale="id"):
    return [step async for step in rehearse(actor, question, history, locale)]


def rows_kept(shop):
    with db.transaction(shop) as session:
        return [
            session.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            for table in ("message", "conversation", "contact")
        ]


async def test_without_a_model_the_approved_answer_is_given(front_desk):
    (end,) = await steps(front_desk.shop, "kak buka jam brp?")
    assert (end.act, end.text) == ("approved", OPENING)
    assert [piece.title for piece in end.evidence] == ["Jam buka jam berapa?"]
    assert rows_kept(front_desk.shop) == [0, 0, 0]


async def test_with_a_model_the_answer_grows(front_desk, model):
    model.will(Behaviour(text="Buka jam delapan, kak.", delay=0.06))
    seen = await steps(front_desk.shop, "kak buka jam brp?")
    assert [step.act for step in seen[:-1]] == ["writing"] * (len(seen) - 1)
    assert len(seen) > 3
    assert (seen[-1].act, seen[-1].text) == ("model", "Buka jam delapan, kak.")
    assert seen[-1].input_tokens > 0
    assert rows_kept(front_desk.shop) == [0, 0, 0]


async def test_what_was_said_before_goes_along(front_desk, model):
    history = [("user", "ongkir ke bandung?"), ("assistant", "Sepuluh ribu."), ("system", "x"), 7]
    await steps(front_desk.shop, "buka jam berapa?", history)
    turns = model.requests[-1].body["messages"]
    assert [turn["role"] for turn in turns] == ["system", "user", "assistant", "user"]
    assert "ongkir ke bandung" in turns[1]["content"]


@pytest.mark.parametrize(
    ("question", "reason"),
    [("mau ngomong sama admin", "asked_for_person"), ("siapa presiden kita", "no_evidence")],
)
async def test_a_person_is_called_as_for_customers(front_desk, question, reason):
    (end,) = await steps(front_desk.shop, question)
    assert (end.act, end.reason) == ("handover", reason)
    assert end.text


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [(Behaviour(tool="handover"), "model_unsure"), (Behaviour(status=401), "model_failed")],
)
async def test_a_model_that_gives_up_or_fails_ends_in_a_handover(
    front_desk, model, behaviour, reason
):
    model.will(behaviour)
    end = (await steps(front_desk.shop, "buka jam berapa?"))[-1]
    assert (end.act, end.reason) == ("handover", reason)
    assert len(end.evidence) > 0


async def test_small_talk_and_the_language_of_the_tab(front_desk):
    (hello,) = await steps(front_desk.shop, "halo", locale="en")
    assert (hello.act, hello.text) == ("small_talk", translate("assistant_says.greeting", "en"))
    (thanks,) = await steps(front_desk.shop, "makasih kak")
    assert thanks.act == "small_talk"


async def test_it_may_be_tried_before_it_is_on(front_desk):
    with db.transaction(front_desk.shop) as session:
        session.get_one(Assistant, front_desk.shop.business_id).enabled = False
    assert (await steps(front_desk.shop, "buka jam berapa?"))[-1].act == "approved"


@pytest.mark.parametrize("question", [None, "", "  ", 7, [], "x" * 1001])
async def test_a_question_is_a_short_text(front_desk, question):
    with pytest.raises(Invalid):
        await steps(front_desk.shop, question)


async def test_another_business_finds_nothing(front_desk, stranger):
    (end,) = await steps(stranger, "buka jam berapa?")
    assert (end.act, end.evidence) == ("handover", [])


async def test_who_may_not_teach_is_refused(front_desk):
    with pytest.raises(Forbidden):
        await steps(Actor(1, front_desk.shop.business_id, "agent"), "buka?")
    with pytest.raises(SignedOut):
        await steps(PUBLIC, "buka?")
