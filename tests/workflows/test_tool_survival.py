"""Killed after a tool has written, the turn goes on after the restart and writes nothing twice."""

import asyncio
import json
import signal
from datetime import datetime, timedelta

from chatrigo import db
from chatrigo.models.tools import FollowUp, ToolCall
from tests.support.fake_llm import Behaviour
from tests.workflows.conftest import forget_workflows
from tests.workflows.test_survival import desk, ready

TOMORROW = f"{datetime.now() + timedelta(days=1):%Y-%m-%d}"


def book(hour):
    written = json.dumps({"what": f"Telepon jam {hour}", "due": f"{TOMORROW}T{hour}:00"})
    return Behaviour(tool="book_follow_up", arguments=written)


async def test_a_promise_is_made_once_though_the_workflow_ran_twice(
    database_url, front_desk, model
):
    forget_workflows(database_url)
    model.will(book(10), Behaviour(text="Sudah kucatat", stall_first=60))
    first = desk(database_url, model)
    try:
        await ready(first)
        await front_desk.write("ongkir bandung brp? besok telepon aku jam 10 ya")
        async with asyncio.timeout(20):
            while len(model.requests) < 2:
                await asyncio.sleep(0.05)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert len(kept(front_desk.shop, FollowUp)) == 1
    # What the model would do this time is not the same, word for word.
    model.requests.clear()
    model.will(book(11), Behaviour(text="Sudah kucatat, besok ditelepon"))
    second = desk(database_url, model)
    try:
        await ready(second)
        async with asyncio.timeout(20):
            while not front_desk.messages("ai"):
                await asyncio.sleep(0.05)
    finally:
        second.send_signal(signal.SIGKILL)
        second.wait()
    (promise,) = kept(front_desk.shop, FollowUp)
    assert promise.what == "Telepon jam 10"
    (said,) = front_desk.messages("ai")
    assert said.generation["mode"] == "model"
    assert [m["role"] for m in model.requests[0].body["messages"]][-2:] == ["assistant", "tool"]
    assert {call.state for call in kept(front_desk.shop, ToolCall)} == {"done"}


def kept(shop, model):
    with db.transaction(shop) as session:
        return session.query(model).all()
