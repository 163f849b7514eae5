"""The bubble on a shop's own site, which is another origin."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from chatrigo.config import ROOT
from tests.e2e.conftest import PICTURES
from tests.serving.processes import Served, run

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def site(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A shop's own page with our script on it twice, as happens."""
    folder: Path = tmp_path_factory.mktemp("site")
    script = f'<script src="{served.url}/widget.js" data-shop="kopi-senandika" async></script>'
    (folder / "index.html").write_text(f"<!doctype html><h1>Toko kami</h1>{script}{script}")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"localhost:{server.server_port}"
    server.shutdown()


def test_the_script_is_small():
    assert (ROOT / "assets" / "widget.js").stat().st_size < 6 * 1024


@pytest.mark.parametrize(("width", "keeps"), [(390, True), (1440, False)])
async def test_a_customer_chats_on_another_site(
    width: int, keeps: bool, chromium: Browser, served: Served, site: str
):
    """
    Once on another port of our own host, where the frame may keep things, and once on another
    site, to whose frames this Chromium refuses all storage: chatting works all the same.
    """
    run("seed", data_dir=served.output.parent)
    context = await chromium.new_context(viewport={"width": width, "height": 844})
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto("http://" + (site if keeps else site.replace("localhost", "127.0.0.1")))
    bubble = page.get_by_role("button", name="Buka chat")
    await expect(bubble).to_have_count(1)
    assert len(page.frames) == 1  # the chat is loaded only when it is wanted
    await bubble.click()
    chat = page.frame_locator("iframe")
    await chat.get_by_placeholder("Tulis pesan…").fill("ada wifi ga kak?")
    await chat.locator("#chat-send").click()
    await expect(chat.get_by_text("ada wifi ga kak?")).to_have_count(1)
    await expect(chat.locator("#chat-rows [data-id]")).to_have_count(2, timeout=15_000)
    await page.screenshot(path=PICTURES / f"widget-{width}.png")
    await chat.get_by_role("button", name="Tutup").click()
    await expect(page.locator("iframe")).to_be_hidden()
    if not keeps:
        return
    await page.reload()
    await page.get_by_role("button", name="Buka chat").click()
    await expect(chat.get_by_text("ada wifi ga kak?")).to_have_count(1)
