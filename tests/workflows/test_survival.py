"""Killed at any moment, the front desk answers every message exactly once after the restart."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter

from tests.support.fake_llm import KEY, MODEL, Behaviour
from tests.workflows.conftest import forget_workflows

VISITORS = 8


def desk(url, model):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.workflows.desk_process", url],
        env=os.environ
        | {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": KEY, "CHATRIGO_MODEL": MODEL},
        stdout=subprocess.PIPE,
        text=True,
    )


async def ready(process):
    line = await asyncio.to_thread(process.stdout.readline)
    assert line == "ready\n"


async def test_killed_again_and_again_every_message_is_answered_once(
    database_url, front_desk, model
):
    forget_workflows(database_url)
    model.default = Behaviour(text="Ongkir ke Bandung Rp10.000 kak", delay=0.05)
    chance = random.Random(7)
    sent = 0
    for round in range(4):
        process = desk(database_url, model)
        try:
            await ready(process)
            for visitor in range(VISITORS):
                await front_desk.write(
                    f"ongkir bandung berapa? ({sent})", id=f"m{sent}", key=f"visitor-{visitor:020d}"
                )
                sent += 1
            if round < 3:
                await asyncio.sleep(chance.uniform(0.1, 1.2))
                continue
            await all_settled(front_desk)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    said = front_desk.messages("ai")
    assert Counter(m.in_reply_to for m in said).most_common(1)[0][1] == 1
    last_of_each = {m.conversation_id: m for m in front_desk.messages("contact", "ai")}
    assert len(last_of_each) == VISITORS
    assert {m.author for m in last_of_each.values()} == {"ai"}
    assert all(m.generation["mode"] == "model" for m in said)


async def all_settled(front_desk):
    """Every conversation ends with an answer, and nothing more comes."""
    async with asyncio.timeout(20):
        while True:
            last = {m.conversation_id: m.author for m in front_desk.messages("contact", "ai")}
            if list(last.values()) == ["ai"] * VISITORS:
                break
            await asyncio.sleep(0.1)
    before = len(front_desk.messages("ai"))
    await asyncio.sleep(1.5)
    assert len(front_desk.messages("ai")) == before
