"""A customer in Chromium while the network goes, the server dies, and tabs multiply."""

import asyncio
import base64
import signal
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import PICTURES
from tests.serving.processes import Served, run

pytestmark = pytest.mark.e2e

SHOP = "kopi-senandika"
SENT = "#chat-rows > [data-author=contact]"
ANSWERS = "#chat-rows > [data-author=ai]"
WAITING = "#chat-pending > *"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module", autouse=True)
def _shop(served: Served) -> None:
    run("seed", data_dir=served.output.parent)


@pytest.fixture
async def phone(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(20_000)
    yield context
    await context.close()


async def open_chat(context: BrowserContext, served: Served) -> Page:
    page = await context.new_page()
    await page.goto(f"{served.url}/c/{SHOP}")
    await expect(page.get_by_text("Awal obrolanmu")).to_be_visible()
    return page


async def say(page: Page, text: str) -> None:
    await page.locator("#chat-text").fill(text)
    await page.locator("#chat-send").click()


def bubble(page: Page, text: str):
    return page.locator(SENT).filter(has_text=text)


async def test_what_is_written_without_a_network_arrives_once(
    phone: BrowserContext, served: Served
):
    page = await open_chat(phone, served)
    await say(page, "pesan nol")
    await expect(bubble(page, "pesan nol")).to_have_count(1)
    await phone.set_offline(True)
    for number in ("satu", "dua", "tiga"):
        await say(page, f"pesan {number}")
    await expect(page.get_by_text("Kamu sedang offline")).to_be_visible()
    await expect(page.locator(WAITING)).to_have_count(3)
    await page.screenshot(path=PICTURES / "chat-390-offline.png")
    await phone.set_offline(False)
    await expect(page.locator(WAITING)).to_have_count(0)
    for number in ("nol", "satu", "dua", "tiga"):
        await expect(bubble(page, f"pesan {number}")).to_have_count(1)
    order = " ".join(await page.locator(SENT).all_inner_texts())
    assert order.index("satu") < order.index("dua") < order.index("tiga")


async def test_what_is_answered_while_the_network_is_gone_is_there_afterwards(
    phone: BrowserContext, served: Served
):
    page = await open_chat(phone, served)
    await say(page, "buka jam berapa?")
    await expect(bubble(page, "buka jam berapa?")).to_have_count(1)
    await phone.set_offline(True)
    await page.wait_for_timeout(6_000)
    await phone.set_offline(False)
    await expect(page.locator(ANSWERS)).to_have_count(1)
    await expect(page.locator("[data-draft]")).to_have_count(0)
    await page.reload()
    await expect(page.locator(ANSWERS)).to_have_count(1)


async def test_an_acknowledgement_that_is_lost_makes_no_double(
    phone: BrowserContext, served: Served
):
    page = await open_chat(phone, served)
    lost = 0

    async def lose(route):
        nonlocal lost
        lost += 1
        if lost > 2:
            return await route.continue_()
        await route.fetch()  # the server stores it
        return await route.abort()  # and the browser never hears of it

    await page.route("**/messages", lose)
    await say(page, "hilang di jalan")
    await expect(bubble(page, "hilang di jalan")).to_have_count(1)
    await expect(page.locator(WAITING)).to_have_count(0)
    await page.reload()
    await expect(bubble(page, "hilang di jalan")).to_have_count(1)


async def test_the_server_is_killed_and_comes_back(
    phone: BrowserContext, tmp_path_factory: pytest.TempPathFactory
):
    """What was written meanwhile arrives once, and so does what was answered meanwhile."""
    data_dir = tmp_path_factory.mktemp("killed")
    quick = {"CHATRIGO_QUIET_SECONDS": "0"}
    run("seed", data_dir=data_dir)
    first = Served(data_dir, **quick)
    page = await open_chat(phone, first)
    await say(page, "sebelum mati")
    await expect(page.locator(ANSWERS)).to_have_count(1)
    first.stop(signal.SIGKILL)
    await say(page, "waktu mati")
    await expect(page.locator(WAITING)).to_have_count(1)
    await page.wait_for_timeout(1_500)
    again = Served(data_dir, first.port, **quick)
    try:
        await expect(page.locator(WAITING)).to_have_count(0)
        await expect(bubble(page, "sebelum mati")).to_have_count(1)
        await expect(bubble(page, "waktu mati")).to_have_count(1)
        await say(page, "sesudah hidup")
        await expect(bubble(page, "sesudah hidup")).to_have_count(1)
        await page.reload()
        await expect(page.locator(SENT)).to_have_count(3)
    finally:
        again.stop()


async def test_tabs_share_one_outbox_and_one_conversation(phone: BrowserContext, served: Served):
    one, other = await open_chat(phone, served), await open_chat(phone, served)
    posts = []
    for page in (one, other):
        page.on("request", lambda r: posts.append(r.url) if r.url.endswith("/messages") else None)
    await phone.set_offline(True)
    await say(one, "dari tab satu")
    await say(other, "dari tab dua")
    await expect(one.locator(WAITING)).to_have_count(2)
    posts.clear()
    await phone.set_offline(False)
    for page in (one, other):
        await expect(bubble(page, "dari tab satu")).to_have_count(1)
        await expect(bubble(page, "dari tab dua")).to_have_count(1)
        await expect(page.locator(WAITING)).to_have_count(0)
    assert len(posts) <= 4


async def test_other_browsers_see_nothing(chromium: Browser, phone: BrowserContext, served: Served):
    page = await open_chat(phone, served)
    stranger = await open_chat(await chromium.new_context(), served)
    await say(page, "rahasia dapur")
    await expect(bubble(page, "rahasia dapur")).to_have_count(1)
    await stranger.wait_for_timeout(1_000)
    assert "rahasia dapur" not in await stranger.content()
    await stranger.context.close()


async def test_too_many_at_once_wait_and_none_is_lost(phone: BrowserContext, served: Served):
    page = await open_chat(phone, served)
    for number in range(24):
        await say(page, f"nomor-{number:02}")
    await expect(page.get_by_text("Menunggu sebentar…").first).to_be_visible()
    await page.screenshot(path=PICTURES / "chat-390-queued.png")
    await expect(page.locator(WAITING)).to_have_count(0, timeout=40_000)
    for number in range(24):
        await expect(bubble(page, f"nomor-{number:02}")).to_have_count(1)


async def test_text_that_looks_like_something_else_is_text(phone: BrowserContext, served: Served):
    page = await open_chat(phone, served)
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))
    nasty = "<img src=x onerror=alert(1)> <b>tebal</b> '; DROP TABLE message; --"
    await say(page, nasty)
    await expect(bubble(page, nasty)).to_have_count(1)
    await say(page, "مرحبا، هل عندكم قهوة؟")
    await expect(bubble(page, "مرحبا").locator("[dir=auto]")).to_have_css("direction", "rtl")
    assert not dialogs
    assert await page.locator(f"{SENT} b").count() == 0


