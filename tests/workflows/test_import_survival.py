"""Killed in mid-import, a source is read once the application is back, and has each piece once."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter

from chatrigo import db
from chatrigo.domain.knowledge import sources
from chatrigo.models.knowledge import KnowledgeEntry
from tests.support.fake_site import FakeSite
from tests.workflows.conftest import forget_workflows

PAGES = 12


def importer(url):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.workflows.import_process", url],
        stdout=subprocess.PIPE,
        text=True,
    )


async def started(process):
    line = await asyncio.to_thread(process.stdout.readline)
    assert line == "ready\n"


async def test_killed_again_and_again_every_piece_is_there_once(database_url, shop):
    forget_workflows(database_url)
    with FakeSite() as site:
        names = [f"/{number}" for number in range(PAGES)]
        for name in names:
            site.page(name, f"<h1>Menu {name}</h1><p>" + f"Isi menu {name} yang enak. " * 8)
            site.slow[name] = 0.3
        site.map("/sitemap.xml", *names)
        row = await db.run(sources.add_page, shop, "sitemap", site.url("/sitemap.xml"))
        for asked in (3, 9, None):
            process = importer(database_url)
            try:
                await started(process)
                if asked:
                    await read_so_far(site, names, asked)
                else:
                    await settled(shop, row.id)
            finally:
                process.send_signal(signal.SIGKILL)
                process.wait()
            now = await db.run(sources.get_source, shop, row.id)
            assert now.running == bool(asked)
    assert (now.state, now.pieces) == ("ready", PAGES)
    with db.transaction(shop) as session:
        entries = session.query(KnowledgeEntry).all()
    assert sorted(entry.position for entry in entries) == list(range(PAGES))
    assert Counter(entry.body for entry in entries).most_common(1)[0][1] == 1
    assert max(Counter(site.asked)[name] for name in names) > 1, "it was not killed in the middle"


async def read_so_far(site, names, asked):
    """The first run is cut short at its third page, the second one, which began anew, later."""
    async with asyncio.timeout(30):
        while sum(name in names for name in site.asked) < asked:
            await asyncio.sleep(0.02)


async def settled(shop, source_id):
    async with asyncio.timeout(30):
        while (await db.run(sources.get_source, shop, source_id)).running:
            await asyncio.sleep(0.1)
