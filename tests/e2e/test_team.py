"""Somebody is asked into a team, joins through the link in the mail, and sees what a viewer may."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.test_story import code_of, sign_up, window
from tests.serving.processes import Served

pytestmark = pytest.mark.e2e

RINA = "rina@cerita.example"


async def link_in(page: Page, served: Served) -> str:
    mailbox = await page.context.new_page()
    await mailbox.goto(f"{served.url}/mailbox")
    mail = mailbox.locator("li").filter(has_text=RINA).filter(has_text="mengundangmu").first
    await mail.get_by_text("Baca").click()
    found = re.search(r"/invite#[\w-]+", await mail.inner_text())
    assert found
    await mailbox.close()
    return found[0]


async def test_an_invitation_from_sending_to_working(chromium: Browser, served: Served):
    owner = await window(chromium, 1440)
    await sign_up(owner, served, "pemilik@tim.example")
    await owner.goto(f"{served.url}/settings/team")
    await owner.get_by_role("button", name="Undang orang").click()
    dialog = owner.get_by_role("dialog")
    await dialog.get_by_label("E-mail").fill(RINA)
    await dialog.get_by_text("Pengamat", exact=True).click()
    await dialog.get_by_role("button", name="Kirim undangan").click()
    await expect(owner.get_by_text("Email terkirim")).to_be_visible()

    link = await link_in(owner, served)
    await owner.goto(f"{served.url}{link}")
    await expect(owner.get_by_text("Undangan ini untuk orang lain")).to_be_visible()

    rina = await window(chromium, 390)
    await rina.goto(f"{served.url}{link}")
    await rina.get_by_label("Namamu").fill("Rina")
    await rina.get_by_label("Buat kata sandi", exact=True).fill("tiga kata rahasia")
    await rina.get_by_role("button", name="Kirim kode ke emailku").click()
    await expect(rina.get_by_text("Cek e-mailmu")).to_be_visible()
    code = await code_of(rina, served, RINA)
    await rina.get_by_role("textbox").first.press_sequentially(code)
    await rina.wait_for_url(re.compile(r"/inbox"))
    await expect(rina.get_by_role("link", name="Pengaturan")).to_be_visible()
    await expect(rina.get_by_role("link", name="Pengetahuan")).to_be_hidden()
    await rina.goto(f"{served.url}/knowledge")
    await expect(rina.get_by_text("Halaman ini bukan untuk peranmu")).to_be_visible()

    await owner.goto(f"{served.url}/settings/audit")
    await expect(owner.get_by_text("Bergabung ke tim").last).to_be_visible()