async def test_nothing_and_too_much_are_not_sent(phone: BrowserContext, served: Served):
    page = await open_chat(phone, served)
    await say(page, "   ")
    await expect(page.locator(WAITING)).to_have_count(0)
    await say(page, "x" * 10_000)
    await expect(page.get_by_text("Terlalu panjang: 10000 dari 4000 karakter")).to_be_visible()
    assert await page.locator("#chat-text").input_value() == "x" * 10_000
    assert await page.locator(SENT).count() == 0


async def test_a_refused_message_says_why_and_can_be_deleted(phone: BrowserContext, served: Served):
    page = await open_chat(phone, served)

    async def refuse(route):
        await route.fulfill(status=422, json={"error": "x", "message": "Pesannya ditolak."})

    await page.route("**/messages", refuse)
    await say(page, "yang ditolak")
    await expect(page.get_by_text("Pesannya ditolak.")).to_be_visible()
    await page.screenshot(path=PICTURES / "chat-390-refused.png")
    await page.unroute("**/messages")
    await page.get_by_role("button", name="Coba lagi").click()
    await expect(bubble(page, "yang ditolak")).to_have_count(1)
    await page.route("**/messages", refuse)
    await say(page, "yang dihapus")
    await page.get_by_role("button", name="Hapus").click()
    await expect(page.locator(WAITING)).to_have_count(0)


async def test_a_picture_is_chosen_shown_and_sent(phone: BrowserContext, served: Served):
    page = await open_chat(phone, served)
    chooser = page.locator("#chat-file")
    await chooser.set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"no"})
    await expect(page.get_by_text("bukan gambar yang bisa kami baca")).to_be_visible()
    await chooser.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
    await expect(page.locator("#chat-preview")).to_be_visible()
    await page.get_by_role("button", name="Batalkan gambar").click()
    await expect(page.locator("#chat-preview")).to_be_hidden()
    await chooser.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
    await say(page, "ini fotonya")
    row = bubble(page, "ini fotonya")
    await expect(row.locator("img")).to_have_count(1)
    source = await row.locator("img").get_attribute("src")
    assert (await page.request.get(f"{served.url}{source}")).status == 200
    await expect(page.locator(WAITING)).to_have_count(0)


async def test_the_reader_who_went_up_is_left_there(phone: BrowserContext, served: Served):
    page = await open_chat(phone, served)
    for number in range(8):
        await say(page, f"baris {number}\n.\n.\n.\n.")
        await expect(bubble(page, f"baris {number}")).to_have_count(1)
    scroller = page.locator("#chat-scroll")
    await scroller.evaluate("e => { e.scrollTop = 0 }")
    key = await page.evaluate("localStorage.getItem('chatrigo_visitor_key')")
    await asyncio.to_thread(
        httpx.post,
        f"{served.url}/chat/{SHOP}/messages",
        json={"visitor": key, "id": "from-elsewhere", "text": "buka jam berapa?"},
    )
    # The assistant waits for the end of so many fragments.
    await expect(page.get_by_role("button", name="Pesan baru")).to_be_visible(timeout=30_000)
    assert await scroller.evaluate("e => e.scrollTop") < 50
    await page.get_by_role("button", name="Pesan baru").click()
    await expect(page.get_by_role("button", name="Pesan baru")).to_be_hidden()
    at_end = "e => e.scrollHeight - e.scrollTop - e.clientHeight < 60"
    assert await scroller.evaluate(at_end)


async def test_english(phone: BrowserContext, served: Served):
    page = await phone.new_page()
    await page.goto(f"{served.url}/c/{SHOP}?lang=en")
    await expect(page.get_by_placeholder("Write a message…")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.goto(f"{served.url}/c/no-such-shop?lang=en")
    await expect(page.get_by_text("We could not find that shop")).to_be_visible()
