"""An owner adds a product; a customer asks its price and hears it, and the new one after a change."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.test_story import picture, sign_up, window
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e

WIDTH = 390


async def test_the_price_in_the_answer_is_the_price_in_the_catalogue(
    chromium: Browser, served: Served
):
    owner = await window(chromium, WIDTH)
    await sign_up(owner, served, "pemilik@katalog.example")
    await owner.goto(f"{served.url}/catalogue")
    await owner.get_by_role("button", name="Produk baru").click()
    await owner.get_by_label("Nama produk").fill("Kopi Aren Botol")
    await owner.get_by_label("Harga (Rp)").fill("23.500")
    await owner.get_by_label("Stok").fill("12")
    await owner.get_by_role("button", name="Simpan", exact=True).click()
    await expect(owner.get_by_role("dialog")).to_be_hidden()
    await expect(owner.get_by_text("Rp23.500")).to_be_visible()
    await picture(owner, "catalogue", WIDTH)

    customer = await window(chromium, WIDTH)
    await customer.goto(f"{served.url}/c/{await slug_of(owner, served)}")
    await ask(customer, "kak harga kopi aren botol brp?")
    await expect(customer.get_by_text("Kopi Aren Botol: Rp23.500.")).to_be_visible()

    await owner.get_by_role("button", name="Kopi Aren Botol").first.click()
    await owner.get_by_label("Harga (Rp)").fill("25rb")
    await owner.get_by_label("Stok").fill("0")
    await owner.get_by_role("button", name="Simpan", exact=True).click()
    await expect(owner.get_by_text("Stok habis", exact=True)).to_be_visible()
    await ask(customer, "harga kopi aren botol sekarang brp kak?")
    await expect(customer.get_by_text("Kopi Aren Botol: Rp25.000 (stok habis).")).to_be_visible()
    await picture(customer, "priced", WIDTH)


async def ask(customer: Page, question: str) -> None:
    await customer.get_by_placeholder("Tulis pesan…").fill(question)
    await customer.locator("#chat-send").click()


async def slug_of(owner: Page, served: Served) -> str:
    """The address of the chat page, as the settings show it."""
    settings = await owner.context.new_page()
    await settings.goto(f"{served.url}/inbox")
    link = settings.locator("a[href^='/c/']").first
    await expect(link).to_be_visible()
    href = await link.get_attribute("href")
    await settings.close()
    assert href
    return href.removeprefix("/c/").strip("/")
