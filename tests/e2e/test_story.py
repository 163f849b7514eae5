"""A stranger signs up, teaches two facts, is asked in slang, watches, takes over and answers."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.conftest import PICTURES
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e

SIZES = {390: 844, 1440: 900}
FACTS = {
    "Buka jam berapa?": "Kami buka tiap hari jam 08.00 sampai 22.00.",
    "Berapa ongkir ke Bandung?": "Ongkir dalam kota Bandung Rp12.000, sampai hari itu juga.",
}


async def window(chromium: Browser, width: int) -> Page:
    context = await chromium.new_context(viewport={"width": width, "height": SIZES[width]})
    context.set_default_timeout(15_000)
    return await context.new_page()


async def picture(page: Page, name: str, width: int) -> None:
    await page.screenshot(path=PICTURES / f"story-{width}-{name}.png")


async def sign_up(page: Page, served: Served, email: str) -> None:
    await page.goto(f"{served.url}/sign-up")
    await page.get_by_label("Nama usaha").fill("Kopi Cerita")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Kata sandi", exact=True).fill("tiga kata rahasia")
    await page.get_by_role("button", name="Kirim kode ke e-mail").click()
    boxes = page.get_by_role("textbox").first
    await expect(page.get_by_text("Cek e-mailmu")).to_be_visible()
    await boxes.press_sequentially(await code_of(page, served, email))
    await page.wait_for_url(re.compile(r"/inbox"))


async def code_of(page: Page, served: Served, email: str) -> str:
    mailbox = await page.context.new_page()
    await mailbox.goto(f"{served.url}/mailbox")
    mail = mailbox.locator("li, article").filter(has_text=email).first
    await expect(mail).to_be_visible()
    found = re.search(r"\b(\d{6})\b", await mail.inner_text())
    assert found
    await mailbox.close()
    return found[1]


async def teach(page: Page, served: Served) -> None:
    await page.goto(f"{served.url}/knowledge")
    for question, answer in FACTS.items():
        await page.get_by_role("button", name="Tanya jawab", exact=True).first.click()
        await page.get_by_label("Pertanyaan pelanggan").fill(question)
        await page.get_by_label("Jawaban", exact=True).fill(answer)
        await page.get_by_role("button", name="Simpan", exact=True).click()
        await expect(page.get_by_text(question).first).to_be_visible()
        await expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("width", SIZES)
async def test_from_sign_up_to_a_persons_answer(width: int, chromium: Browser, served: Served):
    owner = await window(chromium, width)
    await sign_up(owner, served, f"pemilik{width}@cerita.example")
    await picture(owner, "empty-inbox", width)
    await teach(owner, served)
    await picture(owner, "knowledge", width)
    await owner.goto(f"{served.url}/inbox")

    slug = "kopi-cerita" if width == 390 else "kopi-cerita-2"
    customer = await window(chromium, width)
    await customer.goto(f"{served.url}/c/{slug}")
    await customer.get_by_placeholder("Tulis pesan…").fill("kak brp ongkir ke bandung?")
    await customer.locator("#chat-send").click()
    draft = customer.get_by_text(
        re.compile(r"Ongkir dalam kota(?! Bandung Rp12\.000, sampai hari)")
    )
    await expect(draft).to_be_visible()
    await expect(customer.get_by_text(FACTS["Berapa ongkir ke Bandung?"])).to_be_visible()
    await picture(customer, "answered", width)

    # The owner's inbox was open all the time and has not been loaded again.
    row = owner.get_by_text("Ongkir dalam kota Bandung").first
    await expect(row).to_be_visible()
    await picture(owner, "live-inbox", width)
    await row.click()
    await expect(owner.get_by_text("kak brp ongkir ke bandung?").last).to_be_visible()
    await owner.get_by_role("button", name="Ambil alih").first.click()
    await owner.locator("#composer-text").fill("Halo kak, ini Ana dari toko. Mau dikirim ke mana?")
    await owner.get_by_role("button", name="Kirim", exact=True).click()
    answered = customer.get_by_text("Halo kak, ini Ana dari toko. Mau dikirim ke mana?")
    await expect(answered).to_be_visible()
    await picture(customer, "person", width)
    await picture(owner, "thread", width)

    # With a person on it, the assistant keeps quiet; history is there on return.
    await customer.get_by_placeholder("Tulis pesan…").fill("buka jam brp?")
    await customer.locator("#chat-send").click()
    await expect(owner.get_by_text("buka jam brp?").last).to_be_visible()
    await customer.wait_for_timeout(1_500)
    await expect(customer.get_by_text("Kami buka tiap hari")).to_have_count(0)
    await customer.reload()
    await expect(customer.get_by_text("kak brp ongkir ke bandung?")).to_have_count(1)
    await expect(answered).to_have_count(1)
