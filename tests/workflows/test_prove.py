"""The owner's tests, run by DBOS: with approved answers alone, and with a model."""

import asyncio

from sqlalchemy import text

from chatrigo import db
from chatrigo.domain.assistant import versions
from chatrigo.domain.assistant.testing import cases, runs
from chatrigo.events import SettingsChanged, hub
from chatrigo.workflows import prove
from tests.support.fake_llm import Behaviour

# Registered with DBOS by being imported.
__all__ = ["prove"]
KEPT = ("message", "conversation", "contact", "unanswered_question", "tool_call", "follow_up")


def prepared(shop, *wishes):
    with db.transaction(shop) as session:
        desk = versions.save_draft(session, shop, {"language": "id"}, 0)
        versions.put_live(session, shop, desk.revision)
        draft = {"language": "id", "topic_medical": "decline", "words_medical": "Tanya dokter ya."}
        versions.save_draft(session, shop, draft, 0)
        for each in wishes:
            cases.add_case(session, shop, each)


def count(shop):
    with db.transaction(shop) as session:
        return [
            session.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            for table in KEPT
            if session.execute(text("SELECT to_regclass(:t)"), {"t": table}).scalar()
        ]


async def proven(shop, seconds=15):
    """Start a run and wait for its end."""
    with hub.subscribe(shop.business_id) as news:
        await db.run(runs.start_run, shop)
        async with asyncio.timeout(seconds):
            while True:
                view = await db.run(runs.latest_run, shop)
                if view.run.state != "running":
                    return view, [f for f in news.waiting() if isinstance(f, SettingsChanged)]
                await asyncio.sleep(0.05)


async def test_approved_answers_alone(front_desk, duties):
    shop = front_desk.shop
    prepared(
        shop,
        {"turns": "kak buka jam brp?", "facts": "08.00\n10 malam", "expected": "answer"},
        {"turns": "aman buat ibu hamil ga?", "facts": "dokter", "expected": "answer"},
        {"turns": "halo\nongkir ke bandung?", "facts": "10 ribu", "forbidden": "gratis"},
        {"turns": "mau ngomong sama admin", "expected": "handover"},
    )
    before = count(shop)
    view, news = await proven(shop)
    assert (view.run.state, view.run.done, view.run.total) == ("done", 8, 8)
    assert (view.run.draft_failed, view.run.published_failed) == (0, 1)
    assert [line.published.state for line in view.lines] == [
        "passed",
        "failed",
        "passed",
        "passed",
    ]
    assert len(news) > 4  # screens see it move
    whole = await db.run(runs.get_line, shop, view.run.id, view.lines[2].case_id)
    assert [answer.act for answer in whole.draft.answers] == ["small_talk", "approved"]
    assert count(shop) == before


async def test_with_a_model(front_desk, duties, model):
    shop = front_desk.shop
    prepared(shop, {"turns": "buka jam brp?", "facts": "08.00", "expected": "answer"})
    model.default = Behaviour(text="Kami buka jam 8 pagi, kak.")
    view, _ = await proven(shop)
    assert (view.run.draft_failed, view.run.published_failed) == (0, 0)
    assert view.lines[0].draft.tokens > 0
    model.default = Behaviour(status=500)
    view, _ = await proven(shop, seconds=60)
    assert [problem.kind for problem in view.lines[0].draft.problems] == ["action", "missing"]
