"""Killed at any moment, the outbox sends nothing twice and loses nothing."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter

from chatrigo import db
from chatrigo.domain.conversations.reply import send_message
from tests.channels.conftest import until
from tests.support.browser import join
from tests.support.scripted_channel import wrote
from tests.workflows.conftest import forget_workflows

CUSTOMERS = 4


def desk(url, log):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.channels.desk_process", url, str(log)],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_killed_again_and_again_nothing_is_sent_twice(database_url, channel, http, tmp_path):
    forget_workflows(database_url)
    log, chance = tmp_path / "sent", random.Random(5)
    person = join(channel.shop.business_id)
    for round in range(4):
        process = desk(database_url, log)
        try:
            assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
            for number in range(CUSTOMERS):
                who = f"pelanggan-{number}"
                if round == 0:
                    await channel.came(http, wrote(f"m{number}", "mau ke orang", who=who))
            await until(lambda: len(channel.conversations()) == CUSTOMERS)
            for row in channel.conversations():
                await db.run(
                    send_message, person, row.id, f"balasan {round}", f"kunci-{round}-{row.id:06}"
                )
            if round < 3:
                await asyncio.sleep(chance.uniform(0.1, 0.6))
                continue
            await until(lambda: all(r.state in ("sent", "unknown") for r in channel.outbox()), 30)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    taken = log.read_text().split()
    assert max(Counter(taken).values()) == 1
    rows = channel.outbox()
    assert len(rows) >= 4 * CUSTOMERS
    assert {row.key for row in rows if row.state == "sent"} <= set(taken)
    # What never reached the vendor and is not known to have: exactly what was being sent.
    assert {row.key for row in rows} - set(taken) <= {r.key for r in rows if r.state == "unknown"}
    for conversation in channel.conversations():
        keys = [r.key for r in rows if r.conversation_id == conversation.id and r.key in taken]
        assert keys == sorted(keys, key=taken.index)
