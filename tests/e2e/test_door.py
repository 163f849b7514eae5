"""Somebody forgets their password, chooses a new one, and trusts the browser they did it in."""

import re
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Error, Page, expect

from tests.e2e.conftest import PICTURES
from tests.e2e.test_story import code_of, sign_up, window
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e

NEW = "hujan turun di kota baru"


async def sign_out(page: Page) -> None:
    await page.evaluate("fetch('/auth/leave', {method: 'POST'})")
    # The page goes to the door by itself once its socket is closed: not in the middle of our way.
    with suppress(Error):
        await page.wait_for_url("**/sign-in**", timeout=4000)
    await page.goto("about:blank")


async def to_the_password(page: Page, served: Served, email: str) -> None:
    await page.goto(f"{served.url}/sign-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Lanjut").click()
    await expect(page.get_by_label("Kata sandi", exact=True)).to_be_focused()


async def give_password(page: Page, password: str) -> None:
    await page.get_by_label("Kata sandi", exact=True).fill(password)
    await page.get_by_role("button", name="Masuk", exact=True).click()


async def type_code(page: Page, served: Served, email: str) -> None:
    await expect(page.get_by_role("heading", name="Cek e-mailmu")).to_be_visible()
    await page.get_by_role("textbox").first.press_sequentially(await code_of(page, served, email))


@pytest.mark.parametrize("width", [390, 1440])
async def test_forgets_the_password_and_trusts_the_device(
    width: int, chromium: Browser, served: Served
):
    page, email = await window(chromium, width), f"lupa{width}@cerita.example"
    await sign_up(page, served, email)
    await sign_out(page)

    await to_the_password(page, served, email)
    await give_password(page, "bukan kata sandinya")
    await expect(page.get_by_text("tidak cocok")).to_be_visible()
    await page.get_by_role("link", name="Lupa kata sandi?").click()
    await expect(page.get_by_label("E-mail")).to_have_value(email)
    await page.get_by_role("button", name="Kirim kode").click()
    await type_code(page, served, email)
    await page.get_by_label("Kata sandi baru").fill("Cerita2026!")
    await page.get_by_role("button", name="Simpan dan masuk").click()
    await expect(page.get_by_text("gampang ditebak")).to_be_visible()
    await page.screenshot(path=PICTURES / f"door-{width}-new-password.png")
    await page.get_by_label("Kata sandi baru").fill(NEW)
    await page.get_by_role("button", name="Simpan dan masuk").click()
    await page.wait_for_url(re.compile(r"/inbox"))
    await sign_out(page)

    await to_the_password(page, served, email)
    await give_password(page, NEW)
    await expect(page.get_by_role("heading", name="Cek e-mailmu")).to_be_visible()
    await page.get_by_text("Percayai perangkat ini").click()
    await page.screenshot(path=PICTURES / f"door-{width}-trust.png")
    await type_code(page, served, email)
    await page.wait_for_url(re.compile(r"/inbox"))
    await sign_out(page)

    await to_the_password(page, served, email)
    await give_password(page, NEW)
    await page.wait_for_url(re.compile(r"/inbox"))
